// SPDX-License-Identifier: Apache-2.0

/// Header of a packetized elementary stream packet (ISO/IEC 13818-1 §2.4.3.6).
struct PacketizedElementaryStream: Sendable {
  /// stream_id: 0xE0 to 0xEF video, 0xC0 to 0xDF audio.
  let streamIdentifier: UInt8
  /// PES_packet_length, 0 for unbounded video in a transport stream.
  let packetLength: Int
  /// Where the payload begins.
  let payloadOffset: Int
  /// The 90 kHz presentation time stamp, nil when absent.
  let presentationTime: UInt64?
  /// Whether scrambling control is not 0.
  let isScrambled: Bool

  /// Reads a header of the MPEG-2 form; nil when it is none or is cut.
  init?(_ bytes: Span<UInt8>) {
    guard bytes.count >= 9, bytes.integer24(0) == 1, bytes[3] >= 0xBD, bytes[6] & 0xC0 == 0x80
    else { return nil }
    streamIdentifier = bytes[3]
    packetLength = bytes.integer16(4)
    payloadOffset = 9 &+ Int(bytes[8])
    isScrambled = bytes[6] & 0x30 != 0
    if bytes[7] & 0x80 != 0, bytes[8] >= 5, bytes.count >= 14, bytes[9] & 1 == 1 {
      let high = UInt64(bytes[9] >> 1 & 7) << 30
      presentationTime =
        high | UInt64(bytes.integer16(10) >> 1) << 15 | UInt64(bytes.integer16(12) >> 1)
    } else {
      presentationTime = nil
    }
  }

  var isVideo: Bool { 0xE0...0xEF ~= streamIdentifier }
  var isAudio: Bool { 0xC0...0xDF ~= streamIdentifier }
}
