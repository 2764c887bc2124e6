// SPDX-License-Identifier: Apache-2.0

/// What a capture is made of; the figures are those of reference/performance.md section 1.
struct Mixture {
  enum Name: String {
    case big
    case small
    /// A recorder that takes all of its streams from one camera: one address pair carries nine of
    /// ten packets.
    case pair
  }

  /// Kinds of ordinary flows.
  enum Kind: Int {
    case shortTLS
    case upload
    case download
    case http
    case dns
  }

  var name: Name
  /// Ordinary flows: all but media and its signalling.
  var flows: Int
  /// RTP streams: video in `big` and `pair`, telephone calls of two streams each in `small`.
  var streams: Int
  var packetsPerStream: Int
  /// Microseconds.
  var duration: UInt64
  /// Of a million flows, how many are of each kind but DNS, which is the rest.
  private var shares: [(kind: Kind, partsPerMillion: Int)]

  /// First packet: 2026-03-02 08:00:00 UTC.
  static let start: UInt64 = 1_772_438_400_000_000
  static let vlanPartsPerMillion = 105_000
  /// Every sixth stream, site and DNS flow speaks IPv6.
  static let ipv6Period = 6
  static let vlanPeriod = 10
  private static let minimumDuration = 30.0

  /// A mixture at `scale` (1 is the full size; everything shrinks alike).
  ///
  /// With another count of ordinary flows, the share of those with many packets changes so that
  /// the count of packets stays about the same.
  init(_ name: Name, scale: Double, flows requestedFlows: Int?) {
    self.name = name
    let fullFlows: Int
    let fullStreams: Int
    let streamPackets: Double
    let packetsPerSecond: Double
    let meanPacketsPerFlow: Double
    switch name {
    case .big:
      fullFlows = 199_950
      fullStreams = 60
      streamPackets = 675_440
      packetsPerSecond = 110
      meanPacketsPerFlow = 8.5
      shares = [(.shortTLS, 110_000), (.upload, 1_280), (.download, 2_000), (.http, 100_000)]
    case .small:
      fullFlows = 600_000
      fullStreams = 300
      streamPackets = 1_800_000
      packetsPerSecond = 50
      meanPacketsPerFlow = 6.8
      shares = [(.shortTLS, 40_000), (.upload, 0), (.download, 0), (.http, 505_000)]
    case .pair:
      fullFlows = 14_000
      fullStreams = 12
      streamPackets = 1_080_000
      packetsPerSecond = 110
      meanPacketsPerFlow = 8.5
      shares = [(.shortTLS, 110_000), (.upload, 1_280), (.download, 2_000), (.http, 100_000)]
    }
    let scaledFlows = max(Int((Double(fullFlows) * scale).rounded()), 10)
    flows = requestedFlows ?? scaledFlows
    // Even, as each telephone call has two.
    streams = max(Int((Double(fullStreams) * scale / 2).rounded(.up)) * 2, 6)
    packetsPerStream = max(Int(streamPackets * scale / Double(streams)), 200)
    let streamSeconds = Double(packetsPerStream) / packetsPerSecond
    duration = UInt64(
      max(max(300 * scale, streamSeconds * 1.4), Self.minimumDuration) * 1_000_000)
    if flows != scaledFlows {
      // A DNS flow has two packets; what is above comes from the other kinds.
      let mean = meanPacketsPerFlow * Double(scaledFlows) / Double(flows)
      let factor = max((mean - 2) / (meanPacketsPerFlow - 2), 0)
      let sum = Double(shares.reduce(0) { $0 + $1.partsPerMillion })
      let limited = min(factor, 1_000_000 / sum)
      for index in shares.indices {
        shares[index].partsPerMillion = Int(Double(shares[index].partsPerMillion) * limited)
      }
    }
  }

  func kind(_ random: inout SplitMix64) -> Kind {
    var value = random.below(1_000_000)
    for share in shares {
      if value < share.partsPerMillion { return share.kind }
      value -= share.partsPerMillion
    }
    return .dns
  }
}
