// SPDX-License-Identifier: Apache-2.0

internal import Crypto

/// The fingerprint of a TLS client, [JA4](https://github.com/FoxIO-LLC/ja4) (TLS client part only,
/// BSD 3-Clause).
///
/// Equal clients inside a capture have equal fingerprints; it names no maker by itself.
enum JA4 {
  /// Counts of cipher suites and extensions are written with two digits.
  static let maximumCount = 99
  /// Hexadecimal digits kept of each digest.
  static let digestDigits = 12
  /// Extensions left out of the digest: server name and application protocols change from
  /// connection to connection.
  private static let serverNameExtension: UInt16 = 0x0000
  private static let protocolsExtension: UInt16 = 0x0010

  /// The fingerprint, or `nil` of a hello that was cut.
  static func fingerprint(of hello: ClientHello) -> String? {
    key(of: hello).map { fingerprint(ofKey: $0.span) }
  }

  /// What the fingerprint is made of, in a form that equal clients share; `nil` of a hello that was
  /// cut.
  ///
  /// Digests cost more than all else of a hello, and few clients make many connections: the keys
  /// are kept, and each different one is digested once after the last packet.
  static func key(of hello: ClientHello) -> [UInt8]? {
    guard hello.isWhole else { return nil }
    var key = [UInt8](repeating: 0, count: headLength + 3 * 2 + 2 * hello.numbers.count)
    var end = headLength
    do {
      let numbers = hello.numbers.span
      var room = key.mutableSpan
      let suites = write(numbers, hello.cipherSuites, isSorted: true, to: &room, &end)
      var name = UInt8(ascii: "i")
      var extensions = 0
      for index in hello.extensions where !isGrease(numbers[index]) {
        extensions &+= 1
        if numbers[index] == serverNameExtension { name = UInt8(ascii: "d") }
      }
      write(numbers, hello.extensions, isSorted: true, to: &room, &end) {
        $0 != serverNameExtension && $0 != protocolsExtension
      }
      write(numbers, hello.signatureAlgorithms, isSorted: false, to: &room, &end)
      room[0] = hello.carrier.rawValue
      (room[1], room[2]) = version(hello)
      room[3] = name
      (room[4], room[5]) = digits(of: suites)
      (room[6], room[7]) = digits(of: extensions)
      (room[8], room[9]) = applicationProtocol(hello)
    }
    key.removeLast(key.count - end)
    return key
  }

  /// Writes those numbers of a list that are wanted behind `end`, after their count, in order of
  /// their values if `isSorted`, and returns how many.
  @inline(__always)
  @discardableResult
  private static func write(
    _ numbers: Span<UInt16>, _ list: Range<Int>, isSorted: Bool,
    to key: inout MutableSpan<UInt8>, _ end: inout Int,
    where isWanted: (UInt16) -> Bool = { _ in true }
  ) -> Int {
    let start = end &+ 2
    end = start
    for index in list where !isGrease(numbers[index]) && isWanted(numbers[index]) {
      let number = numbers[index]
      var place = end
      // The lists are short.
      while isSorted, place > start,
        UInt16(key[place &- 2]) << 8 | UInt16(key[place &- 1]) > number
      {
        key[place] = key[place &- 2]
        key[place &+ 1] = key[place &- 1]
        place &-= 2
      }
      write(number, to: &key, at: place)
      end &+= 2
    }
    let count = (end &- start) / 2
    write(UInt16(truncatingIfNeeded: count), to: &key, at: start &- 2)
    return count
  }

  @inline(__always)
  private static func write(_ number: UInt16, to key: inout MutableSpan<UInt8>, at place: Int) {
    key[place] = UInt8(number >> 8)
    key[place &+ 1] = UInt8(number & 0xFF)
  }

  /// Characters of a fingerprint before its digests.
  private static let headLength = 10

