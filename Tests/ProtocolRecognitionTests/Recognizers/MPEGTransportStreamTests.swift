// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct MPEGTransportStreamTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .mpegts, datagrams: true, port: 1_234,
      [
        (.fromOriginator, ProtocolSample.sevenPackets),
        (.fromOriginator, ProtocolSample.sevenPackets),
      ]),
    ProtocolSample(
      .mpegts, datagrams: false, port: 1_234,
      [
        (.fromOriginator, ProtocolSample.sevenPackets),
        (.fromOriginator, ProtocolSample.sevenPackets),
      ]),
  ]

  @Test func packetsReachTheInspector() {
    let result = recognise(.mpegts)
    #expect(result.streams.first?.kind == .mpegts)
    #expect(result.streams.first?.bytes == 2 * 1_316)
  }

  /// 47 once in 188 bytes happens by chance; seven in step do not.
  @Test func oneSyncByteIsNotEnough() {
    var traffic = Traffic()
    traffic.send([0x47] + [UInt8](repeating: 0x55, count: 375))
    #expect(traffic.finish().streams.isEmpty)
  }
}
