// SPDX-License-Identifier: Apache-2.0

import LensTrace
import TestSupport
import Testing

/// Captures with records at any nanosecond, in the order of their times.
private struct Timeline {
  private var records: [(time: Int, interface: UInt32, frame: [UInt8])] = []

  mutating func add(_ frame: [UInt8], at time: Int, interface: UInt32 = 0) {
    records.append((time, interface, frame))
  }

  func capture(interfaces: Int = 1) -> [UInt8] {
    var builder = CaptureBuilder.pcapng()
    for _ in 0..<interfaces { builder.interface(options: [.resolution(9)]) }
    for record in records.sorted(by: { $0.time < $1.time }) {
      builder.enhancedPacket(
        interface: record.interface, ticks: UInt64(1_000_000_000_000 + record.time), record.frame)
    }
    return builder.bytes
  }
}

/// The same conversation on both sides of an address translator.
@Suite struct TranslationTests {
  private static let inside = "192.168.1.10"
  private static let outside = "198.51.100.2"
  private static let server = "203.0.113.9"
  private static let delay = 200_000

  private static func analysis(_ capture: [UInt8]) throws -> Analysis {
    let folder = try CaptureFolder()
    let path = try folder.write(capture, as: "a.pcapng")
    return try Analyzer().analyze(CaptureSet([path]))
  }

  /// A TCP connection of a client, from a port, that sends a request and gets `count` answers.
  private static func connection(
    _ timeline: inout Timeline, from client: String, port: Int, to server: String = server,
    initial: Int = 7_000, timeToLive: UInt8 = 64, answersTimeToLive: UInt8? = nil,
    shift: Int = 0, answers: Int = 6
  ) {
    func sent(_ layer: Packet.Layer, _ step: Int) {
      timeline.add(
        Packet.ethernet(Packet.ipv4(from: client, to: server, layer, timeToLive: timeToLive)),
        at: step * 10_000_000 + shift)
    }
    func received(_ layer: Packet.Layer, _ step: Int) {
      timeline.add(
        Packet.ethernet(
          Packet.ipv4(
            from: server, to: client, layer, timeToLive: answersTimeToLive ?? timeToLive)),
        at: step * 10_000_000 - shift + 2 * delay)
    }
    let request = Array("GET /live/stream.mp4?channel=1 HTTP/1.1\r\n\r\n".utf8)
    sent(Packet.tcp(from: port, to: 80, sequence: initial, flags: 2), 0)
    received(
      Packet.tcp(from: 80, to: port, sequence: 90_000, acknowledgment: initial + 1, flags: 0x12), 1)
    sent(
      Packet.tcp(
        from: port, to: 80, request, sequence: initial + 1, acknowledgment: 90_001), 2)
    for index in 0..<answers {
      received(
        Packet.tcp(
          from: 80, to: port, Packet.payload(900, seed: index), sequence: 90_001 + 900 * index,
          acknowledgment: initial + 1 + request.count), 3 + index)
    }
  }

  @Test("A connection through source translation is paired with its other side")
  func sourceTranslation() throws {
    var timeline = Timeline()
    Self.connection(&timeline, from: Self.inside, port: 40_000)
    Self.connection(
      &timeline, from: Self.outside, port: 61_000, timeToLive: 63, shift: Self.delay)
    let analysis = try Self.analysis(timeline.capture())
    #expect(analysis.flows.map(\.translatedFlow) == [2, 1])
    #expect(analysis.flows[0].originator.payloadBytes == analysis.flows[1].originator.payloadBytes)
    #expect(analysis.limitations.first { $0.id == "translated_flows" }?.count == 2)
  }

  @Test("A stream through destination translation is paired; its packets have lived for longer")
  func destinationTranslation() throws {
    for (timeToLive, expected) in [(UInt8(63), [2, 1] as [Int?]), (64, [nil, nil])] {
      var timeline = Timeline()
      for index in 0..<20 {
        let datagram = Packet.udp(from: 5_004, to: 6_004, Packet.payload(400, seed: index))
        timeline.add(
          Packet.ethernet(Packet.ipv4(from: Self.server, to: Self.outside, datagram)),
          at: index * 40_000_000)
        let forwarded = Packet.udp(from: 5_004, to: 5_555, Packet.payload(400, seed: index))
        timeline.add(
          Packet.ethernet(
            Packet.ipv4(
              from: Self.server, to: Self.inside, forwarded, timeToLive: timeToLive)),
          at: index * 40_000_000 + Self.delay)
      }
      let analysis = try Self.analysis(timeline.capture())
      #expect(analysis.flows.map(\.translatedFlow) == expected, "time to live \(timeToLive)")
    }
  }

