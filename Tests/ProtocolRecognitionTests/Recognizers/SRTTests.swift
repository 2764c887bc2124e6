// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct SRTTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .srt, datagrams: true, port: 9_000,
      [
        (.fromOriginator, srtHandshake),
        (.fromOriginator, srtData(1_000, ProtocolSample.sevenPackets)),
        (.fromOriginator, srtData(1_002, ProtocolSample.sevenPackets)),
      ])
  ]

  @Test func transportStreamInSRT() {
    var traffic = Traffic()
    guard let sample = ProtocolSample.all.first(where: { $0.service == .srt }) else { return }
    sample.send(into: &traffic)
    let result = traffic.finish()
    #expect(result.streams.map(\.kind) == [.srt])
    #expect(traffic.log.units.map(\.unit.followsGap) == [false, true])
    #expect(traffic.log.units.allSatisfy { $0.bytes.count == 1_316 })
  }
}
