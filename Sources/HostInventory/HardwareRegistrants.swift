// SPDX-License-Identifier: Apache-2.0

/// Who every prefix of hardware addresses was given to, as far as the makers of cameras and of what
/// looks like cameras (``HardwareVendors``) are not meant: a name for people, and no mark.
///
/// From the IEEE registry of ``HardwareVendors/registryDate``. The rows are searched as they stand in
/// the program: to read all 42,000 in every run would cost more than many captures.
struct HardwareRegistrants: Sendable {
  /// The embedded table, copied on first use.
  static let shared = HardwareRegistrants(
    prefixes: hardwareRegistrantPrefixes, names: hardwareRegistrantNames)

  /// Hexadecimal digits of a row: prefix and its length, offset of the name; a line end follows.
  private static let keyLength = 10
  private static let offsetLength = 6
  private static let rowLength = keyLength + offsetLength + 1
  /// Digits of the longest prefix.
  private static let prefixLength = 9

  private let prefixes: [UInt8]
  private let names: [UInt8]

  init(prefixes: StaticString, names: StaticString) {
    self.prefixes = Array("\(prefixes)".utf8)
    self.names = Array("\(names)".utf8)
  }

  /// Number of prefixes.
  var count: Int { (prefixes.count + 1) / Self.rowLength }

  /// The registrant of a prefix of `length` bits (24, 28 or 36).
  ///
  /// - Complexity: O(log *n*).
  func name(ofPrefix bits: UInt64, length: UInt64) -> String? {
    let digits = Int(length / 4)
    guard digits > 0, digits <= Self.prefixLength else { return nil }
    let key = Self.text(bits << UInt64(4 * (Self.prefixLength + 1 - digits)) | UInt64(digits))
    var low = 0
    var high = count
    while low < high {
      let middle = (low + high) / 2
      if order(of: middle, key) < 0 { low = middle + 1 } else { high = middle }
    }
    guard low < count, order(of: low, key) == 0 else { return nil }
    let start = Int(number(at: low * Self.rowLength + Self.keyLength, digits: Self.offsetLength))
    guard start < names.count else { return nil }
    let name = names[start...].prefix { $0 != UInt8(ascii: "\n") }
    return String(decoding: name, as: UTF8.self)
  }

  /// The digits of a key as they stand in the rows, whose order as text is that of the numbers.
  private static func text(_ key: UInt64) -> InlineArray<10, UInt8> {
    InlineArray { index in
      let digit = UInt8(truncatingIfNeeded: key >> UInt64(4 * (keyLength - 1 - index))) & 0x0F
      return digit < 10 ? UInt8(ascii: "0") + digit : UInt8(ascii: "A") - 10 + digit
    }
  }

  /// Below 0 where a row comes before a key, 0 where it is the key's own.
  private func order(of row: Int, _ key: InlineArray<10, UInt8>) -> Int {
    let start = row * Self.rowLength
    guard start >= 0, start + Self.keyLength <= prefixes.count else { return 1 }
    for index in 0..<Self.keyLength where prefixes[start + index] != key[index] {
      return prefixes[start + index] < key[index] ? -1 : 1
    }
    return 0
  }

  /// The hexadecimal number at an offset of the rows; digits that are not there count as 0.
  private func number(at offset: Int, digits: Int) -> UInt64 {
    var number: UInt64 = 0
    for index in offset..<offset + digits {
      let digit = prefixes.indices.contains(index) ? prefixes[index] : UInt8(ascii: "0")
      number = number << 4 | UInt64(digit < 0x41 ? digit & 0x0F : (digit & 0x0F) + 9)
    }
    return number
  }
}
