// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct DNSTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(.dns, datagrams: true, port: 53, [(.fromResponder, dnsAnswer)]),
    ProtocolSample(
      .dns, datagrams: false, port: 53,
      [(.fromResponder, bigEndian(UInt16(dnsAnswer.count)) + dnsAnswer)]),
    ProtocolSample(.mdns, datagrams: true, port: 5_353, [(.fromOriginator, dnsAnswer)]),
    ProtocolSample(.llmnr, datagrams: true, port: 5_355, [(.fromResponder, dnsAnswer)]),
  ]

  @Test func namesFollowTheCNAMEChain() {
    let result = recognise(.dns)
    #expect(result.names.count == 1)
    let name = result.names[0]
    #expect(result.texts[name.name] == "cam.example")
    #expect(result.texts[name.canonicalName] == "cdn.example")
    #expect(name.address == IPAddress("203.0.113.9"))
    #expect(name.timeToLive == 256)
    #expect(name.place.listener == Traffic.camera)
  }

  @Test func compressionLoopsEnd() {
    var bytes = dnsAnswer
    bytes[12] = 0xC0
    bytes[13] = 12
    var buffer = DNSMessage.NameBuffer(repeating: 0)
    let length = DNSMessage.name(bytes.span, 12, into: &buffer)
    #expect(length == nil)
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 53)
    traffic.send(bytes, from: .fromResponder)
    #expect(traffic.finish().names.isEmpty)
  }
}
