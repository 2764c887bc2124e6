// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Media that a TCP connection carries with no protocol around it: FLV, program stream, MP4, DHAV
/// and JPEG files (FTP data connections of cameras, `extendedFlv` of UniFi, TCP listeners).
struct RawMediaRecognizer: Recognizer {
  static let readsDatagrams = false
  static let readsStreams = true

  private var bodies: InlineArray<2, MediaBody> = .init(repeating: MediaBody())
  private var images: InlineArray<2, UInt32?> = .init(repeating: nil)
  private var last: InlineArray<2, Chunk?> = .init(repeating: nil)

  init() {}

  static let firstBytes = FirstBytes(of: ["FLV", "DHAV"], and: 0x00, 0xFF)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard bytes.count >= MediaBody.sniffed else { return .notMine }
    if FLVReader.isHeader(bytes) { return .certain }
    // Pack header with the marker bits of ISO/IEC 13818-1 §2.5.3.3.
    if bytes.integer32(0) == 0x0000_01BA, bytes[4] & 0xC4 == 0x44, bytes[6] & 4 == 4,
      bytes[8] & 4 == 4, bytes[9] & 1 == 1
    {
      return .certain
    }
    if bytes.has("DHAV"), [0xFD, 0xFC, 0xF0, 0xF1].contains(bytes[4]) { return .certain }
    if bytes.has("ftyp", at: 4), bytes.integer32(0) <= 256 { return .certain }
    // JFIF and Exif.
    if bytes.integer32(0) & 0xFFFF_FFF0 == 0xFFD8_FFE0 { return .certain }
    return .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    let side = Int(chunk.direction.rawValue)
    last[side] = chunk
    let before = context.streams.count
    bodies[side].read(bytes, images: &images[side], chunk, &context)
    for index in before..<context.streams.count {
      switch bytes.integer32(0) {
      case 0x0000_01BA:
        context.streams[index].kind = .mpegps
        context.setService(.mpegps, chunk)
      case 0x4448_4156:
        context.streams[index].kind = .vendor
        context.streams[index].vendorProtocol = "dahua"
        context.setService(.dahua, chunk)
      default: break
      }
    }
    return bodies[side].isOther ? .directionDone : .more
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    bodies[Int(direction.rawValue)].skip(count, direction, &context)
  }

  mutating func end(_ context: inout RecognitionContext) {
    for side in 0..<2 {
      if let chunk = last[side] { bodies[side].end(chunk, &context) }
    }
  }
}
