// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct RTSPTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .rtsp, datagrams: false, port: 554,
      rtspDialogue(transport: "RTP/AVP/TCP;unicast;interleaved=0-1", answer: ";ssrc=11223344")
        + [(.fromResponder, interleavedVideo(40))])
  ]

  static let interleavedTransport = "RTP/AVP/TCP;unicast;interleaved=0-1"

  @Test func interleavedStreamIsNamedByTheDescription() {
    var traffic = Traffic()
    Self.samples[0].send(into: &traffic, size: 333)
    let result = traffic.finish()
    let stream = result.streams.first
    #expect(result.streams.count == 1)
    #expect(stream?.kind == .rtspInterleaved)
    #expect(stream?.isOverTCP == true)
    #expect(stream?.direction == .fromResponder)
    #expect(stream?.rtp?.stream.uniquePackets == 40)
    #expect(stream?.codecHint?.name == "H264")
    #expect(stream?.codecHint?.clockRate == 90_000)
    #expect(stream?.codecHint?.media == "video")
    #expect(stream?.announcedBy != nil)
    #expect(stream?.parameterSets.map(\.first) == [0x67, 0x68])
    #expect(traffic.log.units.count == 40)
    #expect(traffic.log.units.last?.bytes.count == 102)
  }

  @Test func namesAreKeptAndSecretsAreNot() {
    var traffic = Traffic()
    Self.samples[0].send(into: &traffic)
    let result = traffic.finish()
    let flow = result.flows.first
    #expect(flow?.serverName == "192.168.1.64")
    #expect(flow?.intent == .responderSends)
    let texts = flow?.details.map(\.text) ?? []
    #expect(texts.contains("Dahua Rtsp Server"))
    #expect(texts.contains("viewer/1.0"))
    #expect(texts.contains("o*******"))
    #expect(!texts.contains { $0.contains("secret") || $0.contains("operator") })
    #expect(result.marks.map(\.vendor) == ["dahua", "hikvision"])
    #expect(result.marks.first?.address == Traffic.viewer)
  }

  @Test func mediaOverUDPIsJoinedByPort() {
    var traffic = Traffic()
    traffic.addFlow(Traffic.viewer, 40_000, Traffic.camera, 554, protocolNumber: 6)
    traffic.addFlow(Traffic.camera, 6_000, Traffic.viewer, 5_000)
    for piece in rtspDialogue(
      transport: "RTP/AVP;unicast;client_port=5000-5001", answer: ";server_port=6000-6001")
    {
      traffic.send(piece.bytes, from: piece.direction, isDatagram: false)
    }
    RTPRecognitionTests.video(&traffic, packets: 12, flow: 1)
    let result = traffic.finish()
    let stream = result.streams.first
    #expect(stream?.rtp?.stream.level == .shaped)
    #expect(stream?.isReportable == true)
    #expect(stream?.codecHint?.name == "H264")
    #expect(stream?.parameterSets.count == 2)
    #expect(result.flows.contains { $0.flow == 1 && $0.service == .rtp })
  }

  @Test func findsItsFramesAgainAfterAGap() {
    var traffic = Traffic()
    Self.samples[0].send(into: &traffic)
    var more: [UInt8] = []
    for frame in 60..<120 {
      more += interleaved(
        0,
        rtpPacket(
          sequence: UInt16(frame), timestamp: UInt32(frame * 3_600),
          payload: [UInt8](repeating: 0x24, count: 90)))
    }
    traffic.gap(1_000, from: .fromResponder)
    traffic.send(Array(more[50...]), from: .fromResponder, isDatagram: false)
    let result = traffic.finish()
    #expect(result.streams.count == 1)
    #expect(result.streams.first?.rtp?.stream.uniquePackets == 99)
  }

  @Test func joinsInTheMiddleOfAConnection() {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 554, protocolNumber: 6)
    let bytes = Array(interleavedVideo(60)[37...])
    for start in stride(from: 0, to: bytes.count, by: 1_448) {
      traffic.send(
        Array(bytes[start..<min(start + 1_448, bytes.count)]), from: .fromResponder,
        isDatagram: false)
    }
    let result = traffic.finish()
    #expect(result.flows.first?.service == .rtsp)
    #expect(result.streams.first?.rtp?.stream.uniquePackets == 59)
  }

  @Test func recordingMakesTheClientTheSender() {
    var traffic = Traffic()
    let uri = "rtsp://relay.example/live"
    traffic.send(rtspRequest("ANNOUNCE", uri, 1), isDatagram: false)
    traffic.send(rtspRequest("RECORD", uri, 2), isDatagram: false)
    #expect(traffic.finish().flows.first?.intent == .originatorSends)
  }

  @Test func playbackIsStoredFootage() {
    var traffic = Traffic()
    traffic.send(
      rtspRequest("PLAY", "rtsp://c/Streaming/tracks/101?starttime=20260101T000000Z", 1),
      isDatagram: false)
    #expect(traffic.finish().flows.first?.storedFootage != nil)
  }

  /// The packets are of 2023-11-14 22:13 UTC.
  @Test(arguments: [
    ("Range: clock=20231114T100000Z-", true),
    ("Range: clock=20231114T100000.25Z-20231114T11Z", true),
    ("Range: Clock=20231114T221315Z-", false), ("Range: clock=20331114T221315Z-", false),
    ("Range: npt=12.5-", true), ("Range: npt=00:01:00-00:02:00", true),
    ("Range: npt=0.000-", false), ("Range: npt=now-", false), ("Range: npt=-30", false),
    ("Range: smpte=0:10:20-", true), ("Range: smpte-30-drop=00:00:00-00:10:00", false),
    ("Require: onvif-replay", true), ("Range: clock=2023", false),
    ("Range: clock=20239914T100000Z-", false),
    ("X: y", false),
  ])
  func aPartOfARecordingIsStoredFootage(header: String, isStored: Bool) {
    var traffic = Traffic()
    traffic.send(
      rtspRequest("PLAY", "rtsp://c/media/1", 1, header + "\r\n"), isDatagram: false)
    #expect((traffic.finish().flows.first?.storedFootage != nil) == isStored)
  }

  @Test func mediaOverUDPOfARecordingIsStoredFootage() {
    for isStored in [true, false] {
      var traffic = Traffic()
      traffic.addFlow(Traffic.viewer, 40_000, Traffic.camera, 554, protocolNumber: 6)
      traffic.addFlow(Traffic.camera, 6_000, Traffic.viewer, 5_000)
      for piece in rtspDialogue(
        transport: "RTP/AVP;unicast;client_port=5000-5001", answer: ";server_port=6000-6001")
      {
        traffic.send(piece.bytes, from: piece.direction, isDatagram: false)
      }
      traffic.send(
        rtspRequest(
          "PLAY", "rtsp://c/media/1", 9,
          "Range: clock=20\(isStored ? 2 : 3)31114T100000Z-\r\n"), isDatagram: false)
      RTPRecognitionTests.video(&traffic, packets: 12, flow: 1)
      #expect(traffic.finish().streams.first?.isStoredFootage == isStored)
    }
  }
}
