// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// Reads addresses, prefixes and AS numbers of table fields, without allocating.
enum AddressField {
  /// An address or the decimal integer of one.
  enum Bound: Equatable {
    case v4(UInt32)
    case v6(UInt128)
    /// An integer; whether 872420864 is IPv4 depends on the other end of the range.
    case integer(UInt128)
  }

  /// The first 96 bits of IPv4-mapped addresses, in their place.
  static let mappedPrefix: UInt128 = 0xFFFF_0000_0000

  /// Reads an address in text form or a decimal integer; `nil` for anything else.
  static func bound(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bound? {
    guard start < end, end - start <= 45 else { return nil }
    if let bits = dotted(bytes, start, end) { return .v4(bits) }
    for index in start..<end where bytes[index] == UInt8(ascii: ":") {
      return v6(bytes, start, end).map(Bound.v6)
    }
    return integer(bytes, start, end)
  }

  /// Reads four decimal octets; a leading zero is refused, because it is octal to inet_aton.
  private static func dotted(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt32? {
    var value: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var octets = 0
    for index in start..<end {
      let byte = bytes[index]
      if byte >= 0x30, byte <= 0x39 {
        if digits == 3 || (digits == 1 && octet == 0) { return nil }
        octet = octet &* 10 &+ UInt32(byte &- 0x30)
        digits += 1
      } else if byte == UInt8(ascii: "."), digits > 0, octet <= 255, octets < 3 {
        value = value << 8 | octet
        octet = 0
        digits = 0
        octets += 1
      } else {
        return nil
      }
    }
    return octets == 3 && digits > 0 && octet <= 255 ? value << 8 | octet : nil
  }

  /// Reads a decimal integer below 2^128 without leading zeros.
  static func integer(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bound? {
    guard start < end, end - start <= 39 else { return nil }
    if bytes[start] == 0x30, end - start > 1 { return nil }
    var value: UInt128 = 0
    for index in start..<end {
      let digit = bytes[index] &- 0x30
      guard digit <= 9 else { return nil }
      let (product, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = product.addingReportingOverflow(UInt128(digit))
      if overflow || carry { return nil }
      value = sum
    }
    return .integer(value)
  }

  /// Reads RFC 4291 text without a zone index; a dotted tail is allowed.
  static func v6(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt128? {
    guard end - start >= 2, end - start <= 45 else { return nil }
    var high: UInt128 = 0  // groups before the gap
    var low: UInt128 = 0  // groups after it
    var groups = 0
    var groupsBeforeGap = -1
    var index = start
    if bytes[index] == UInt8(ascii: ":") {
      guard bytes[index + 1] == UInt8(ascii: ":") else { return nil }
      groupsBeforeGap = 0
      index += 2
    }
    while index < end {
      var value: UInt32 = 0
      let groupStart = index
      while index < end, let digit = hexadecimal(bytes[index]) {
        value = value << 4 | UInt32(digit)
        index += 1
        if index - groupStart > 4 { return nil }
      }
      if index < end, bytes[index] == UInt8(ascii: ".") {
        guard groups <= 6, let tail = dotted(bytes, groupStart, end) else { return nil }
        if groupsBeforeGap < 0 { high = high << 32 | UInt128(tail) }
        if groupsBeforeGap >= 0 { low = low << 32 | UInt128(tail) }
        groups += 2
        index = end
        break
      }
      guard index > groupStart, groups < 8 else { return nil }
      if groupsBeforeGap < 0 { high = high << 16 | UInt128(value) }
      if groupsBeforeGap >= 0 { low = low << 16 | UInt128(value) }
      groups += 1
      guard index < end else { break }
      guard bytes[index] == UInt8(ascii: ":") else { return nil }
      index += 1
      guard index < end else { return nil }
      if bytes[index] == UInt8(ascii: ":") {
        guard groupsBeforeGap < 0 else { return nil }
        groupsBeforeGap = groups
        index += 1
      }
    }
    if groupsBeforeGap < 0 { return groups == 8 ? high : nil }
    guard groups < 8 else { return nil }
    if groupsBeforeGap == 0 { return low }
    return high << UInt128(16 * (8 - groupsBeforeGap)) | low
  }

  /// Reads a small decimal number such as a prefix length; `nil` above 2^32 - 1.
  static func number(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt32? {
    guard start < end, end - start <= 10 else { return nil }
    var value: UInt64 = 0
    for index in start..<end {
      let digit = bytes[index] &- 0x30
      guard digit <= 9 else { return nil }
      value = value &* 10 &+ UInt64(digit)
    }
    return UInt32(exactly: value)
  }

  /// Reads an AS number: decimal, `AS` before it, or asdot (RFC 5396); 0 where there is none.
  ///
  /// Returns `nil` for text that is no AS number.
  static func asNumber(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt32? {
    var from = start
    if end - from >= 2, bytes[from] | 0x20 == UInt8(ascii: "a"),
      bytes[from + 1] | 0x20 == UInt8(ascii: "s")
    {
      from += 2
      if from == end { return nil }
    }
    if from == end { return 0 }
    var value: UInt64 = 0
    var upper: UInt64?
    for index in from..<end {
      let byte = bytes[index]
      if byte == UInt8(ascii: "."), upper == nil, index > from, value <= 0xFFFF {
        upper = value
        value = 0
        continue
      }
      let digit = byte &- 0x30
      guard digit <= 9 else {
        return from == start && isAbsent(bytes, start, end) ? 0 : nil
      }
      value = value &* 10 &+ UInt64(digit)
      if value > 0xFFFF_FFFF { return nil }
    }
    if let upper {
      guard value <= 0xFFFF, bytes[end - 1] != UInt8(ascii: ".") else { return nil }
      return UInt32(upper << 16 | value)
    }
    return UInt32(value)
  }

  /// Whether a field says that there is nothing: empty, `-`, `--`, `?`, `??`, None, NULL,
  /// Unknown, or iptoasn's `Not routed`.
  static func isAbsent(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    switch end - start {
    case 0: return true
    case 1: return bytes[start] == UInt8(ascii: "-") || bytes[start] == UInt8(ascii: "?")
    case 2:
      let byte = bytes[start]
      return byte == bytes[start + 1] && (byte == UInt8(ascii: "-") || byte == UInt8(ascii: "?"))
    case 4: return matches(bytes, start, "none") || matches(bytes, start, "null")
    case 7: return matches(bytes, start, "unknown")
    case 10: return matches(bytes, start, "not routed")
    default: return false
    }
  }

  private static func matches(_ bytes: Span<UInt8>, _ start: Int, _ word: StaticString) -> Bool {
    for index in 0..<word.utf8CodeUnitCount
    where unsafe bytes[start + index] | 0x20 != word.utf8Start[index] {
      return false
    }
    return true
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case 0x30...0x39: byte &- 0x30
    case 0x61...0x66: byte &- 0x57
    case 0x41...0x46: byte &- 0x37
    default: nil
    }
  }
}

extension AddressField {
  /// A range of one family, both ends inclusive.
  enum Range: Equatable {
    case v4(UInt32, UInt32)
    case v6(UInt128, UInt128)
  }

  /// Joins two bounds; addresses inside ::ffff:0:0/96 are IPv4.
  static func range(_ first: Bound, _ last: Bound) -> Result<Range, BadRow> {
    switch (first, last) {
    case (.v4(let start), .v4(let end)):
      return start <= end ? .success(.v4(start, end)) : .failure(BadRow(.backwards))
    case (.integer(let start), .integer(let end)):
      guard start <= end else { return .failure(BadRow(.backwards)) }
      if end <= UInt128(UInt32.max) {
        return .success(.v4(UInt32(truncatingIfNeeded: start), UInt32(truncatingIfNeeded: end)))
      }
      return .success(narrowed(start, end))
    case (.v6(let start), .v6(let end)):
      return start <= end ? .success(narrowed(start, end)) : .failure(BadRow(.backwards))
    default: return .failure(BadRow(.mixedFamilies))
    }
  }

  /// The range of a prefix length; host bits must be zero.
  static func range(_ first: Bound, prefixLength: UInt32) -> Result<Range, BadRow> {
    switch first {
    case .v4(let start):
      guard prefixLength <= 32 else { return .failure(BadRow(.badPrefix)) }
      let hostBits: UInt32 = prefixLength == 0 ? .max : (1 << (32 - prefixLength)) - 1
      guard start & hostBits == 0 else { return .failure(BadRow(.badPrefix)) }
      return .success(.v4(start, start | hostBits))
    case .v6(let start):
      guard prefixLength <= 128 else { return .failure(BadRow(.badPrefix)) }
      let hostBits: UInt128 =
        prefixLength == 0 ? .max : (1 << UInt128(128 - prefixLength)) - 1
      guard start & hostBits == 0 else { return .failure(BadRow(.badPrefix)) }
      return .success(narrowed(start, start | hostBits))
    case .integer: return .failure(BadRow(.badPrefix))
    }
  }

  private static func narrowed(_ start: UInt128, _ end: UInt128) -> Range {
    guard start >> 32 == 0xFFFF, end >> 32 == 0xFFFF else { return .v6(start, end) }
    return .v4(UInt32(truncatingIfNeeded: start), UInt32(truncatingIfNeeded: end))
  }

  /// A reason as an error, for `Result`.
  struct BadRow: Error, Equatable {
    let reason: BadRowReason
    init(_ reason: BadRowReason) { self.reason = reason }
  }
}
