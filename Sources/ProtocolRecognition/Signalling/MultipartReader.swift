// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// The parts of a multipart body ([RFC 2046 §5.1](https://www.rfc-editor.org/rfc/rfc2046#section-5.1)),
/// as cameras send Motion-JPEG (`multipart/x-mixed-replace`) and alarms with pictures.
struct MultipartReader {
  /// Longest head of a part.
  static let maximumHead = 4_096
  /// Bytes of a part without a length that are looked at.
  static let maximumPart = 4 << 20

  private var delimiter: [UInt8]
  private var head: [UInt8] = []
  private var isInHead = true
  /// Bytes of the part still to come; -1 when the delimiter ends it.
  private var left = 0
  private var partCount = 0
  /// How much of the delimiter the last bytes matched.
  private var matched = 0
  private var body = MediaBody()
  /// Streams inside parts that go on from part to part (Tapo sends one transport stream so).
  private var continuing: MediaBody?
  private var isContinued = false

  init(boundary: [UInt8], direction: FlowDirection) {
    delimiter = Array("\r\n--".utf8) + boundary
  }

  /// Reads the next bytes of the body.
  mutating func read(
    _ bytes: Span<UInt8>, images: inout UInt32?, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    var offset = 0
    while offset < bytes.count {
      if isInHead {
        head.append(bytes[offset])
        offset += 1
        if head.count > Self.maximumHead { head.removeFirst(Self.maximumHead / 2) }
        let isEnd =
          head.last == 0x0A && head.count >= 4
          && (head[head.count - 2] == 0x0A
            || (head[head.count - 3] == 0x0A && head[head.count - 2] == 0x0D))
        // The blank line that ends the part before is no head.
        if isEnd, head.contains(UInt8(ascii: ":")) { begin() }
        continue
      }
      if left > 0 {
        let taken = min(left, bytes.count - offset)
        feed(
          bytes.extracting(offset..<offset + taken), images: &images, chunk.part(offset, taken),
          &context)
        left -= taken
        offset += taken
        if left == 0 { finish(chunk, &context) }
        continue
      }
      // Without a length: up to the next delimiter.
      let start = offset
      while offset < bytes.count, matched < delimiter.count {
        matched =
          bytes[offset] == delimiter[matched] ? matched + 1 : bytes[offset] == delimiter[0] ? 1 : 0
        offset += 1
      }
      feed(
        bytes.extracting(start..<offset), images: &images, chunk.part(start, offset - start),
        &context)
      partCount += offset - start
      if matched == delimiter.count || partCount > Self.maximumPart {
        matched = 0
        finish(chunk, &context)
      }
    }
  }

  private mutating func begin() {
    isInHead = false
    partCount = 0
    matched = 0
    left = -1
    var lines: [UInt8] = []
    swap(&lines, &head)
    let span = lines.span
    if let found = span.firstIndex(of: "content-length:", in: 0..<span.count) {
      var digit = found + 15
      while digit < span.count, span[digit] == 0x20 { digit += 1 }
      if let length = span.leadingDecimal(from: digit, to: span.count) { left = length.value }
    }
    isContinued = span.firstIndex(of: "video/mp2t", in: 0..<span.count) != nil
    if left == 0 { isInHead = true }
  }

  private mutating func feed(
    _ bytes: Span<UInt8>, images: inout UInt32?, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    if isContinued {
      if continuing == nil { continuing = MediaBody() }
      continuing?.read(bytes, images: &images, chunk, &context)
    } else {
      body.isRunning = true
      body.read(bytes, images: &images, chunk, &context)
    }
  }

  private mutating func finish(_ chunk: Chunk, _ context: inout RecognitionContext) {
    body.end(chunk, &context)
    body = MediaBody()
    isInHead = true
    left = 0
  }

  /// Bytes are missing: the next head is searched for.
  mutating func skip() {
    isInHead = true
    head = []
    body = MediaBody()
    left = 0
  }

  /// The message ended.
  mutating func end(_ chunk: Chunk, _ context: inout RecognitionContext) {
    body.end(chunk, &context)
    continuing?.release(&context)
  }
}
