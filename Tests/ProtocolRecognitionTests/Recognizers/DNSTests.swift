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
    var buffer = [UInt8](repeating: 0, count: DNSMessage.maximumName + 7)
    var room = buffer.mutableSpan
    let length = DNSMessage.name(bytes.span, 12, into: &room, at: 0)
    #expect(length == nil)
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 53)
    traffic.send(bytes, from: .fromResponder)
    #expect(traffic.finish().names.isEmpty)
  }

  /// A multicast answer with one TXT record.
  private func description(_ text: String, service: String = "_http") -> [UInt8] {
    [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0] + [3] + ascii("cam")
      + [UInt8(service.utf8.count)] + ascii(service) + [4] + ascii("_tcp") + [5] + ascii("local")
      + [0, 0, 16, 0x80, 1, 0, 0, 0, 120]
      + bigEndian(UInt16(text.utf8.count + 1)) + [UInt8(text.utf8.count)] + ascii(text)
  }

  @Test(arguments: [
    ("IC-3115W Network Camera", "IC-3115W"), ("ty=DCS-935L IP Camera", "DCS-935L"),
    ("Network Camera", ""),
  ]) func camerasDescribeThemselves(text: String, model: String) {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 5_353, Traffic.viewer, 5_353)
    traffic.send(description(text))
    let marks = traffic.finish().marks
    #expect(marks.map(\.role) == ["camera"])
    #expect(marks.map(\.model) == [model])
    #expect(marks.map(\.text) == [text])
  }

  @Test(arguments: [
    ("txtvers=1 camera app", "_http"), ("ci=17", "_http"), ("ci=5", "_hap"), ("ci=170", "_hap"),
  ]) func otherDescriptionsAreNoMarks(text: String, service: String) {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 5_353, Traffic.viewer, 5_353)
    traffic.send(description(text, service: service))
    #expect(traffic.finish().marks.isEmpty)
  }

  @Test(arguments: ["17", "18"]) func camerasForHomeKitSayTheirCategory(category: String) {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 5_353, Traffic.viewer, 5_353)
    traffic.send(description("ci=\(category)", service: "_hap"))
    let marks = traffic.finish().marks
    #expect(marks.map(\.role) == ["camera"])
    #expect(marks.map(\.text) == ["HomeKit accessory category \(category)"])
  }
}
