// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// Who every prefix of hardware addresses was given to, as far as the makers of cameras and of what
/// looks like cameras (``HardwareVendors``) are not meant: a name for people, and no mark.
///
/// From the IEEE registry of ``HardwareVendors/registryDate``. The rows are searched as they stand in
/// the program: to read all 42,000 in every run, or only to copy them, would cost more than many
/// captures.
struct HardwareRegistrants: Sendable {
  /// The embedded table.
  static let shared = HardwareRegistrants(
    prefixes: hardwareRegistrantPrefixes, names: hardwareRegistrantNames)

  /// Hexadecimal digits of a row: prefix and its length, offset of the name; a line end follows.
  private static let keyLength = 10
  private static let offsetLength = 6
  private static let rowLength = keyLength + offsetLength + 1
  /// Digits of the longest prefix.
  private static let prefixLength = 9

  private let prefixes: StaticString
  private let names: StaticString

  init(prefixes: StaticString, names: StaticString) {
    self.prefixes = prefixes
    self.names = names
  }

  /// Number of prefixes.
  var count: Int { (prefixes.utf8CodeUnitCount + 1) / Self.rowLength }

  /// The registrant of a prefix of `length` bits (24, 28 or 36).
  ///
  /// - Complexity: O(log *n*).
  func name(ofPrefix bits: UInt64, length: UInt64) -> String? {
    let digits = Int(length / 4)
    guard digits > 0, digits <= Self.prefixLength else { return nil }
    let key = Self.text(bits << UInt64(4 * (Self.prefixLength + 1 - digits)) | UInt64(digits))
    return VendorTable.withBytes(of: prefixes) { rows in
      var low = 0
      var high = count
      while low < high {
        let middle = (low + high) / 2
        if Self.order(of: middle, in: rows, key) < 0 { low = middle + 1 } else { high = middle }
      }
      guard low < count, Self.order(of: low, in: rows, key) == 0 else { return nil }
      let start = low * Self.rowLength + Self.keyLength
      return name(at: Int(Self.number(at: start, in: rows, digits: Self.offsetLength)))
    }
  }

  /// The name that begins at an offset.
  private func name(at start: Int) -> String? {
    VendorTable.withBytes(of: names) { names in
      guard start < names.count else { return nil }
      let end = names.firstIndex(of: UInt8(ascii: "\n"), ignoring: 0, in: start..<names.count)
      return names.text(start..<(end ?? names.count))
    }
  }

  /// The digits of a key as they stand in the rows, whose order as text is that of the numbers.
  private static func text(_ key: UInt64) -> InlineArray<10, UInt8> {
    InlineArray { index in
      let digit = UInt8(truncatingIfNeeded: key >> UInt64(4 * (keyLength - 1 - index))) & 0x0F
      return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") - 10 + digit
    }
  }

  /// Below 0 where a row comes before a key, 0 where it is the key's own.
  private static func order(
    of row: Int, in rows: Span<UInt8>, _ key: InlineArray<10, UInt8>
  ) -> Int {
    let start = row * rowLength
    guard start >= 0, start + keyLength <= rows.count else { return 1 }
    for index in 0..<keyLength where rows[start + index] != key[index] {
      return rows[start + index] < key[index] ? -1 : 1
    }
    return 0
  }

  /// The hexadecimal number at an offset of the rows; digits that are not there count as 0.
  private static func number(
    at offset: Int, in rows: Span<UInt8>, digits: Int
  ) -> UInt64 {
    var number: UInt64 = 0
    for index in offset..<offset + digits {
      let digit = rows.indices.contains(index) ? rows[index] : UInt8(ascii: "0")
      number = number << 4 | UInt64(digit < 0x41 ? digit & 0x0F : (digit & 0x0F) + 9)
    }
    return number
  }
}
