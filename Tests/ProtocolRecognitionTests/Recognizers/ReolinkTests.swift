// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct ReolinkTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .reolink, datagrams: false, port: 9_000,
      [
        (
          .fromResponder,
          [0xF0, 0xDE, 0xBC, 0x0A] + littleEndian(3 as UInt32) + littleEndian(400 as UInt32)
            + [0, 0, 0, 0, 0, 0] + [0x14, 0x66] + [UInt8](repeating: 0x33, count: 40)
            + [0, 0, 0, 1, 0x67] + [UInt8](repeating: 2, count: 355)
        )
      ])
  ]

  @Test func videoReachesTheInspector() {
    var traffic = Traffic()
    Self.samples[0].send(into: &traffic, size: 50)
    let result = traffic.finish()
    #expect(traffic.log.units.first?.unit.framing == .annexB)
    #expect(result.marks.first?.vendor == "reolink")
    #expect(result.streams.first?.vendorProtocol == "reolink")
  }

  /// Message 5 instead of 3.
  @Test func replayIsStoredFootage() {
    for (message, isStored) in [(5 as UInt32, true), (3, false)] {
      var bytes = Self.samples[0].pieces[0].bytes
      bytes.replaceSubrange(4..<8, with: littleEndian(message))
      var traffic = Traffic()
      traffic.send(bytes, from: .fromResponder, isDatagram: false)
      let result = traffic.finish()
      #expect(result.streams.first?.isStoredFootage == isStored)
      #expect((result.flows.first?.storedFootage != nil) == isStored)
    }
  }
}
