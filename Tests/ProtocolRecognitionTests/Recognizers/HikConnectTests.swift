// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct HikConnectTests {
  static let samples: [ProtocolSample] = [
    // Set-up request and punch: E2, mask, message type, sequence, 6234, header length, check sum.
    ProtocolSample(
      .hikvision, datagrams: true, port: 6_000,
      [
        (
          .fromOriginator,
          [0xE2, 0xDA, 0x0B, 0x02, 0, 0, 0, 1, 0x62, 0x34, 12, 0x5A]
            + [UInt8](repeating: 0xC3, count: 64)
        ),
        (
          .fromResponder,
          [0xE2, 0x80, 0x0C, 0x00, 0, 0, 0, 2, 0x62, 0x34, 12, 0x5A]
            + [UInt8](repeating: 0xC3, count: 32)
        ),
        // A packet of the UDT session with a media packet of type 8060 inside.
        (
          .fromResponder,
          bigEndian(1 as UInt32) + bigEndian(0xC000_0001 as UInt32) + bigEndian(9 as UInt32)
            + bigEndian(7 as UInt32) + [0x80, 0x60] + [UInt8](repeating: 0, count: 10)
            + [UInt8](repeating: 0x55, count: 1_300)
        ),
      ]),
    // The maker's own STUN: envelope, XML, digest.
    ProtocolSample(
      .hikvision, datagrams: true, port: 6_002,
      [
        (
          .fromOriginator,
          hikvisionEnvelope(
            0x0812, "<?xml version=\"1.0\"?><Request><DevSerial>L12345678</DevSerial></Request>")
        ),
        (
          .fromResponder,
          hikvisionEnvelope(
            0x0811, "<Response><Client Address=\"203.0.113.9\" Port=\"40011\"/></Response>")
        ),
      ]),
  ]

  @Test func mediaOfTheSessionIsCounted() {
    var traffic = Traffic()
    Self.samples[0].send(into: &traffic)
    let result = traffic.finish()
    #expect(result.streams.map(\.vendorProtocol) == ["hik_connect"])
    #expect(result.streams.first?.direction == .fromResponder)
    #expect(result.streams.first?.bytes == 1_300)
    #expect(result.flows.first?.storedFootage == nil)
  }

  /// Seeking is control of playback: footage that was stored.
  @Test func controlOfPlaybackIsStoredFootage() {
    var traffic = Traffic()
    traffic.send([0xE2, 0x80, 0x0C, 0x14, 0, 0, 0, 1, 0x62, 0x34, 12, 0] + [UInt8](0..<32))
    #expect(traffic.finish().flows.first?.storedFootage != nil)
  }

  @Test func serialNumberAndPublicAddress() {
    var traffic = Traffic()
    Self.samples[1].send(into: &traffic)
    let result = traffic.finish()
    #expect(result.marks.first?.serial == "L12345678")
    #expect(result.relays.first?.mappedAddress == IPAddress("203.0.113.9"))
    #expect(result.relays.first?.mappedPort == 40_011)
  }
}
