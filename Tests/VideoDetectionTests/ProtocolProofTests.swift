// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import MediaInspection
import PacketDecoding
import StageSamples
import Testing

@testable import ProtocolRecognition
@testable import VideoDetection

/// Every row of classifier.md 3.2: what makes a stream certain, likely, possible or nothing.
@Suite struct ProtocolProofTests {
  private func shown(_ codec: Codec = .h264, container: Container? = nil) -> MediaProof {
    var proof = MediaProof()
    proof.kind = .video
    proof.codec = codec
    proof.codecFromBitstream = codec
    proof.isBitstreamProved = true
    proof.container = container
    return proof
  }

  @Test func levelThreeWithCodecIsCertain() throws {
    let judged = ProtocolProof.judge(try rtpStream(), shown())
    #expect(judged.verdict == .certain)
    #expect(judged.media == .video)
    #expect(judged.reasons.first?.signal == "rtp_level")
    #expect(judged.reasons.first?.packets.isEmpty == false)
  }

  /// `raw` is uncompressed video, RFC 4175 and ST 2110-20; `jxsv` JPEG XS, ST 2110-22.
  @Test(arguments: [("VP8", Codec.vp8), ("raw", .raw), ("jxsv", .jpegxs), ("AV1", .av1)])
  func levelThreeNamedVideoBySignallingIsCertain(name: String, codec: Codec) throws {
    var record = try rtpStream()
    record.codecHint = CodecHint(name: name, clockRate: 90_000, media: "video", source: "sdp")
    let judged = ProtocolProof.judge(record, nil)
    #expect(judged.verdict == .certain)
    let stream = MediaStream(try SampleFlow(protocolNumber: 17).flow, record, nil, judged, nil)
    #expect(stream.codec == codec.rawValue)
    #expect(stream.media == .video)
  }

  @Test func pacedHeadersAloneAreLikely() throws {
    let judged = ProtocolProof.judge(try rtpStream(), nil)
    #expect(judged.verdict == .likely)
    #expect(judged.counterReasons.contains { $0.signal == "codec_not_shown" })
  }

  @Test func pacedHeadersOfFewBytesArePossible() throws {
    // 25 frames a second of 40 bytes are metadata, not pictures.
    let record = try rtpStream(packetsPerFrame: 1, payloadBytes: 40)
    #expect(ProtocolProof.judge(record, nil).verdict == .possible)
  }

  @Test func encryptedPayloadNeverIsCertain() throws {
    var record = try rtpStream()
    record.isEncrypted = true
    record.isWebRTC = true
    #expect(ProtocolProof.judge(record, nil).verdict == .likely)
    #expect(ProtocolProof.judge(record, shown()).verdict == .likely)
    record.codecHint = CodecHint(name: "H264", clockRate: 90_000, media: "video", source: "sdp")
    #expect(ProtocolProof.judge(record, nil).verdict == .certain)
  }

  @Test func staticPayloadTypeIsNoSignalling() throws {
    var record = try rtpStream(payloadType: 34)
    record.codecHint = CodecHint(
      name: "H263", clockRate: 90_000, media: "video", source: "static_payload_type")
    #expect(ProtocolProof.judge(record, nil).verdict == .likely)
  }

  @Test(arguments: [0, 8, 9, 14] as [UInt8])
  func audioIsNeverVideo(payloadType: UInt8) throws {
    let record = try rtpStream(
      clock: 8_000, framesPerSecond: 50, packetsPerFrame: 1, payloadType: payloadType,
      payloadBytes: 160)
    let judged = ProtocolProof.judge(record, nil)
    #expect(judged.verdict == .noEvidence)
    #expect(judged.media == .audio)
  }

  @Test func audioBySignallingIsNeverVideo() throws {
    var record = try rtpStream()
    record.codecHint = CodecHint(name: "MPA", clockRate: 90_000, media: "audio", source: "sdp")
    #expect(ProtocolProof.judge(record, nil).verdict == .noEvidence)
  }

  @Test func metadataBySignallingIsNoVideo() throws {
    var record = try rtpStream()
    record.codecHint = CodecHint(
      name: "VND.ONVIF.METADATA", clockRate: 90_000, media: "application", source: "sdp")
    #expect(ProtocolProof.judge(record, nil).verdict == .noEvidence)
  }

