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

  private func name(_ bytes: [UInt8], at start: Int) -> String? {
    var text = [UInt8](repeating: 0, count: 300)
    var length: Int?
    do {
      var room = text.mutableSpan
      length = DNSMessage.name(bytes.span, start, into: &room, at: 3)
    }
    return length.map { String(decoding: text[3..<3 + $0], as: UTF8.self) }
  }

  /// A name in one piece and the same one behind a pointer are read alike, of any length.
  @Test func namesInOnePieceAndInParts() {
    for count in 1...6 {
      for length in 1...63 {
        var labels: [String] = []
        var bytes: [UInt8] = []
        for index in 0..<count {
          let label = (0..<length).map { ["A", "z", "-", "Q", "9"][($0 + index) % 5] }.joined()
          labels.append(label)
          bytes += [UInt8(length)] + ascii(label)
        }
        bytes += [0] + ascii("behind the name")
        let text = labels.joined(separator: ".").lowercased()
        let expected = text.utf8.count <= 255 ? text : nil
        #expect(name(bytes, at: 0) == expected, "\(count) labels of \(length)")
        let pointer: [UInt8] = [1, UInt8(ascii: "X"), 0xC0, 0]
        let longer = text.utf8.count + 2 <= 255 ? "x." + text : nil
        #expect(name(bytes + pointer, at: bytes.count) == longer, "\(count) labels of \(length)")
      }
    }
  }

  @Test func namesThatAreCutOrWrong() {
    #expect(name([0], at: 0) == "")
    #expect(name([], at: 0) == nil)
    #expect(name([3, 0x61, 0x62], at: 0) == nil)
    #expect(name([1, 0x61], at: 0) == nil)
    #expect(name([1, 0x61, 0x80, 0], at: 0) == nil)
    #expect(name([1, 0x61, 0xC0], at: 0) == nil)
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
