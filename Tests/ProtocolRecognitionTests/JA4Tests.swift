// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ProtocolRecognition

struct JA4Tests {
  /// A ClientHello with lists in the order given; extensions without a body are empty.
  static func hello(
    version: UInt16 = 0x0303, suites: [UInt16], extensions: [UInt16],
    algorithms: [UInt16] = [], versions: [UInt16] = [], protocols: [[UInt8]] = []
  ) -> [UInt8] {
    func vector16(_ bytes: [UInt8]) -> [UInt8] { bigEndian(UInt16(bytes.count)) + bytes }
    var list: [UInt8] = []
    for type in extensions {
      let body: [UInt8] =
        switch type {
        case 0x0000: vector16([0] + vector16(ascii("a.example")))
        case 0x000D: vector16(algorithms.flatMap { bigEndian($0) })
        case 0x0010: vector16(protocols.flatMap { [UInt8($0.count)] + $0 })
        case 0x002B: [UInt8(2 * versions.count)] + versions.flatMap { bigEndian($0) }
        default: []
        }
      list += bigEndian(type) + vector16(body)
    }
    return bigEndian(version) + [UInt8](repeating: 7, count: 32) + [0]
      + vector16(suites.flatMap { bigEndian($0) }) + [1, 0] + vector16(list)
  }

  static func fingerprint(_ bytes: [UInt8], _ carrier: ClientHello.Carrier = .stream) -> String? {
    JA4.fingerprint(of: ClientHello(parsing: bytes.span, carrier: carrier))
  }

  static let suites: [UInt16] = [
    0x3A3A, 0x1301, 0x1302, 0x1303, 0xC02B, 0xC02F, 0xC02C, 0xC030, 0xCCA9, 0xCCA8, 0xC013, 0xC014,
    0x009C, 0x009D, 0x002F, 0x0035,
  ]
  static let algorithms: [UInt16] = [
    0x0403, 0x0804, 0x0401, 0x0503, 0x0805, 0x0501, 0x0806, 0x0601,
  ]

  /// The value that the specification publishes for a browser, whose lists are public too.
  @Test func publishedFingerprintOfABrowser() {
    let extensions: [UInt16] = [
      0x4A4A, 0x001B, 0x0000, 0x0033, 0x0010, 0x4469, 0x0017, 0x002D, 0x000D, 0x0005, 0x0023,
      0x0012, 0x002B, 0xFF01, 0x000B, 0x000A, 0x0015, 0x6A6A,
    ]
    #expect(
      Self.fingerprint(
        Self.hello(
          suites: Self.suites, extensions: extensions, algorithms: Self.algorithms,
          versions: [0x7A7A, 0x0304, 0x0303], protocols: [ascii("h2"), ascii("http/1.1")]))
        == "t13d1516h2_8daaf6152771_e5627efa2ab1")
    // The order of extensions, which browsers shuffle, changes nothing.
    #expect(
      Self.fingerprint(
        Self.hello(
          suites: Self.suites.reversed(), extensions: extensions.reversed(),
          algorithms: Self.algorithms, versions: [0x0303, 0x0304],
          protocols: [ascii("h2"), ascii("http/1.1")]))
        == "t13d1516h2_8daaf6152771_e5627efa2ab1")
  }

  /// Published by users of the same browser's later version: encrypted hello instead of padding.
  @Test func publishedFingerprintWithEncryptedHello() {
    #expect(
      Self.fingerprint(
        Self.hello(
          suites: Self.suites,
          extensions: [
            0x0005, 0x000A, 0x000B, 0x000D, 0x0012, 0x0017, 0x001B, 0x0023, 0x002B, 0x002D, 0x0033,
            0x4469, 0xFE0D, 0xFF01, 0x0000, 0x0010,
          ], algorithms: Self.algorithms, versions: [0x0304], protocols: [ascii("h2")]))
        == "t13d1516h2_8daaf6152771_02713d6af862")
  }

  /// TLS 1.0 with a server name and nothing else: no digest of extensions.
  @Test func publishedFingerprintWithoutExtensions() {
    let suites: [UInt16] = [
      0x0039, 0x0038, 0x0035, 0x0016, 0x0013, 0x000A, 0x0033, 0x0032, 0x002F, 0x009A, 0x0099,
      0x0096, 0x0005, 0x0004, 0x0015, 0x0012, 0x0009, 0x0014, 0x0011, 0x0008, 0x0006, 0x0003,
      0x00FF,
    ]
    #expect(
      Self.fingerprint(Self.hello(version: 0x0301, suites: suites, extensions: [0]))
        == "t10d230100_6a57a6f57151_000000000000")
  }

  @Test func headOfTheFingerprint() {
    func head(_ bytes: [UInt8], _ carrier: ClientHello.Carrier = .stream) -> String? {
      Self.fingerprint(bytes, carrier).map { String($0.prefix { $0 != "_" }) }
    }
    #expect(head(Self.hello(suites: [], extensions: [])) == "t12i000000")
    #expect(head(Self.hello(suites: [1], extensions: [0x10], protocols: [[0xAB]])) == "t12i0101ab")
    #expect(
      head(Self.hello(suites: [1], extensions: [0x10], protocols: [ascii("h3")]), .quic)
        == "q12i0101h3")
    #expect(
      head(Self.hello(suites: (0..<120).map { UInt16($0) }, extensions: [])) == "t12i990000")
    var datagram = Self.hello(version: 0xFEFD, suites: [1], extensions: [])
    datagram.insert(0, at: 35)
    #expect(head(datagram, .datagram) == "dd2i010000")
  }

  /// A hello that was cut cannot be compared.
  @Test func cutHellosHaveNone() {
    let bytes = Self.hello(
      suites: Self.suites, extensions: [0, 0x10, 0x2B, 0x0D], algorithms: Self.algorithms,
      versions: [0x0304], protocols: [ascii("h2")])
    for length in 0..<bytes.count - 1 {
      let fingerprint = Self.fingerprint(Array(bytes[..<length]))
      // Without its extensions it is a hello of old.
      #expect(fingerprint == nil || !(fingerprint ?? "").contains("h2"))
    }
    #expect(Self.fingerprint(bytes) != nil)
  }
}
