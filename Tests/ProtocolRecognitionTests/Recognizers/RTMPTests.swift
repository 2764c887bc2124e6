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

  /// A handshake with digests of a Flash program's version, on any port and in two segments.
  @Test(arguments: [UInt16(1_935), 6_002]) func digestedHandshakeOverSegments(port: UInt16) {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, port, protocolNumber: 6)
    var hello = rtmpPublish
    hello.replaceSubrange(1..<9, with: [0, 0, 0, 0, 9, 0, 124, 2])
    traffic.send(Array(hello[..<1_348]), isDatagram: false)
    traffic.send(Array(hello[1_348..<1_537]), isDatagram: false)
    traffic.send(Array(hello[1_537...]), isDatagram: false)
    let result = traffic.finish()
    #expect(result.flows.first?.service == .rtmp)
    #expect(result.flows.first?.intent == .originatorSends)
  }
}