  @Test("Behind two translators, every flow names the next one and the last the one before it")
  func twoInARow() throws {
    var timeline = Timeline()
    Self.connection(&timeline, from: Self.inside, port: 40_000)
    Self.connection(&timeline, from: "100.64.0.7", port: 51_000, timeToLive: 63, shift: 100_000)
    Self.connection(&timeline, from: Self.outside, port: 61_000, timeToLive: 62, shift: 150_000)
    let analysis = try Self.analysis(timeline.capture())
    #expect(analysis.flows.map(\.translatedFlow) == [2, 3, 2])
  }

  @Test("Five flows of one payload are nobody's conversation")
  func tooMany() throws {
    var timeline = Timeline()
    for number in 0..<5 {
      Self.connection(
        &timeline, from: "198.51.100.\(number + 2)", port: 61_000 + number,
        timeToLive: UInt8(64 - number), shift: number * 20_000)
    }
    #expect(
      try Self.analysis(timeline.capture()).flows.allSatisfy { $0.translatedFlow == nil })
  }

  @Test("A translator that exchanges both ends is seen by what it takes of the time to live")
  func bothEnds() throws {
    for (answers, expected) in [(UInt8(64), [2, 1] as [Int?]), (62, [nil, nil])] {
      var timeline = Timeline()
      Self.connection(
        &timeline, from: Self.inside, port: 40_000, to: "192.168.1.1", answersTimeToLive: 63)
      Self.connection(
        &timeline, from: Self.outside, port: 61_000, to: Self.server, timeToLive: 63,
        answersTimeToLive: answers, shift: Self.delay)
      let analysis = try Self.analysis(timeline.capture())
      #expect(analysis.flows.map(\.translatedFlow) == expected)
    }
  }

  @Test(
    "Like conversations are no pair: other sequence numbers, three of them, groups, other times")
  func notTranslated() throws {
    // The same request at the same time by two clients.
    var clients = Timeline()
    Self.connection(&clients, from: "192.168.1.10", port: 40_000)
    Self.connection(&clients, from: "192.168.1.11", port: 40_000, initial: 9_000, shift: 1_000)
    #expect(try Self.analysis(clients.capture()).flows.allSatisfy { $0.translatedFlow == nil })

    var three = Timeline()
    Self.connection(&three, from: Self.inside, port: 40_000)
    Self.connection(&three, from: Self.outside, port: 61_000, timeToLive: 63, shift: 100_000)
    Self.connection(&three, from: "198.51.100.3", port: 62_000, timeToLive: 63, shift: 150_000)
    #expect(try Self.analysis(three.capture()).flows.allSatisfy { $0.translatedFlow == nil })

    var late = Timeline()
    Self.connection(&late, from: Self.inside, port: 40_000)
    Self.connection(
      &late, from: Self.outside, port: 61_000, timeToLive: 63, shift: 2_000_000_000)
    #expect(try Self.analysis(late.capture()).flows.allSatisfy { $0.translatedFlow == nil })

    var search = Timeline()
    for (host, timeToLive) in [("192.168.1.10", UInt8(2)), ("192.168.1.11", 4)] {
      for index in 0..<6 {
        let text = Array("M-SEARCH * HTTP/1.1\r\nHOST: 239.255.255.250:1900\r\nMX: 2\r\n\r\n".utf8)
        search.add(
          Packet.ethernet(
            Packet.ipv4(
              from: host, to: "239.255.255.250",
              Packet.udp(from: 1_900, to: 1_900, text + [UInt8](repeating: 1, count: 20)),
              identification: index, timeToLive: timeToLive)), at: index * 500_000_000)
      }
    }
    #expect(try Self.analysis(search.capture()).flows.allSatisfy { $0.translatedFlow == nil })
  }
}

