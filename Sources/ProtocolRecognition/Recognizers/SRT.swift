// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Secure Reliable Transport and the older UDT whose header form it shares
/// (camera-protocols.md A12).
struct SRTRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let headerByteCount = 16

  private var streams: InlineArray<2, UInt32?> = .init(repeating: nil)
  private var acknowledging: InlineArray<2, Bool> = .init(repeating: false)
  private var lastSequence: InlineArray<2, UInt32?> = .init(repeating: nil)
  private var sawHandshake = false

  init() {}

  /// A control packet by type, reserved words and length.
  static func controlType(_ bytes: Span<UInt8>, originalLength: Int) -> Int? {
    guard bytes.count >= headerByteCount, bytes[0] == 0x80, bytes[2] == 0, bytes[3] == 0 else {
      return nil
    }
    let type = Int(bytes[1])
    let length = originalLength &- headerByteCount
    switch type {
    // Handshake: 48 bytes and extensions, version 4 or 5, MTU and window in their usual ranges.
    case 0:
      let version = bytes.integer32(16)
      return length >= 48 && (version == 4 || version == 5)
        && (500...65_535).contains(bytes.integer32(28)) ? 0 : nil
    case 1, 5: return length <= 4 ? type : nil
    // Acknowledgment: light 4, small 16, full 28 bytes; full ones in SRT may end at 24.
    case 2: return length == 4 || length == 16 || length == 24 || length == 28 ? 2 : nil
    case 3: return length >= 4 && length % 4 == 0 ? 3 : nil
    case 6: return length <= 4 ? 6 : nil
    default: return nil
    }
  }

  static let firstBytes = FirstBytes(0x80...0x80)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    switch controlType(bytes, originalLength: hint.originalLength) {
    case nil: .notMine
    case 0?: .certain
    default: .unsure
    }
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    context.setService(.srt, chunk)
    guard bytes.count >= Self.headerByteCount else { return .foreignDatagram }
    let side = Int(chunk.direction.rawValue)
    if bytes[0] & 0x80 != 0 {
      let type = Self.controlType(bytes, originalLength: chunk.originalLength)
      if type == 0 {
        sawHandshake = true
        streamIdentifier(bytes, chunk, &context)
      } else if type == 2 {
        acknowledging[side] = true
      }
      return .more
    }
    data(bytes, chunk, side, &context)
    return .more
  }

  private mutating func data(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ side: Int, _ context: inout RecognitionContext
  ) {
    if streams[side] == nil {
      streams[side] = context.addStream(.srt, direction: chunk.direction)
    }
    guard let stream = streams[side] else { return }
    let sequence = bytes.integer32(0)
    let isNext = lastSequence[side].map { sequence == ($0 &+ 1) & 0x7FFF_FFFF } ?? true
    lastSequence[side] = sequence
    // KK: encryption by the even or odd key.
    let isEncrypted = bytes[4] & 0x18 != 0
    if isEncrypted { context.streams[Int(stream)].isEncrypted = true }
    let payload = bytes.extracting(Self.headerByteCount..<bytes.count)
    let part = chunk.part(Self.headerByteCount, payload.count)
    let whole = payload.count / MPEGTransportStreamRecognizer.packetByteCount
    if !isEncrypted, whole > 0, MPEGTransportStreamRecognizer.strides(payload) >= whole {
      context.emit(
        stream, .transportStream,
        payload.extracting(0..<whole * MPEGTransportStreamRecognizer.packetByteCount), part,
        followsGap: !isNext)
    } else {
      context.count(stream, payload.count, part)
    }
  }

  /// Extension 5 of the conclusion handshake: the stream identifier, each word reversed.
  private func streamIdentifier(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    var offset = Self.headerByteCount &+ 48
    while offset &+ 4 <= bytes.count {
      let length = bytes.integer16(offset &+ 2) &* 4
      if bytes.integer16(offset) == 5, offset &+ 4 &+ length <= bytes.count {
        var text: [UInt8] = []
        for word in 0..<length / 4 {
          for index in (0..<4).reversed() {
            let byte = bytes[offset &+ 4 &+ word &* 4 &+ index]
            if byte != 0 { text.append(byte) }
          }
        }
        // Stream identifiers may hold user names and keys (`u=`, `s=`); the resource name alone is
        // kept.
        context.addDetail(.application, Self.resource(text), chunk)
        return
      }
      offset &+= 4 &+ length
    }
  }

  /// `r=` of the usual syntax `#!::r=name,u=user`; otherwise the whole, masked.
  private static func resource(_ text: [UInt8]) -> String {
    let whole = String(decoding: text.prefix(255), as: UTF8.self)
    guard whole.hasPrefix("#!::") else { return Authentication.masked(whole) }
    for part in whole.dropFirst(4).split(separator: ",") where part.hasPrefix("r=") {
      return String(part.dropFirst(2))
    }
    return ""
  }
}
