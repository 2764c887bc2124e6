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
  static let volatileExtensions: [UInt16] = [0x0000, 0x0010]

  /// The fingerprint, or `nil` of a hello that was cut.
  static func fingerprint(of hello: ClientHello) -> String? {
    guard hello.isWhole else { return nil }
    let suites = hello.cipherSuites.filter { !isGrease($0) }
    let extensions = hello.extensions.filter { !isGrease($0) }
    let name = hello.extensions.contains(0) ? "d" : "i"
    let head =
      hello.carrier.rawValue + version(hello) + name + count(suites.count)
      + count(extensions.count) + applicationProtocol(hello.firstProtocol)
    let stable = extensions.filter { !volatileExtensions.contains($0) }
    let algorithms = hello.signatureAlgorithms.filter { !isGrease($0) }
    var tail = list(stable.sorted())
    if !algorithms.isEmpty { tail += "_" + list(algorithms) }
    return head + "_" + digest(list(suites.sorted()), isEmpty: suites.isEmpty) + "_"
      + digest(tail, isEmpty: stable.isEmpty)
  }

  /// Values that clients insert so that servers stay tolerant,
  /// [RFC 8701](https://www.rfc-editor.org/rfc/rfc8701).
  static func isGrease(_ value: UInt16) -> Bool {
    value & 0x0F0F == 0x0A0A && value >> 8 == value & 0xFF
  }

  private static func version(_ hello: ClientHello) -> String {
    let offered = hello.versions.filter { !isGrease($0) }
    // DTLS counts downwards from FEFF.
    let highest =
      (hello.carrier == .datagram ? offered.min() : offered.max()) ?? hello.legacyVersion
    switch highest {
    case 0x0304: return "13"
    case 0x0303: return "12"
    case 0x0302: return "11"
    case 0x0301: return "10"
    case 0x0300: return "s3"
    case 0x0002: return "s2"
    case 0xFEFF: return "d1"
    case 0xFEFD: return "d2"
    case 0xFEFC: return "d3"
    default: return "00"
    }
  }

  private static func count(_ number: Int) -> String {
    let bounded = min(number, maximumCount)
    return bounded < 10 ? "0\(bounded)" : "\(bounded)"
  }

  /// First and last character of the first protocol offered; of its hexadecimal form where one of
  /// them is no letter and no digit.
  private static func applicationProtocol(_ name: [UInt8]) -> String {
    guard let first = name.first, let last = name.last else { return "00" }
    if isAlphanumeric(first), isAlphanumeric(last) {
      return String(decoding: [first, last], as: UTF8.self)
    }
    return String(first >> 4, radix: 16) + String(last & 15, radix: 16)
  }

  private static func isAlphanumeric(_ byte: UInt8) -> Bool {
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte)
  }

  private static func list(_ numbers: [UInt16]) -> String {
    numbers.map {
      let digits = String($0, radix: 16)
      return String(repeating: "0", count: 4 - digits.count) + digits
    }.joined(separator: ",")
  }

  private static func digest(_ text: String, isEmpty: Bool) -> String {
    guard !isEmpty else { return String(repeating: "0", count: digestDigits) }
    var digits = ""
    for byte in SHA256.hash(data: Array(text.utf8)).prefix(digestDigits / 2) {
      digits += String(byte >> 4, radix: 16) + String(byte & 15, radix: 16)
    }
    return digits
  }
}
