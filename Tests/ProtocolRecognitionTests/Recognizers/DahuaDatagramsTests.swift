// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct DahuaDatagramsTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .dahua, datagrams: true, port: 37_810,
      [
        (
          .fromResponder,
          [0x20, 0, 0, 0] + ascii("DHIP") + [UInt8](repeating: 0, count: 24)
            + ascii(
              "{\"mac\":\"14:a7:8b:01:02:03\",\"method\":\"client.notifyDevInfo\",\"params\":"
                + "{\"deviceInfo\":{\"DeviceClass\":\"IPC\",\"DeviceType\":\"IPC-HFW\","
                + "\"SerialNo\":\"4E0\",\"Version\":\"2.8\"}}}")
        )
      ]),
    ProtocolSample(
      .dahua, datagrams: true, port: 8_800,
      [
        (
          .fromOriginator,
          ascii("DHGET /online/p2psrv/4E0A1BCPAZ00001 HTTP/1.1\r\nCSeq: 1\r\n\r\n")
        )
      ]),
    // Inverted STUN, then a tunnel with RTSP inside.
    ProtocolSample(
      .dahua, datagrams: true, port: 40_001,
      [
        (
          .fromOriginator,
          [0xFF, 0xFE, 0xFF, 0xE7] + [UInt8](repeating: 0xA5, count: 16) + [0x7F, 0xD5, 0xFF, 0xF7]
            + [UInt8](repeating: 0xFF, count: 20)
        )
      ]
        + phonyTunnel(
          rtspDialogue(transport: RTSPTests.interleavedTransport, answer: "")
            + (0..<40).map { (FlowDirection.fromResponder, interleavedFrame($0)) })),
  ]

  @Test func answerNamesTheDevice() {
    let mark = recognise(.dahua).marks.first
    #expect(mark?.role == "camera")
    #expect(mark?.serial == "4E0")
    #expect(mark?.macAddress?.description == "14:a7:8b:01:02:03")
  }

  @Test func directoryNamesTheSerialNumber() {
    var traffic = Traffic()
    Self.samples[1].send(into: &traffic)
    #expect(traffic.finish().marks.first?.serial == "4E0A1BCPAZ00001")
  }

  @Test func streamInsideTheTunnelIsRead() {
    var traffic = Traffic()
    Self.samples[2].send(into: &traffic)
    let result = traffic.finish()
    #expect(result.flows.first?.service == .dahua)
    #expect(result.flows.first?.innerServices == [.rtsp])
    let stream = result.streams.first
    #expect(stream?.rtp?.stream.uniquePackets == 40)
    #expect(stream?.direction == .fromResponder)
    #expect(stream?.codecHint?.name == "H264")
    #expect(traffic.log.units.count == 40)
  }

  /// Packets that come twice, and packets that are missing.
  @Test func tunnelToleratesLossAndRepetition() {
    var pieces = Self.samples[2].pieces
    let lost = pieces.count - 20
    pieces.insert(pieces[lost - 2], at: lost)
    pieces.remove(at: lost + 1)
    var traffic = Traffic()
    ProtocolSample(.dahua, datagrams: true, port: 40_001, pieces).send(into: &traffic)
    let rtp = traffic.finish().streams.first?.rtp
    #expect(rtp?.stream.uniquePackets == 39)
    #expect(rtp?.stream.lost == 1)
  }

  /// The answer of the relay server, what the device is told, and the agent itself.
  @Test(arguments: [
    (
      "HTTP/1.1 200 OK\r\n\r\n<body><Token>1</Token><Agent>198.51.100.9:8800</Agent></body>",
      "Dahua relay agent 198.51.100.9:8800"
    ),
    (
      "DHPOST /device/4E0A1BCPAZ00001/relay-channel HTTP/1.1\r\n\r\n"
        + "<body><agentAddr>198.51.100.9:8800</agentAddr></body>",
      "Dahua relay agent 198.51.100.9:8800"
    ),
    ("DHPOST /relay/start/77 HTTP/1.1\r\n\r\n<body></body>", RelayNote.dahua),
    ("DHGET /relay/agent HTTP/1.1\r\n\r\n", nil),
  ])
  func theAgentOfARelayIsNamed(text: String, note: String?) {
    var traffic = Traffic()
    traffic.send(ascii("DHGET /online/relay HTTP/1.1\r\n\r\n"))
    traffic.send(ascii(text), from: text.hasPrefix("HTTP") ? .fromResponder : .fromOriginator)
    let facts = traffic.finish().flows.first?.details ?? []
    #expect(facts.first { $0.kind == .note }?.text == note)
    let agents = facts.compactMap { RelayNote.agent($0) }
    #expect(agents == (note?.hasSuffix(":8800") == true ? ["198.51.100.9"] : []))
  }
}
