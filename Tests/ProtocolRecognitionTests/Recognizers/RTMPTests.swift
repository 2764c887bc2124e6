// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct RTMPTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(.rtmp, datagrams: false, port: 1_935, [(.fromOriginator, rtmpPublish)])
  ]

  @Test func rtmpPublishing() {
    var traffic = Traffic()
    guard let sample = ProtocolSample.all.first(where: { $0.service == .rtmp }) else { return }
    sample.send(into: &traffic, size: 201)
    let result = traffic.finish()
    #expect(result.flows[0].intent == .originatorSends)
    #expect(result.flows[0].serverName == "media.example")
    #expect(!result.flows[0].details.contains { $0.text.contains("secretkey") })
    #expect(traffic.log.units.count == 1)
    #expect(traffic.log.units.first?.bytes.count == 305)
    #expect(traffic.log.units.first?.unit.subtype == 9)
  }
}
