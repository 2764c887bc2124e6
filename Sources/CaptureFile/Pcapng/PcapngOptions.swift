// SPDX-License-Identifier: Apache-2.0

/// The options at the end of a pcapng block, section 3.5 of the draft.
///
/// ```
/// +---------------+---------------+----------------------- - -
/// | code (16)     | length (16)   | value, padded to 32 bits
/// +---------------+---------------+----------------------- - -
/// ```
///
/// A list that breaks off ends where it breaks off.
struct PcapngOptions {
  /// One option, as positions in the block.
  struct Option {
    var code: UInt16
    var value: Range<Int>
  }

  private var position: Int
  private let end: Int
  private let isBigEndian: Bool

  /// The options in `range` of a block.
  init(_ range: Range<Int>, isBigEndian: Bool) {
    position = range.lowerBound
    end = range.upperBound
    self.isBigEndian = isBigEndian
  }

  /// The next option but the end mark.
  mutating func next(_ bytes: Span<UInt8>) -> Option? {
    guard end &- position >= 4, end <= bytes.count else { return nil }
    let header = bytes.extracting(position..<position &+ 4)
    let code = isBigEndian ? BigEndian.load16(header, 0) : LittleEndian.load16(header, 0)
    let length = Int(isBigEndian ? BigEndian.load16(header, 2) : LittleEndian.load16(header, 2))
    guard code != 0, end &- position &- 4 >= length else { return nil }
    let start = position &+ 4
    // The padding of the last option may be missing.
    position = min(start &+ (length &+ 3) & ~3, end)
    return Option(code: code, value: start..<start &+ length)
  }
}

/// Reading of option values.
struct PcapngValue {
  /// `opt_comment`.
  static let comment: UInt16 = 1

  var isBigEndian: Bool

  /// Greatest number of bytes of a name or description that are kept (DESIGN.md section 9).
  static let maximumNameByteCount = 255

  /// Text as UTF-8, with what is none replaced; ends at a zero byte or after `limit` bytes.
  static func text(_ bytes: Span<UInt8>, _ range: Range<Int>, limit: Int = .max) -> String {
    var scalars: [UInt8] = []
    scalars.reserveCapacity(min(range.count, limit))
    for index in range.prefix(limit) {
      let byte = bytes[index]
      if byte == 0 { break }
      scalars.append(byte)
    }
    return String(decoding: scalars, as: UTF8.self)
  }

  /// An unsigned number of 4 bytes.
  func word(_ bytes: Span<UInt8>, _ offset: Int) -> UInt32 {
    isBigEndian ? BigEndian.load32(bytes, offset) : LittleEndian.load32(bytes, offset)
  }

  /// An unsigned number of 2 bytes.
  func half(_ bytes: Span<UInt8>, _ offset: Int) -> UInt16 {
    isBigEndian ? BigEndian.load16(bytes, offset) : LittleEndian.load16(bytes, offset)
  }

  /// An unsigned number of 8 bytes in the section's order.
  func long(_ bytes: Span<UInt8>, _ range: Range<Int>) -> UInt64? {
    guard range.count == 8 else { return nil }
    return isBigEndian
      ? BigEndian.load64(bytes, range.lowerBound, highFirst: true)
      : LittleEndian.load64(bytes, range.lowerBound, highFirst: false)
  }
}
