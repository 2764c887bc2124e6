// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct DTLSTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .dtls, datagrams: true, port: 5_000,
      [
        (
          .fromOriginator,
          {
            let body = clientHello(
              "", extra: [0, 14, 0, 5, 0, 2, 0, 1, 0], isDatagram: true)
            let message =
              [1] + [0] + bigEndian(UInt16(body.count)) + [0, 0, 0, 0, 0, 0]
              + bigEndian(UInt16(body.count)) + body
            return [22, 0xFE, 0xFD] + [UInt8](repeating: 0, count: 8)
              + bigEndian(UInt16(message.count)) + message
          }()
        )
      ])
  ]

  @Test func mediaAfterDTLSIsEncrypted() {
    var traffic = Traffic()
    guard let sample = ProtocolSample.all.first(where: { $0.service == .dtls }) else { return }
    sample.send(into: &traffic)
    RTPRecognitionTests.video(&traffic, packets: 60)
    let result = traffic.finish()
    #expect(result.streams.first?.isEncrypted == true)
    #expect(result.flows.first?.service == .webrtc)
  }
}