/// Copies of packets, told by where they were captured and how far apart.
@Suite struct DuplicateRouteTests {
  /// `count` packets, of which every `step`th comes again on the other interface.
  private static func capture(_ count: Int, every step: Int, copy: ([UInt8]) -> [UInt8] = { $0 })
    -> [UInt8]
  {
    var timeline = Timeline()
    for index in 0..<count {
      let datagram = Packet.udp(from: 5_004, to: 6_004, Packet.payload(400, seed: index))
      let frame = Packet.ethernet(
        Packet.ipv4(from: "10.0.0.1", to: "203.0.113.9", datagram, identification: index))
      timeline.add(frame, at: index * 10_000_000)
      if index.isMultiple(of: step) {
        timeline.add(copy(frame), at: index * 10_000_000 + 50_000 + index, interface: 1)
      }
    }
    return timeline.capture(interfaces: 2)
  }

  private static func analysis(_ files: [[UInt8]]) throws -> Analysis {
    let folder = try CaptureFolder()
    let paths = try files.enumerated().map {
      try folder.write($0.element, as: "\($0.offset).pcapng")
    }
    return try Analyzer().analyze(CaptureSet(paths))
  }

  @Test("Over a fifth of copies is a limitation that names the interfaces")
  func many() throws {
    let analysis = try Self.analysis([Self.capture(300, every: 3)])
    #expect(analysis.capture.packets == 400)
    let routes = analysis.capture.duplicates
    #expect(routes.count == 1)
    #expect(routes[0].first == .init(file: 0, interface: 0))
    #expect(routes[0].second == .init(file: 0, interface: 1))
    #expect(routes[0].packets == 100)
    #expect(routes[0].wireBytes == 100 * 442)
    #expect(routes[0].leastShift == 50_000)
    #expect(routes[0].greatestShift == 50_297)
    #expect(analysis.capture.wireBytes - analysis.capture.uniqueWireBytes == 100 * 442)
    let limitation = try #require(analysis.limitations.first { $0.id == "duplicate_packets" })
    #expect(limitation.count == 100)
    #expect(limitation.text.contains("25 %"))
    #expect(
      limitation.text.contains("from interface 0 of input 0 to interface 1 of input 0, 0.05 ms"))
    let flow = analysis.flows[0]
    #expect(flow.originator.packets == 400)
    #expect(flow.originator.duplicatePackets == 100)
  }

  @Test("A fifth or less is counted and is no limitation")
  func few() throws {
    let analysis = try Self.analysis([Self.capture(300, every: 10)])
    #expect(analysis.capture.duplicates.map(\.packets) == [30])
    #expect(analysis.limitations.allSatisfy { $0.id != "duplicate_packets" })
  }

  @Test("Tagged and routed copies are copies")
  func changedOnTheWay() throws {
    let analysis = try Self.analysis([
      Self.capture(300, every: 2) { frame in
        // A VLAN tag behind the addresses, other addresses, a hop fewer.
        var copy = [UInt8](repeating: 0x0A, count: 12) + [0x81, 0, 0, 7] + frame[12...]
        copy[4 + 14 + 8] -= 1
        return copy
      }
    ])
    #expect(analysis.capture.duplicates.map(\.packets) == [150])
    #expect(analysis.flows.count == 1)
  }

  @Test("Two capture points are told apart by their files")
  func files() throws {
    let capture = Self.capture(100, every: 1_000_000)
    let one = capture
    var builder = Timeline()
    for index in 0..<100 {
      let datagram = Packet.udp(from: 5_004, to: 6_004, Packet.payload(400, seed: index))
      builder.add(
        Packet.ethernet(
          Packet.ipv4(from: "10.0.0.1", to: "203.0.113.9", datagram, identification: index)),
        at: index * 10_000_000 + 2_000_000)
    }
    let analysis = try Self.analysis([one, builder.capture()])
    // Frame 1 of the first file has a copy on its own second interface.
    let route = try #require(analysis.capture.duplicates.first)
    #expect(route.first == .init(file: 0, interface: 0))
    #expect(route.second == .init(file: 1, interface: 0))
    #expect(route.packets == 100)
    #expect(route.meanShift == 2_000_000)
  }
}
