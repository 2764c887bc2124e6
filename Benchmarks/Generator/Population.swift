// SPDX-License-Identifier: Apache-2.0

/// Starts ordinary flows one after another, evenly over the time of the capture, so that only
/// those that are open take memory.
final class Population: Conversation {
  private let mixture: Mixture
  private var started = 0

  init(mixture: Mixture) {
    self.mixture = mixture
  }

  func step(at time: UInt64, _ network: Network) -> UInt64? {
    guard started < mixture.flows else { return nil }
    network.scheduler.add(makeFlow(started, &network.random), at: time)
    started += 1
    guard started < mixture.flows else { return nil }
    let share = Double(mixture.duration) * 0.97 / Double(mixture.flows)
    return max(Mixture.start + UInt64(Double(started) * share), time)
  }

  private func makeFlow(_ index: Int, _ random: inout SplitMix64) -> any Conversation {
    let kind = mixture.kind(&random)
    // Squaring makes low numbers, the well-known sites, more frequent.
    let draw = random.below(1 << 20)
    let site = draw * draw / (1 << 20) * AddressPlan.siteCount / (1 << 20)
    let vlan: UInt16 =
      random.chance(partsPerMillion: Mixture.vlanPartsPerMillion)
      ? UInt16(10 + random.below(20)) : 0
    if kind == .dns {
      let isIPv6 = random.below(Mixture.ipv6Period) == 0
      let flow = Flow(
        service: .dns, isTCP: false, originator: AddressPlan.client(index, isIPv6: isIPv6),
        responder: AddressPlan.resolver(isIPv6: isIPv6), vlan: vlan, random: &random)
      return DNSLookup(flow: flow, site: site, random: &random)
    }
    let flow = Flow(
      service: kind == .http ? .http : .tls, isTCP: true,
      originator: AddressPlan.client(index, isIPv6: AddressPlan.siteIsIPv6(site)),
      responder: AddressPlan.server(ofSite: site, port: kind == .http ? 80 : 443), vlan: vlan,
      random: &random)
    let roundTrip = random.within(4_000...70_000)
    let name = AddressPlan.name(ofSite: site)
    let turns =
      kind == .http
      ? httpTurns(name, roundTrip, &random) : tlsTurns(kind, name, roundTrip, &random)
    return TCPConversation(
      flow: flow, turns: turns, roundTrip: roundTrip, segmentSpacing: random.within(120...900),
      random: &random)
  }

  private func httpTurns(
    _ name: String, _ roundTrip: Int, _ random: inout SplitMix64
  ) -> [TCPConversation.Turn] {
    let limit = mixture.name == .small ? 400 : 6_000
    let count = 60 + random.below(limit)
    let request =
      "GET /item/\(random.below(1_000_000)) HTTP/1.1\r\nHost: \(name)\r\n"
      + "User-Agent: generator/1.0\r\nAccept: */*\r\n\r\n"
    let head =
      "HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
      + "Content-Length: \(count)\r\n\r\n"
    var response = Array(head.utf8)
    response.reserveCapacity(response.count + count)
    for _ in 0..<count { response.append(UInt8(truncatingIfNeeded: random.next() >> 32)) }
    return [
      .init(sender: .fromOriginator, content: .bytes(Array(request.utf8)), delay: 90),
      .init(sender: .fromResponder, content: .bytes(response), delay: roundTrip),
    ]
  }

  private func tlsTurns(
    _ kind: Mixture.Kind, _ name: String, _ roundTrip: Int, _ random: inout SplitMix64
  ) -> [TCPConversation.Turn] {
    var turns = TLSHandshake.turns(serverName: name, roundTrip: roundTrip, random: &random)
    let up: Int
    let down: Int
    switch kind {
    case .upload:
      up = random.within(100_000...1_700_000)
      down = random.within(200...900)
    case .download:
      up = random.within(200...900)
      down = random.within(100_000...1_700_000)
    default:
      up = random.within(150...1_200)
      down = random.within(200...(mixture.name == .small ? 1_200 : 9_000))
    }
    turns.append(.init(sender: .fromOriginator, content: .records(up), delay: 300))
    turns.append(.init(sender: .fromResponder, content: .records(down), delay: roundTrip))
    return turns
  }
}
