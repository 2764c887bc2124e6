// SPDX-License-Identifier: Apache-2.0

/// An IPv4 or IPv6 address as 128 bits; an IPv4 address is held as `::ffff:a.b.c.d`
/// ([RFC 4291 §2.5.5.2](https://www.rfc-editor.org/rfc/rfc4291#section-2.5.5.2)).
///
/// Two words instead of sixteen bytes, because flow keys are compared for every packet.
public struct IPAddress: Hashable, Sendable, BitwiseCopyable {
  /// The first eight bytes in network order.
  public var high: UInt64
  /// The last eight bytes in network order.
  public var low: UInt64

  /// The prefix of IPv4-mapped addresses in the low word.
  static let mappedPrefix: UInt64 = 0x0000_FFFF_0000_0000

  /// Makes an address of its two words in network order.
  @inlinable
  public init(high: UInt64, low: UInt64) {
    self.high = high
    self.low = low
  }

  /// Makes an IPv4 address of its 32 bits in network order.
  @inlinable
  public init(v4 bits: UInt32) {
    self.init(high: 0, low: 0x0000_FFFF_0000_0000 | UInt64(bits))
  }

  /// The unspecified IPv6 address `::`, used where a packet has no network layer.
  public static let unspecified = IPAddress(high: 0, low: 0)

  /// Whether this is an IPv4 address (held in mapped form).
  @inlinable
  public var isIPv4: Bool { high == 0 && low >> 32 == 0xFFFF }

  /// The 32 bits of an IPv4 address, or `nil` for IPv6.
  @inlinable
  public var v4: UInt32? { isIPv4 ? UInt32(truncatingIfNeeded: low) : nil }

  /// Whether this is a multicast address (224.0.0.0/4, ff00::/8) or the IPv4 limited broadcast.
  public var isMulticastOrBroadcast: Bool {
    if let bits = v4 { return bits >> 28 == 0xE || bits == 0xFFFF_FFFF }
    return high >> 56 == 0xFF
  }
}

extension IPAddress: Comparable {
  /// Orders IPv4 before IPv6, then by value.
  public static func < (lhs: IPAddress, rhs: IPAddress) -> Bool {
    if lhs.isIPv4 != rhs.isIPv4 { return lhs.isIPv4 }
    return lhs.high == rhs.high ? lhs.low < rhs.low : lhs.high < rhs.high
  }
}

extension IPAddress: CustomStringConvertible {
  /// Dotted decimal for IPv4, [RFC 5952](https://www.rfc-editor.org/rfc/rfc5952) text for IPv6.
  public var description: String {
    if let bits = v4 {
      return "\(bits >> 24).\(bits >> 16 & 0xFF).\(bits >> 8 & 0xFF).\(bits & 0xFF)"
    }
    let groups = (0..<8).map { index in
      UInt16(truncatingIfNeeded: (index < 4 ? high : low) >> UInt64(48 - 16 * (index & 3)))
    }
    // RFC 5952 §4.2: the longest run of two or more zero groups, the first of equals, is "::".
    var best = 0..<0
    var start = 0
    while start < 8 {
      guard groups[start] == 0 else {
        start += 1
        continue
      }
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start >= 2, end - start > best.count { best = start..<end }
      start = end
    }
    func text(_ range: Range<Int>) -> String {
      range.map { String(groups[$0], radix: 16) }.joined(separator: ":")
    }
    if best.isEmpty { return text(0..<8) }
    return text(0..<best.lowerBound) + "::" + text(best.upperBound..<8)
  }
}

extension IPAddress {
  /// Reads an address in dotted decimal (four octets, no leading zeros) or RFC 4291 text form.
  ///
  /// Returns `nil` for anything else, zone indices included.
  public init?(_ text: some StringProtocol) {
    self.init(parsing: Array(text.utf8).span)
  }

  /// Reads an address of ASCII bytes; see ``init(_:)``.
  public init?(parsing bytes: Span<UInt8>) {
    guard bytes.count >= 2, bytes.count <= 45 else { return nil }
    var hasColon = false
    for index in bytes.indices where bytes[index] == UInt8(ascii: ":") { hasColon = true }
    guard hasColon else {
      guard let bits = Self.parseDotted(bytes) else { return nil }
      self.init(v4: bits)
      return
    }
    var groups: [UInt16] = []
    var gap: Int?
    var index = 0
    if bytes[0] == UInt8(ascii: ":") {
      guard bytes[1] == UInt8(ascii: ":") else { return nil }
      gap = 0
      index = 2
    }
    while index < bytes.count {
      guard groups.count < 8 else { return nil }
      var value: UInt32 = 0
      var end = index
      while end < bytes.count, let digit = Self.hexadecimal(bytes[end]) {
        value = value << 4 | UInt32(digit)
        end += 1
        if end - index > 4 { return nil }
      }
      if end < bytes.count, bytes[end] == UInt8(ascii: ".") {
        guard groups.count <= 6, let bits = Self.parseDotted(bytes.extracting(index..<bytes.count))
        else { return nil }
        groups.append(UInt16(truncatingIfNeeded: bits >> 16))
        groups.append(UInt16(truncatingIfNeeded: bits))
        index = bytes.count
        break
      }
      guard end > index else { return nil }
      groups.append(UInt16(truncatingIfNeeded: value))
      index = end
      guard index < bytes.count else { break }
      guard bytes[index] == UInt8(ascii: ":") else { return nil }
      index += 1
      guard index < bytes.count else { return nil }
      if bytes[index] == UInt8(ascii: ":") {
        guard gap == nil else { return nil }
        gap = groups.count
        index += 1
      }
    }
    if let gap {
      guard groups.count < 8 else { return nil }
      groups.insert(contentsOf: repeatElement(0, count: 8 - groups.count), at: gap)
    }
    guard groups.count == 8 else { return nil }
    let words = groups.map(UInt64.init)
    self.init(
      high: words[0] << 48 | words[1] << 32 | words[2] << 16 | words[3],
      low: words[4] << 48 | words[5] << 32 | words[6] << 16 | words[7])
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): byte &- UInt8(ascii: "0")
    case UInt8(ascii: "a")...UInt8(ascii: "f"): byte &- UInt8(ascii: "a") &+ 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): byte &- UInt8(ascii: "A") &+ 10
    default: nil
    }
  }

  /// Four decimal octets; a leading zero is refused, because `inet_aton` would read it as octal.
  private static func parseDotted(_ bytes: Span<UInt8>) -> UInt32? {
    var bits: UInt32 = 0
    var octet: UInt32 = 0
    var digits = 0
    var octets = 0
    for index in bytes.indices {
      let byte = bytes[index]
      if byte == UInt8(ascii: ".") {
        guard digits > 0, octets < 3 else { return nil }
        bits = bits << 8 | octet
        octets += 1
        octet = 0
        digits = 0
        continue
      }
      guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9"), digits < 3 else { return nil }
      if digits == 1, octet == 0 { return nil }
      octet = octet * 10 + UInt32(byte &- UInt8(ascii: "0"))
      guard octet <= 255 else { return nil }
      digits += 1
    }
    guard octets == 3, digits > 0 else { return nil }
    return bits << 8 | octet
  }
}
