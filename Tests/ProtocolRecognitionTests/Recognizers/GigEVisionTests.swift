// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct GigEVisionTests {
  /// DISCOVERY_CMD with an answer asked for.
  private static let discovery: [UInt8] = [0x42, 0x11, 0, 2, 0, 0, 0, 1]

  private static var answer: [UInt8] {
    var body = [UInt8](repeating: 0, count: 248)
    func put(_ offset: Int, _ bytes: [UInt8]) {
      body.replaceSubrange(offset..<offset + bytes.count, with: bytes)
    }
    put(0, [0, 2, 0, 0])
    put(10, [0x00, 0x0F, 0x31, 0x01, 0x02, 0x03])
    put(72, ascii("Example Vision"))
    put(104, ascii("EV-500"))
    put(136, ascii("1.4.2"))
    put(216, ascii("S0042"))
    return [0, 0, 0, 3, 0, 248, 0, 1] + body
  }

  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .gigEVision, datagrams: true, port: 3_956,
      [(.fromOriginator, discovery), (.fromResponder, answer)])
  ]

  /// A leader of 64 x 32 Mono8, and what follows.
  private static func leader(_ block: UInt8, pixelFormat: [UInt8] = [1, 8, 0, 1]) -> [UInt8] {
    [0, 0, 0, block, 1, 0, 0, 0, 0, 0, 0, 1] + [UInt8](repeating: 0, count: 8) + pixelFormat
      + [0, 0, 0, 64, 0, 0, 0, 32] + [UInt8](repeating: 0, count: 12)
  }

  private static func part(_ block: UInt8, _ number: UInt8) -> [UInt8] {
    [0, 0, 0, block, 3, 0, 0, number] + [UInt8](repeating: 0xAB, count: 1_024)
  }

  @Test func discoveryNamesTheCamera() throws {
    let result = recognise(.gigEVision, isDatagram: true)
    let mark = try #require(result.marks.first)
    #expect(mark.vendor == "example vision")
    #expect(mark.model == "EV-500")
    #expect(mark.serial == "S0042")
    #expect(mark.firmware == "1.4.2")
    #expect(mark.macAddress?.description == "00:0f:31:01:02:03")
    #expect(mark.role == "camera")
    #expect(mark.confidence == .definite)
    #expect(result.flows.first?.service == .gigEVision)
  }

  @Test func picturesReachTheInspectorFromTheirLeaderOn() {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 50_000, Traffic.viewer, 41_000, protocolNumber: 17)
    // The capture begins within a picture.
    for number in 3...9 { traffic.send(Self.part(1, UInt8(number))) }
    traffic.send(Self.leader(2))
    for number in 1...2 { traffic.send(Self.part(2, UInt8(number))) }
    traffic.send([0, 0, 0, 2, 2, 0, 0, 3, 0, 0, 0, 1, 0, 0, 0, 32])
    let result = traffic.finish()
    #expect(result.flows.first?.service == .gigEVision)
    #expect(result.streams.first?.vendorProtocol == "gvsp")
    #expect(
      traffic.log.units.map(\.unit.framing) == [.gigEVision, .gigEVision, .gigEVision, .gigEVision])
    #expect(traffic.log.units.first?.unit.timestamp == 44)
  }

  /// Packets of that form without a picture's leader are nothing.
  @Test func partsWithoutLeaderAreNoPictures() {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 50_000, Traffic.viewer, 41_000, protocolNumber: 17)
    for number in 1...40 { traffic.send(Self.part(1, UInt8(number))) }
    let result = traffic.finish()
    #expect(result.flows.first?.service == nil)
    #expect(result.streams.isEmpty)
  }

  /// A leader whose pixel format, size or payload type cannot be.
  @Test func impossibleLeadersAreNone() {
    var wrong: [[UInt8]] = [Self.leader(1, pixelFormat: [3, 8, 0, 1])]
    wrong.append(Self.leader(1, pixelFormat: [1, 9, 0, 1]))
    var noWidth = Self.leader(1)
    noWidth[27] = 0
    wrong.append(noWidth)
    var otherType = Self.leader(1)
    otherType[11] = 9
    wrong.append(otherType)
    wrong.append(Array(Self.leader(1).prefix(40)))
    for bytes in wrong {
      let hint = ProbeHint(
        isDatagram: true, direction: .fromOriginator, sourcePort: 5, destinationPort: 6,
        originalLength: bytes.count, depth: 0)
      let answer = GigEVisionRecognizer.probe(bytes.span, hint)
      #expect(answer == .notMine)
    }
  }

  /// The 64-bit block numbers of version 2.0.
  @Test func extendedNumbersAreRead() {
    let bytes: [UInt8] =
      [0, 0, 0, 0, 0x81, 0, 0, 0] + [0, 0, 0, 1, 0, 0, 0, 5] + [0, 0, 0, 0]
      + Self.leader(1).dropFirst(8)
    let packet = GigEVisionPacket(bytes.span)
    let image = packet?.image(bytes.span)
    #expect(packet?.block == 0x1_0000_0005)
    #expect(packet?.number == 0)
    #expect(image?.byteCount == 2_048)
  }
}
