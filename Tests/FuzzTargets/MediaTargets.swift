// SPDX-License-Identifier: Apache-2.0

import MediaInspection
import PacketDecoding
import ProtocolRecognition
import TestSupport

/// Pieces as media units of one stream.
enum MediaTargets {
  private static let containerFramings: [MediaFraming] = [
    .transportStream, .programStream, .flvTag, .isoBaseMedia, .jpegImage, .dhav, .annexB,
    .gigEVision,
  ]

  /// The head names the codec that signalling promised, above the codecs none.
  static func readCodec(_ bytes: [UInt8]) {
    var reader = InputReader(bytes)
    let head = Int(reader.byte())
    let hint = head < Codec.allCases.count ? Codec.allCases[head] : nil
    read(&reader, .rtpPayload, hint: hint)
  }

  /// The head chooses the framing.
  static func readContainer(_ bytes: [UInt8]) {
    var reader = InputReader(bytes)
    let head = Int(reader.byte())
    read(&reader, containerFramings[head % containerFramings.count], hint: nil)
  }

  /// The low bits of the control byte mark the unit; the others are its subtype.
  private static func read(_ reader: inout InputReader, _ framing: MediaFraming, hint: Codec?) {
    var inspector = MediaInspector()
    if let hint { inspector.setCodecHint(hint, forStream: 0) }
    var frame: UInt64 = 0
    var timestamp: UInt32 = 0
    while let piece = reader.piece() {
      frame += 1
      if let hint, piece.control & 8 != 0 {
        inspector.setParameterSets(piece.bytes.span, codec: hint, forStream: 0)
        continue
      }
      if piece.control & 1 != 0 { timestamp &+= 3_600 }
      inspector.inspect(
        MediaUnit(
          stream: 0, framing: framing, isLastOfAccessUnit: piece.control & 2 != 0,
          followsGap: piece.control & 4 != 0, subtype: piece.control >> 4, timestamp: timestamp,
          packet: PacketReference(file: 0, frame: frame, time: Int64(frame) * 40_000_000)),
        piece.bytes.span)
    }
    guard let proof = inspector.proof(ofStream: 0) else { return }
    precondition(proof.unitsPassed <= proof.unitsTested, "more units passed than were tested")
    if let width = proof.width { precondition((1...65_536).contains(width), "width \(width)") }
    if let rate = proof.statedFramesPerSecond { precondition(rate > 0 && rate <= 1_000) }
    if let seconds = proof.footageSeconds { precondition(seconds >= 0 && seconds < 1e20) }
  }
}
