// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct HikvisionTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .hikvision, datagrams: false, port: 8_000,
      [
        (
          .fromOriginator,
          bigEndian(0x20 as UInt32) + bigEndian(0x5A00_0000 as UInt32) + [0, 0, 0, 0]
            + bigEndian(0x0001_0000 as UInt32) + [UInt8](repeating: 1, count: 16)
        )
      ]),
    // Local stream: envelope with the stream set-up, then `$` frames with RTP, as on port 9020.
    ProtocolSample(
      .hikvision, datagrams: false, port: 9_020,
      [
        (.fromOriginator, hikvisionEnvelope(0x3105, "<Request/>")),
        (.fromResponder, hikvisionEnvelope(0x3106, "<Response/>") + localStream(40)),
      ]),
    // Relay of EZVIZ: start of a stream, then program stream.
    ProtocolSample(
      .hikvision, datagrams: false, port: 8_554,
      [
        (
          .fromOriginator,
          relayFrame(
            0, 0x013B, [10, 64] + ascii("ysproto://198.51.100.9:8554/C12345678?chn=1&ssn=ticket"))
        ),
        (.fromResponder, relayFrame(0, 0x013C, [8, 0])),
        (.fromResponder, relayFrame(1, 0, [0, 0, 1, 0xBA] + [UInt8](repeating: 0x44, count: 500))),
      ]),
  ]

  /// Login as the SDK sends it, with a client behind a router; the second answer has the serial.
  static func login(user: String) -> ProtocolSample {
    func message(_ family: UInt32, _ word: UInt32, _ command: UInt32, _ body: [UInt8]) -> [UInt8] {
      bigEndian(UInt32(16 + body.count)) + bigEndian(family) + bigEndian(word) + bigEndian(command)
        + body
    }
    let name = ascii(user) + [UInt8](repeating: 0, count: 48 - user.utf8.count)
    let first =
      [5, 1, 0x3D, 0x4B, 0, 0, 0, 1] + [50, 1, 168, 192] + [0, 0, 0, 0, 0, 0, 0x6F, 0] + name
      + [0x30, 0x81, 0x89, 2, 0x81, 0x81, 0] + [UInt8](repeating: 0x77, count: 130)
    return ProtocolSample(
      .hikvision, datagrams: false, port: 8_000,
      [
        (.fromOriginator, message(0x5A00_0000, 0, 0x0001_0000, first)),
        (.fromResponder, message(1, 0, 0, [UInt8](repeating: 0x99, count: 64))),
        (.fromOriginator, message(0x5A00_0000, 9, 0x0001_0000, [UInt8](repeating: 5, count: 64))),
        (
          .fromResponder,
          message(
            1, 0, 0, [0, 0, 0, 7] + ascii("DS-2CD2042WD-I20160101AAWR123456789") + [0, 0, 0, 0])
        ),
        (
          .fromOriginator,
          message(
            0x6300_0000, 9, 0x0003_0000, [50, 1, 168, 192, 0, 0, 0, 7] + [0, 0, 0, 0, 0, 0, 0, 0])
        ),
        (
          .fromResponder,
          (0..<40).flatMap { number in
            let packet = rtpPacket(
              sequence: UInt16(number), timestamp: UInt32(number * 3_600), marker: true,
              payload: [0, 0, 1, 0xBA] + [UInt8](repeating: 0x44, count: 300))
            return [0x24, 0] + littleEndian(UInt16(packet.count + 4)) + packet
          }
        ),
      ])
  }

  @Test func loginOfTheSDK() {
    for size in [Int.max, 37] {
      var traffic = Traffic()
      Self.login(user: "operator").send(into: &traffic, size: size)
      let result = traffic.finish()
      let texts = result.flows.first?.details.map(\.text) ?? []
      #expect(texts.contains("o*******"))
      #expect(!texts.contains { $0.contains("operator") })
      #expect(texts.contains("client's own address 192.168.1.50"))
      #expect(result.marks.contains { $0.serial == "DS-2CD2042WD-I20160101AAWR123456789" })
      #expect(result.flows.first?.intent == .responderSends)
      #expect(result.streams.first?.rtp?.stream.uniquePackets == 40)
      #expect(result.streams.first?.kind == .vendor)
    }
  }

  @Test func framesOfLocalStreams() {
    var traffic = Traffic()
    Self.samples[1].send(into: &traffic, size: 333)
    let result = traffic.finish()
    #expect(result.streams.first?.rtp?.stream.uniquePackets == 40)
    #expect(result.flows.first?.intent == .responderSends)
    #expect(traffic.log.units.count == 40)
  }

  @Test func relayNamesTheSerialNumberAndKeepsNoTicket() {
    var traffic = Traffic()
    Self.samples[2].send(into: &traffic, size: 40)
    let result = traffic.finish()
    let texts = result.flows.first?.details.map(\.text) ?? []
    #expect(texts.contains("C12345678"))
    #expect(texts.contains(RelayNote.ezviz))
    #expect(!texts.contains { $0.contains("ticket") })
    #expect(result.flows.first?.serverName == "198.51.100.9")
    #expect(traffic.log.units.map(\.unit.framing) == [.programStream])
  }

  @Test func replayOfTheCloudIsStoredFootage() {
    var traffic = Traffic()
    traffic.send(hikvisionEnvelope(0x5003, "<Request/>"), isDatagram: false)
    #expect(traffic.finish().flows.first?.storedFootage != nil)
  }
}
