// SPDX-License-Identifier: Apache-2.0

/// The tags of an FLV file or stream (Adobe FLV 10.1, annex E), read as bytes come.
struct FLVReader {
  /// Bytes kept of one tag; the first NAL units of a frame lie there.
  static let maximumTag = 65_536

  private var header: [UInt8] = []
  private var body: [UInt8] = []

  /// Bytes of the tag under way.
  var heldByteCount: Int { body.count }
  private var left = 0
  private var sawFileHeader = false
  private var isBroken = false
  private var hasGap = false

  /// Whether bytes begin as an FLV file: signature, version 1, header size 9.
  static func isHeader(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 9 && bytes.has("FLV") && bytes[3] == 1 && bytes.integer32(5) == 9
  }

  /// Reads the next bytes of the file.
  mutating func read(
    _ bytes: Span<UInt8>, stream: UInt32, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    var offset = 0
    while offset < bytes.count, !isBroken {
      if left > 0 {
        let taken = min(left, bytes.count - offset)
        let room = max(0, min(taken, Self.maximumTag - body.count))
        body.append(contentsOf: bytes, in: offset..<offset + room)
        left -= taken
        offset += taken
        if left == 0 { emit(stream, chunk, &context) }
        continue
      }
      // File header 9 + first back pointer 4; then tag header 11, each after a back pointer of 4.
      let wanted = sawFileHeader ? 11 : 13
      header.append(bytes[offset])
      offset += 1
      guard header.count == wanted else { continue }
      if !sawFileHeader {
        sawFileHeader = true
        isBroken = !Self.isHeader(header.span)
        header.removeAll(keepingCapacity: true)
        continue
      }
      // The body and the back pointer that follows it.
      let type = header[0] & 0x1F
      isBroken = type != 8 && type != 9 && type != 18
      left = header.span.integer24(1) + 4
    }
  }

  private mutating func emit(
    _ stream: UInt32, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    let type = header[0] & 0x1F
    let length = min(header.span.integer24(1), body.count)
    let timestamp = UInt32(header.span.integer24(4)) | UInt32(header[7]) << 24
    if type != 18, length > 0 {
      var part = chunk
      part.region = nil
      context.emit(
        stream, .flvTag, body.span.extracting(0..<length), part, isLastOfAccessUnit: true,
        followsGap: hasGap, subtype: type, timestamp: timestamp)
      hasGap = false
    }
    body.removeAll(keepingCapacity: true)
    header.removeAll(keepingCapacity: true)
  }

  /// `count` bytes are missing.
  mutating func skip(_ count: Int) {
    hasGap = true
    if count < left { left -= count } else { isBroken = true }
  }
}