  /// The fingerprint of a key; of other bytes a text without meaning.
  static func fingerprint(ofKey key: Span<UInt8>) -> String {
    var text = key.array(0..<headLength)
    var offset = headLength
    var lists: [Range<Int>] = []
    for _ in 0..<3 {
      let start = min(offset &+ 2, key.count)
      offset = min(start &+ 2 &* key.integer16(offset), key.count)
      lists.append(start..<offset)
    }
    text.append(UInt8(ascii: "_"))
    appendDigest(of: digits(key, lists[0]), isEmpty: lists[0].isEmpty, to: &text)
    text.append(UInt8(ascii: "_"))
    var tail = digits(key, lists[1])
    if !lists[2].isEmpty {
      tail.append(UInt8(ascii: "_"))
      tail += digits(key, lists[2])
    }
    appendDigest(of: tail, isEmpty: lists[1].isEmpty, to: &text)
    return text.span.text(0..<text.count)
  }

  /// Values that clients insert so that servers stay tolerant,
  /// [RFC 8701](https://www.rfc-editor.org/rfc/rfc8701).
  static func isGrease(_ value: UInt16) -> Bool {
    value & 0x0F0F == 0x0A0A && value >> 8 == value & 0xFF
  }

  /// The highest version offered, as two characters.
  private static func version(_ hello: ClientHello) -> (UInt8, UInt8) {
    var highest: UInt16?
    for index in hello.versions where !isGrease(hello.numbers[index]) {
      let version = hello.numbers[index]
      // DTLS counts downwards from FEFF.
      highest =
        highest.map { hello.carrier == .datagram ? min($0, version) : max($0, version) }
        ?? version
    }
    return switch highest ?? hello.legacyVersion {
    case 0x0304: ascii("1", "3")
    case 0x0303: ascii("1", "2")
    case 0x0302: ascii("1", "1")
    case 0x0301: ascii("1", "0")
    case 0x0300: ascii("s", "3")
    case 0x0002: ascii("s", "2")
    case 0xFEFF: ascii("d", "1")
    case 0xFEFD: ascii("d", "2")
    case 0xFEFC: ascii("d", "3")
    default: ascii("0", "0")
    }
  }

  private static func ascii(_ first: Unicode.Scalar, _ second: Unicode.Scalar) -> (UInt8, UInt8) {
    (UInt8(ascii: first), UInt8(ascii: second))
  }

  /// A count as two digits.
  private static func digits(of count: Int) -> (UInt8, UInt8) {
    let bounded = UInt8(min(count, maximumCount))
    return (UInt8(ascii: "0") + bounded / 10, UInt8(ascii: "0") + bounded % 10)
  }

  /// First and last character of the first protocol offered; of its hexadecimal form where one of
  /// them is no letter and no digit.
  private static func applicationProtocol(_ hello: ClientHello) -> (UInt8, UInt8) {
    let protocols = hello.texts.span.extracting(hello.applicationProtocols)
    guard protocols.count > 1, Int(protocols[0]) < protocols.count else { return ascii("0", "0") }
    let first = protocols[1]
    let last = protocols[Int(protocols[0])]
    return isAlphanumeric(first) && isAlphanumeric(last)
      ? (first, last) : (digit(first >> 4), digit(last & 15))
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  /// The lower-case hexadecimal digits of a byte.
  private static func append(digitsOf byte: UInt8, to text: inout [UInt8]) {
    text.append(digit(byte >> 4))
    text.append(digit(byte & 15))
  }

  private static func digit(_ value: UInt8) -> UInt8 {
    value < 10 ? UInt8(ascii: "0") + value : UInt8(ascii: "a") + value - 10
  }

  /// Four hexadecimal digits of each number of a list, with commas.
  private static func digits(_ key: Span<UInt8>, _ range: Range<Int>) -> [UInt8] {
    var text: [UInt8] = []
    for offset in stride(from: range.lowerBound, to: range.upperBound - 1, by: 2) {
      if !text.isEmpty { text.append(UInt8(ascii: ",")) }
      append(digitsOf: key[offset], to: &text)
      append(digitsOf: key[offset + 1], to: &text)
    }
    return text
  }

  private static func appendDigest(of digits: [UInt8], isEmpty: Bool, to text: inout [UInt8]) {
    guard !isEmpty else {
      text.append(contentsOf: repeatElement(UInt8(ascii: "0"), count: digestDigits))
      return
    }
    for byte in SHA256.hash(data: digits).prefix(digestDigits / 2) {
      append(digitsOf: byte, to: &text)
    }
  }
}
