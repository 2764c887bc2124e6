// SPDX-License-Identifier: Apache-2.0

import Foundation
import MediaInspection
import PacketDecoding
import ProtocolRecognition
import Testing

/// Real captures, when `LENSTRACE_CAPTURES` names their folder.
@Suite(
  .enabled(
    if: ProcessInfo.processInfo.environment["LENSTRACE_CAPTURES"] != nil,
    "LENSTRACE_CAPTURES is not set"))
struct CaptureTests {
  /// RTP payloads of one sender in a classic little-endian capture of Ethernet, IPv4 and UDP.
  private func inspect(_ name: String, source: UInt32) throws -> MediaProof? {
    let folder = try #require(ProcessInfo.processInfo.environment["LENSTRACE_CAPTURES"])
    let file = try [UInt8](Data(contentsOf: URL(filePath: folder).appending(path: name)))
    func little(_ offset: Int) -> Int {
      (0..<4).reduce(0) { $0 | Int(file[offset + $1]) << ($1 * 8) }
    }
    func big(_ offset: Int, _ count: Int) -> Int {
      (0..<count).reduce(0) { $0 << 8 | Int(file[offset + $1]) }
    }
    var inspector = MediaInspector()
    var offset = 24
    var frame: UInt64 = 0
    var expected: Int?
    while offset + 16 <= file.count {
      let captured = little(offset + 8)
      let time = Int64(little(offset)) * 1_000_000_000 + Int64(little(offset + 4)) * 1000
      let start = offset + 16
      frame += 1
      offset = start + captured
      let udp = start + 14 + 20
      guard captured > 14 + 20 + 8 + 12, big(start + 12, 2) == 0x0800, file[start + 23] == 17,
        file[start + 14] == 0x45, big(udp + 8 + 8, 4) == Int(source), file[udp + 8] == 0x80
      else { continue }
      let sequence = big(udp + 10, 2)
      let unit = MediaUnit(
        stream: 0, framing: .rtpPayload, isLastOfAccessUnit: file[udp + 9] & 0x80 != 0,
        followsGap: expected.map { $0 != sequence } ?? false, subtype: file[udp + 9] & 0x7F,
        timestamp: UInt32(big(udp + 12, 4)),
        packet: PacketReference(file: 0, frame: frame, time: time))
      expected = (sequence + 1) & 0xFFFF
      let payload = Array(file[(udp + 20)..<(udp + big(udp + 4, 2))])
      inspector.inspect(unit, payload.span)
    }
    return inspector.proof(ofStream: 0)
  }

  /// SSRC 0x693DC6CC of labels.tsv; size and rate as `ffprobe` reads them from its parameter set.
  @Test func h264OfASoftphone() throws {
    let proof = try #require(
      try inspect("video_rtp/sippscen__h264.pcap", source: 0x693D_C6CC))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .h264)
    #expect(proof.width == 640)
    #expect(proof.height == 480)
    #expect(proof.statedFramesPerSecond == 15)
    let measured = try #require(proof.measuredFramesPerSecond)
    #expect(abs(measured - 22.69) < 0.1)
    #expect(proof.keyFrames == 15)
    #expect(proof.unitsPassed == proof.unitsTested)
    #expect(proof.unitsTested == 3896)
  }
}
