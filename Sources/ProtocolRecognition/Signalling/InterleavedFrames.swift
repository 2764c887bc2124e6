// SPDX-License-Identifier: Apache-2.0

/// `$` frames, RFC 2326 §10.12.
enum InterleavedFrames {
  /// Shortest frame that carries RTP or RTCP.
  static let minimumLength = 8

  /// Whether a frame with RTP or RTCP begins at `offset`, as far as bytes are there.
  static func isFrame(_ bytes: Span<UInt8>, at offset: Int) -> Bool {
    guard offset &+ 6 <= bytes.count, bytes[offset] == UInt8(ascii: "$"),
      bytes.integer16(offset &+ 2) >= minimumLength, bytes[offset &+ 4] & 0xC0 == 0x80
    else { return false }
    let type = bytes[offset &+ 5]
    return RTCPPacket.packetTypes.contains(type)
      || !RTPHeader.conflictingPayloadTypes.contains(type & 0x7F)
  }

  /// Number of frames that follow each other from `offset` on, 3 at most.
  static func chain(_ bytes: Span<UInt8>, from offset: Int) -> Int {
    var position = offset
    var number = 0
    while number < 3, isFrame(bytes, at: position) {
      number &+= 1
      position &+= 4 &+ bytes.integer16(position &+ 2)
    }
    return number
  }
}
