// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
package import ProtocolRecognition

/// Finds the flows that tell more of their ends than sums do, so that only these are read in whole
/// and given to ``InventoryBuilder/add(_:_:asking:originator:responder:)``.
///
/// Feed the flows of one shard after another in order. What was told before in a shard is not found
/// again, as far as a small table remembers it: only the first of each shard matters to what is kept
/// in order of flows.
package struct TellingFlows: Sendable {
  /// What is told, apart from the host.
  private enum Told: UInt64 {
    case cloud, peerProtocol, dialled, answered, answeredPort
  }

  private struct Key: Equatable, BitwiseCopyable {
    var host = UInt64.max
    var what: UInt64 = 0
    var service: Service?
  }

  private static let slots = 1 << 10

  private var recent = [Key](repeating: Key(), count: Self.slots)
  private let ports = CameraPorts.shared

  /// Nothing was told yet.
  package init() {}

  /// Whether a flow tells something that is not known to have been told in its shard before.
  ///
  /// - Parameters:
  ///   - flow: The flow.
  ///   - recognition: What was recognised of it.
  ///   - name: What the server's name says of who asks for it.
  ///   - originator: Index of the host at the end, `nil` where there is none.
  ///   - responder: The same of the other end.
  ///   - isResponderInside: Whether the responder is of the inside, even if it is no host.
  /// - Returns: `true` where the flow has to be read.
  package mutating func tells(
    _ flow: FlowGlance, _ recognition: RecognitionBrief, asking name: CameraDomains.Meaning,
    originator: Int?, responder: Int?, isResponderInside: Bool
  ) -> Bool {
    let service = recognition.service
    let endpoints = flow.endpoints
    let port = UInt64(endpoints.responderPort)
    var isTelling = false
    func note(_ told: Told, _ value: UInt64, _ service: Service? = nil, of host: Int) {
      let key = Key(
        host: UInt64(UInt32(truncatingIfNeeded: host)) << 32 | UInt64(flow.place.shard),
        what: told.rawValue << 56 | value, service: service)
      let slot =
        Int(
          truncatingIfNeeded: (key.host ^ key.what &<< 24 ^ key.what)
            .multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15).high) & (Self.slots - 1)
      guard recent[slot] != key else { return }
      recent[slot] = key
      isTelling = true
    }
    if let originator {
      if service == .rtsp { isTelling = true }
      if case .cloud(let place) = name { note(.cloud, UInt64(place), of: originator) }
      if service == .pppp || service == .tutk {
        note(.peerProtocol, 0, service, of: originator)
      }
      if !isResponderInside, flow.responder.packets > 0,
        ports.isKnown(
          endpoints.responderPort, protocolNumber: endpoints.protocolNumber, isListening: false)
      {
        note(.dialled, UInt64(endpoints.protocolNumber) << 16 | port, of: originator)
      }
    }
    if let responder, flow.responder.payloadBytes > 0 {
      if service != nil { note(.answered, port, service, of: responder) }
      if ports.isKnown(
        endpoints.responderPort, protocolNumber: endpoints.protocolNumber, isListening: true)
      {
        note(.answeredPort, UInt64(endpoints.protocolNumber) << 16 | port, of: responder)
      }
    }
    return isTelling
  }
}
