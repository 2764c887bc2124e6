// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct XiongmaiTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .xiongmai, datagrams: false, port: 34_567,
      [
        (
          .fromResponder,
          [0xFF, 1, 0, 0] + [UInt8](repeating: 0, count: 10) + littleEndian(1_412 as UInt16)
            + littleEndian(116 as UInt32) + [0, 0, 1, 0xFC, 2, 25, 240, 135]
            + [UInt8](repeating: 0, count: 8) + [0, 0, 0, 1, 0x67]
            + [UInt8](repeating: 2, count: 95)
        )
      ])
  ]

  @Test func videoReachesTheInspector() {
    var traffic = Traffic()
    Self.samples[0].send(into: &traffic, size: 50)
    let result = traffic.finish()
    #expect(traffic.log.units.first?.unit.framing == .annexB)
    #expect(result.streams.first?.vendorProtocol == "xiongmai")
  }

  /// The command of played-back media instead of that of live media.
  @Test func mediaOfPlaybackIsStoredFootage() {
    for (command, isStored) in [(1_426 as UInt16, true), (1_412, false)] {
      var bytes = Self.samples[0].pieces[0].bytes
      bytes.replaceSubrange(14..<16, with: littleEndian(command))
      var traffic = Traffic()
      traffic.send(bytes, from: .fromResponder, isDatagram: false)
      let result = traffic.finish()
      #expect(result.streams.first?.isStoredFootage == isStored)
      #expect((result.flows.first?.storedFootage != nil) == isStored)
    }
  }
}
