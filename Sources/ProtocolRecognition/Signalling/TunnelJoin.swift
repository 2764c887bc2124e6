// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// One of the two connections of RTSP through HTTP: GET carries answers and media, POST the
/// requests, and a cookie of the client's choice joins them (camera-protocols.md A4).
struct TunnelHalf: Sendable {
  var flow: UInt32
  /// A hash of the cookie; the cookie itself opens the session and is not kept.
  var cookie: UInt64
  /// Whether this is the connection with the requests.
  var isRequests: Bool
}

extension RecognitionContext {
  /// Notes that the current flow is half of an RTSP tunnel.
  mutating func noteTunnel(
    _ bytes: Span<UInt8>, _ cookie: Range<Int>, isRequests: Bool, _ chunk: Chunk
  ) {
    guard !cookie.isEmpty, tunnels.last?.flow != flow else { return }
    guard bounded(tunnels.count, limits.tunnels, .tunnels) else { return }
    // FNV-1a; equal cookies are all that is asked for.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for index in cookie { hash = (hash ^ UInt64(bytes[index])) &* 0x100_0000_01B3 }
    tunnels.append(TunnelHalf(flow: flow, cookie: hash, isRequests: isRequests))
  }
}

/// Gives the connection with the media of an RTSP tunnel what the requests told.
enum TunnelJoin {
  /// Joins the halves of one shard; both have the same two addresses and so the same shard.
  ///
  /// - Parameters:
  ///   - result: The shard's result.
  ///   - flows: Index of the result of each flow.
  ///   - endpoints: The endpoints of a flow of the shard.
  static func join(
    _ result: inout RecognitionResult, _ flows: [UInt32: Int],
    endpoints: (UInt32) -> FlowEndpoints
  ) {
    guard !result.tunnels.isEmpty else { return }
    var media: [UInt64: UInt32] = [:]
    for half in result.tunnels where !half.isRequests { media[half.cookie] = half.flow }
    for half in result.tunnels where half.isRequests {
      guard let flow = media[half.cookie], let target = flows[flow], let source = flows[half.flow]
      else { continue }
      let ends = endpoints(flow)
      let others = endpoints(half.flow)
      guard ends.originatorAddress == others.originatorAddress,
        ends.responderAddress == others.responderAddress
      else { continue }
      let requests = result.flows[source]
      if result.flows[target].intent == nil { result.flows[target].intent = requests.intent }
      if result.flows[target].storedFootage == nil, let packet = requests.storedFootage {
        result.flows[target].storedFootage = packet
      }
      var details = result.flows[target].details
      for fact in requests.details
      where details.count < RecognitionContext.maximumDetails
        && !details.contains(where: { $0.kind == fact.kind && $0.text == fact.text })
      {
        details.append(fact)
      }
      result.flows[target].details = details
    }
  }
}
