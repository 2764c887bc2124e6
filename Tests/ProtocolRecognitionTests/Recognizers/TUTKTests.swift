// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct TUTKTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .tutk, datagrams: true, port: 10_001,
      [UInt8](0..<5).map {
        (
          .fromOriginator,
          [0x3E, 0x2F, 0x8D, 0xCC, 1, 2, 3, $0] + bigEndian(0x0D20_082D_00E6_0000 as UInt64) + [
            0, 0,
          ]
        )
      })
  ]

  /// One datagram with sixteen fixed bits proves nothing; four in a row do.
  @Test func oneDatagramIsNotEnough() {
    guard let sample = Self.samples.first else { return }
    for count in [1, 3] {
      var traffic = Traffic()
      for piece in sample.pieces.prefix(count) { traffic.send(piece.bytes) }
      #expect(traffic.finish().flows.isEmpty)
    }
  }
}
