// SPDX-License-Identifier: Apache-2.0

/// One question and its answer, [RFC 1035](https://www.rfc-editor.org/rfc/rfc1035).
final class DNSLookup: Conversation {
  /// Share of questions that stay without answer.
  private static let unansweredPartsPerMillion = 5_000

  private let flow: Flow
  private let site: Int
  private let identifier: UInt16
  private var isAsked = false

  init(flow: Flow, site: Int, random: inout SplitMix64) {
    self.flow = flow
    self.site = site
    identifier = UInt16(truncatingIfNeeded: random.next())
  }

  func step(at time: UInt64, _ network: Network) throws(FileError) -> UInt64? {
    let frame = network.frame
    let isIPv6 = AddressPlan.siteIsIPv6(site)
    let type: UInt16 = isIPv6 ? 28 : 1
    let isAlias = site % 5 == 0
    frame.beginUDP(flow, isAsked ? .fromResponder : .fromOriginator)
    frame.append16(identifier)
    frame.append16(isAsked ? 0x8180 : 0x0100)
    frame.append16(1)
    frame.append16(isAsked ? (isAlias ? 2 : 1) : 0)
    frame.append32(0)
    append(AddressPlan.name(ofSite: site), to: frame)
    frame.append16(type)
    frame.append16(1)
    guard isAsked else {
      isAsked = true
      try network.send(flow, at: time)
      if network.random.chance(partsPerMillion: Self.unansweredPartsPerMillion) { return nil }
      return time + UInt64(network.random.within(400...30_000))
    }
    var owner: UInt16 = 0xC00C
    if isAlias {
      let alias = "edge-\(site).cdn.example"
      frame.append16(owner)
      frame.append16(5)
      frame.append16(1)
      frame.append32(600)
      frame.append16(UInt16(alias.utf8.count + 2))
      owner = 0xC000 | UInt16(frame.payloadLength)
      append(alias, to: frame)
    }
    let server = AddressPlan.server(ofSite: site, port: 443).address
    frame.append16(owner)
    frame.append16(type)
    frame.append16(1)
    frame.append32(300)
    if isIPv6 {
      frame.append16(16)
      frame.append64(server.high)
      frame.append64(server.low)
    } else {
      frame.append16(4)
      frame.append32(UInt32(truncatingIfNeeded: server.low))
    }
    try network.send(flow, at: time)
    return nil
  }

  private func append(_ name: String, to frame: FrameBuilder) {
    for label in name.utf8.split(separator: UInt8(ascii: ".")) {
      frame.append(UInt8(label.count))
      for byte in label { frame.append(byte) }
    }
    frame.append(0)
  }
}