  @Test func shortStreamWithCodecStopsAtLikely() throws {
    // 40 packets in 0.36 s: level 2, no clock.
    let judged = ProtocolProof.judge(try rtpStream(packets: 40), shown())
    #expect(judged.verdict == .likely)
    #expect(judged.counterReasons.contains { $0.signal == "rtp_level" })
  }

  @Test func levelTwoAloneIsNothing() throws {
    #expect(ProtocolProof.judge(try rtpStream(packets: 40), nil).verdict == .noEvidence)
  }

  @Test(arguments: [(31, VideoVerdict.possible), (32, .certain)])
  func interleavedFramesOfANegotiatedVideoChannel(packets: Int, verdict: VideoVerdict) throws {
    // All in one bunch: no clock can be measured.
    var record = try rtpStream(packets: packets, framesPerSecond: 10_000)
    record.kind = .rtspInterleaved
    record.isOverTCP = true
    record.codecHint = CodecHint(name: "H265", clockRate: 90_000, media: "video", source: "sdp")
    #expect(ProtocolProof.judge(record, nil).verdict == verdict)
  }

  @Test func transportStreamInsideRTPIsCertainByItsTables() throws {
    let record = try rtpStream(packets: 20, payloadType: 33)
    let proof = shown(.mpeg2video, container: .mpegts)
    #expect(ProtocolProof.judge(record, proof).verdict == .certain)
  }

  @Test func transportStreamInsideRTPWithoutTablesIsLikely() throws {
    var proof = MediaProof()
    proof.container = .mpegts
    proof.unitsTested = 112
    proof.unitsPassed = 112
    let record = try rtpStream(packets: 16, payloadType: 33)
    #expect(ProtocolProof.judge(record, proof).verdict == .likely)
    proof.unitsPassed = 100
    #expect(ProtocolProof.judge(record, proof).verdict < .likely)
  }

  @Test func shortStreamOfAStaticVideoTypeNeedsTheClock() throws {
    func verdict(clock: Double) throws -> VideoVerdict {
      var record = try rtpStream(packets: 24, clock: clock, payloadType: 34)
      record.codecHint = CodecHint(
        name: "H263", clockRate: 90_000, media: "video", source: "static_payload_type")
      return ProtocolProof.judge(record, nil).verdict
    }
    #expect(try verdict(clock: 90_000) == .likely)
    #expect(try verdict(clock: 50_000) == .possible)
  }

  @Test func transportStreamWithoutTablesIsLikely() {
    var record = MediaStreamRecord(
      stream: 0, flow: 0, direction: .fromOriginator, isOverTCP: false, kind: .mpegts)
    record.units = 7
    var proof = MediaProof()
    proof.container = .mpegts
    proof.unitsPassed = 7
    #expect(ProtocolProof.judge(record, proof).verdict == .likely)
    proof.unitsPassed = 4
    #expect(ProtocolProof.judge(record, proof).verdict == .noEvidence)
    proof.unitsPassed = 70
    proof.programMapValid = true
    #expect(ProtocolProof.judge(record, proof).verdict == .noEvidence)
    proof.kind = .audio
    #expect(ProtocolProof.judge(record, proof).verdict == .noEvidence)
  }

  @Test func provedContainersAreCertainAndUnprovedOnesLikely() {
    for kind in [MediaStreamKind.rtmp, .http, .mpegps, .vendor] {
      var record = MediaStreamRecord(
        stream: 0, flow: 0, direction: .fromOriginator, isOverTCP: true, kind: kind)
      record.units = 10
      #expect(ProtocolProof.judge(record, shown(container: .flv)).verdict == .certain)
      var named = MediaProof()
      named.kind = .video
      #expect(ProtocolProof.judge(record, named).verdict == .likely)
      #expect(ProtocolProof.judge(record, nil).verdict == .noEvidence)
    }
  }

  @Test func secureReliableTransportAloneIsALead() {
    let record = MediaStreamRecord(
      stream: 0, flow: 0, direction: .fromOriginator, isOverTCP: false, kind: .srt)
    #expect(ProtocolProof.judge(record, nil).verdict == .possible)
  }
}
