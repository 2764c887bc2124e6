// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// WebSocket frames, [RFC 6455 §5.2](https://www.rfc-editor.org/rfc/rfc6455#section-5.2), of one
/// direction; their payload is handed on as one stream of bytes.
struct WebSocketReader {
  private var header: [UInt8] = []
  private var left = 0
  private var mask: [UInt8] = []
  private var position = 0
  private var isData = false
  private var isBroken = false

  /// Reads the next bytes of the connection.
  mutating func read(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ body: inout MediaBody,
    _ context: inout RecognitionContext
  ) {
    var offset = 0
    var images: UInt32?
    while offset < bytes.count, !isBroken {
      if left > 0 {
        let taken = min(left, bytes.count - offset)
        let part = bytes.extracting(offset..<offset + taken)
        if isData {
          if mask.isEmpty {
            body.read(part, images: &images, chunk.part(offset, taken), &context)
          } else {
            var clear = part.array(0..<taken)
            for index in clear.indices { clear[index] ^= mask[(position + index) & 3] }
            var copy = chunk
            copy.region = nil
            body.read(clear.span, images: &images, copy, &context)
          }
        }
        position += taken
        left -= taken
        offset += taken
        continue
      }
      header.append(bytes[offset])
      offset += 1
      guard header.count >= 2 else { continue }
      let short = Int(header[1] & 0x7F)
      let extra = short == 126 ? 2 : short == 127 ? 8 : 0
      let isMasked = header[1] & 0x80 != 0
      guard header.count == 2 + extra + (isMasked ? 4 : 0) else { continue }
      // Reserved bits and operation codes other than 0...2 and 8...10 mean lost framing.
      let code = header[0] & 0x0F
      isBroken = header[0] & 0x70 & ~0x40 != 0 || (code > 2 && !(8...10).contains(code))
      var length = UInt64(short)
      if extra == 2 { length = UInt64(header.span.integer16(2)) }
      if extra == 8 { length = header.span.integer64(2) }
      isBroken = isBroken || length > 1 << 40
      left = isBroken ? 0 : Int(length)
      isData = code <= 2
      mask = isMasked ? Array(header.suffix(4)) : []
      position = 0
      header.removeAll(keepingCapacity: true)
    }
  }
}
