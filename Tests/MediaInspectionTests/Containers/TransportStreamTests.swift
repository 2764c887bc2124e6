// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct TransportStreamTests {
  /// Seven packets a unit, as in a datagram of 1316 bytes.
  private func units(_ packets: [[UInt8]], framing: Bool = true) -> [SampleUnit] {
    stride(from: 0, to: packets.count, by: 7).map {
      SampleUnit(
        framing: framing ? .transportStream : .rtpPayload,
        payload: Array(packets[$0..<min($0 + 7, packets.count)].joined()), subtype: 33,
        seconds: Double($0) / 300)
    }
  }

  @Test(arguments: [true, false]) func streamIsProved(inDatagrams: Bool) throws {
    let packets = MediaSamples.transportStream(pictures: 60)
    let proof = try #require(inspect(units(packets, framing: inDatagrams)))
    #expect(proof.isBitstreamProved)
    #expect(proof.container == .mpegts)
    #expect(proof.programMapValid == true)
    #expect(proof.streamTypes == [0x1B, 0x0F])
    #expect(proof.codecFromBitstream == .h264)
    #expect(proof.audioCodec == .aac)
    #expect(proof.width == 1920)
    #expect(proof.height == 1080)
    #expect(proof.keyFrames == 3)
    #expect(proof.accessUnits == 60)
    let measured = try #require(proof.measuredFramesPerSecond)
    #expect(abs(measured - 25) < 0.01)
  }

  /// Once every time stamp has stood for one picture for a while, the bytes behind a picture's header
  /// are searched no more; nothing that is counted changes.
  @Test func aLongStreamIsCountedByItsStamps() throws {
    let packets = MediaSamples.transportStream(pictures: 200)
    let proof = try #require(inspect(packets.map { SampleUnit(payload: $0) }))
    #expect(proof.accessUnits == 200)
    #expect(proof.keyFrames == 8)
    #expect(proof.isBitstreamProved)
  }

  @Test func tablesWithWrongCRCProveNothing() throws {
    var packets = MediaSamples.transportStream(pictures: 3, videoType: 0x24)
    for index in packets.indices where packets[index][1] == 0x50 { packets[index][187] ^= 1 }
    let proof = try #require(inspect(units(packets)))
    #expect(proof.programMapValid == false)
    #expect(proof.streamTypes.isEmpty)
    #expect(proof.evidence.contains { $0.rule == "program-map" && !$0.holds })
  }

  @Test func withoutTablesTheVideoPacketsAreFollowed() throws {
    let packets = MediaSamples.transportStream(pictures: 30, withTables: false)
    let proof = try #require(inspect(units(packets)))
    #expect(proof.programMapValid == nil)
    #expect(proof.codecFromBitstream == .h264)
    #expect(proof.width == 1920)
    #expect(proof.isBitstreamProved)
  }

  /// Sync bytes alone, with null packets inside.
  @Test func stridesAloneAreNoProof() throws {
    let packet = [0x47, 0x1F, 0xFF, 0x10] + [UInt8](repeating: 0xFF, count: 184)
    let proof = try #require(inspect(units([[UInt8]](repeating: packet, count: 70))))
    #expect(proof.container == .mpegts)
    #expect(!proof.isBitstreamProved)
    #expect(proof.kind == .unknown)
  }

  @Test func soundAloneIsNoVideo() throws {
    let packets = MediaSamples.transportStream(pictures: 30, videoType: 0x04)
      .filter { $0[1] & 0x1F != 1 || $0[2] != 0 }
    let proof = try #require(inspect(units(packets)))
    #expect(!proof.isBitstreamProved)
    #expect(proof.kind == .audio)
    #expect(proof.codec == .mpegaudio)
  }

  @Test func scrambledPacketsAreSaid() throws {
    var packets = MediaSamples.transportStream(pictures: 10)
    for index in packets.indices where packets[index][1] & 0x1F == 1 { packets[index][3] |= 0x80 }
    let proof = try #require(inspect(units(packets)))
    #expect(proof.isEncryptionSuspected)
    #expect(proof.codec == .h264)
  }

  /// 0x47 & 0x1F is 7, an H.264 sequence parameter set (classifier.md 1.3).
  @Test func syncByteIsNoParameterSet() throws {
    let proof = try #require(
      inspect(MediaSamples.transportStream(pictures: 20).map { SampleUnit(payload: $0) }))
    #expect(proof.container == .mpegts)
  }

  @Test func sectionsOverSeveralPackets() throws {
    var body: [UInt8] = [0xE1, 0, 0xF0, 200] + [UInt8](repeating: 0x55, count: 200)
    body += [0x24, 0xE1, 0, 0xF0, 0]
    let section = MediaSamples.section(table: 2, identifier: 1, body: body)
    let packets = [
      MediaSamples.transportPacket(
        pid: 0, isStart: true,
        payload: MediaSamples.section(table: 0, identifier: 1, body: [0, 1, 0xF0, 0])),
      MediaSamples.transportPacket(pid: 0x1000, isStart: true, payload: Array(section[..<184])),
      MediaSamples.transportPacket(pid: 0x1000, isStart: false, payload: Array(section[184...])),
    ]
    let proof = try #require(inspect(units(packets)))
    #expect(proof.programMapValid == true)
    #expect(proof.streamTypes == [0x24])
  }
}
