// SPDX-License-Identifier: Apache-2.0

/// Reads JSON (RFC 8259) piece by piece, in the order in which it stands, without a tree.
///
/// A saved analysis is a file from somewhere: depth is bounded, every index is guarded, and what
/// is not understood throws.
struct JSONReader {
  /// Why the text could not be read.
  struct Failure: Error {
    /// Where, in bytes from the beginning.
    var offset: Int
    /// What was found.
    var reason: String
  }

  /// Deepest nesting read; an analysis needs eight.
  static let depthLimit = 32

  private let bytes: [UInt8]
  private var index = 0
  private var depth = 0

  init(_ bytes: [UInt8]) { self.bytes = bytes }

  func failure(_ reason: String) -> Failure { Failure(offset: index, reason: reason) }

  private mutating func skipBlanks() {
    while index < bytes.count {
      switch bytes[index] {
      case 0x20, 0x0A, 0x0D, 0x09: index += 1
      default: return
      }
    }
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    skipBlanks()
    guard index < bytes.count, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func takeWord(_ word: StaticString) -> Bool {
    skipBlanks()
    let text = "\(word)"
    guard bytes[index...].starts(with: text.utf8) else { return false }
    index += text.utf8.count
    return true
  }

  /// Reads an object; `member` must read the value of each key it is called with.
  mutating func object(
    _ member: (String, inout JSONReader) throws -> Void
  ) throws {
    guard take(UInt8(ascii: "{")) else { throw failure("no object where one must be") }
    try deepen()
    defer { depth -= 1 }
    if take(UInt8(ascii: "}")) { return }
    repeat {
      let key = try text()
      guard take(UInt8(ascii: ":")) else { throw failure("no colon after a key") }
      try member(key, &self)
    } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "}")) else { throw failure("no comma or brace after a value") }
  }

  /// Reads an array; `element` must read one element each time it is called.
  mutating func array(_ element: (inout JSONReader) throws -> Void) throws {
    guard take(UInt8(ascii: "[")) else { throw failure("no array where one must be") }
    try deepen()
    defer { depth -= 1 }
    if take(UInt8(ascii: "]")) { return }
    repeat { try element(&self) } while take(UInt8(ascii: ","))
    guard take(UInt8(ascii: "]")) else { throw failure("no comma or bracket after a value") }
  }

  /// Reads an array into a list.
  mutating func list<Element>(
    _ element: (inout JSONReader) throws -> Element
  ) throws -> [Element] {
    var result: [Element] = []
    try array { reader in result.append(try element(&reader)) }
    return result
  }

  private mutating func deepen() throws {
    depth += 1
    guard depth <= Self.depthLimit else { throw failure("nested too deep") }
  }

  /// The first byte of the next value; 0 at the end.
  mutating func nextByte() -> UInt8 {
    skipBlanks()
    return index < bytes.count ? bytes[index] : 0
  }

  /// Reads `null` where it stands.
  mutating func null() -> Bool { takeWord("null") }

  /// Reads a truth value.
  mutating func flag() throws -> Bool {
    if takeWord("true") { return true }
    if takeWord("false") { return false }
    throw failure("no truth value where one must be")
  }

  /// Reads a number as it is written.
  private mutating func digits() throws -> String {
    skipBlanks()
    let start = index
    while index < bytes.count, "+-.eE0123456789".utf8.contains(bytes[index]) { index += 1 }
    guard index > start else { throw failure("no number where one must be") }
    return String(decoding: bytes[start..<index], as: UTF8.self)
  }

  /// Reads a whole number that fits its type.
  mutating func number<Number: FixedWidthInteger>() throws -> Number {
    guard let number = Number(try digits()) else { throw failure("a number out of its range") }
    return number
  }

  /// Reads a number.
  mutating func decimal() throws -> Double {
    guard let number = Double(try digits()), number.isFinite else {
      throw failure("a number out of its range")
    }
    return number
  }

  /// Reads a text.
  mutating func text() throws -> String {
    guard take(UInt8(ascii: "\"")) else { throw failure("no text where one must be") }
    var text: [UInt8] = []
    while index < bytes.count {
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
      case UInt8(ascii: "\\"): try escape(into: &text)
      case 0..<0x20: throw failure("a control character in a text")
      default: text.append(byte)
      }
    }
    throw failure("a text without its closing quote")
  }

  private mutating func escape(into text: inout [UInt8]) throws {
    guard index < bytes.count else { throw failure("a text without its closing quote") }
    let byte = bytes[index]
    index += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): text.append(byte)
    case UInt8(ascii: "b"): text.append(8)
    case UInt8(ascii: "f"): text.append(12)
    case UInt8(ascii: "n"): text.append(10)
    case UInt8(ascii: "r"): text.append(13)
    case UInt8(ascii: "t"): text.append(9)
    case UInt8(ascii: "u"):
      var unit = try codeUnit()
      if unit >> 10 == 0x36, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
        bytes[index + 1] == UInt8(ascii: "u")
      {
        index += 2
        let low = try codeUnit()
        unit = low >> 10 == 0x37 ? 0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF)) : 0xFFFD
      }
      text.append(contentsOf: String(Unicode.Scalar(unit) ?? "\u{FFFD}").utf8)
    default: throw failure("an unknown escape in a text")
    }
  }

  private mutating func codeUnit() throws -> UInt32 {
    guard index + 4 <= bytes.count,
      let unit = UInt32(String(decoding: bytes[index..<(index + 4)], as: UTF8.self), radix: 16)
    else { throw failure("four hexadecimal digits must follow \\u") }
    index += 4
    return unit
  }

  /// Passes over any value.
  mutating func skip() throws {
    skipBlanks()
    guard index < bytes.count else { throw failure("the text ends early") }
    switch bytes[index] {
    case UInt8(ascii: "{"):
      try object { _, reader in try reader.skip() }
    case UInt8(ascii: "["): try array { reader in try reader.skip() }
    case UInt8(ascii: "\""): _ = try text()
    case UInt8(ascii: "t"), UInt8(ascii: "f"): _ = try flag()
    case UInt8(ascii: "n"):
      guard null() else { throw failure("no value where one must be") }
    default: _ = try decimal()
    }
  }

  /// Reads a value, or `nil` for `null`.
  mutating func optional<Value>(
    _ value: (inout JSONReader) throws -> Value
  ) throws -> Value? {
    null() ? nil : try value(&self)
  }

  /// Makes sure that nothing follows.
  mutating func end() throws {
    skipBlanks()
    guard index == bytes.count else { throw failure("text after the end") }
  }
}
