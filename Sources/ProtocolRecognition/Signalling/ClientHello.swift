// SPDX-License-Identifier: Apache-2.0

/// What a TLS, DTLS or QUIC ClientHello tells in the clear,
/// [RFC 8446 §4.1.2](https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2).
struct ClientHello {
  /// What carries the hello, by the letter that JA4 gives it.
  enum Carrier: UInt8 {
    /// TLS over TCP.
    case stream = 0x74
    /// QUIC.
    case quic = 0x71
    /// DTLS.
    case datagram = 0x64
  }

  /// What carries the hello.
  var carrier: Carrier
  /// The texts of the hello, one after another, as its numbers are.
  private(set) var texts: [UInt8] = []
  /// Server name indication (RFC 6066 §3) in `texts`, at most 255 bytes, empty when absent.
  private(set) var serverName = 0..<0
  /// Application protocols offered (RFC 7301) in `texts`, each after a byte with its length.
  private(set) var applicationProtocols = 0..<0
  /// Whether `use_srtp` (RFC 5764) is offered: media follows.
  var offersSRTP = false
  /// Whether the true name is hidden (encrypted client hello).
  var isEncrypted = false
  /// Whether all of it was there; only then it can be compared with others.
  var isWhole = false
  /// `legacy_version`.
  var legacyVersion: UInt16 = 0
  /// The numbers of all lists, one list after another: hellos are many, and so would the arrays be.
  private(set) var numbers: [UInt16] = []
  /// Cipher suites, in the order of the client.
  private(set) var cipherSuites = 0..<0
  /// Types of the extensions, in the order of the client.
  private(set) var extensions = 0..<0
  /// `signature_algorithms` (RFC 8446 §4.2.3), in the order of the client.
  private(set) var signatureAlgorithms = 0..<0
  /// `supported_versions`, in the order of the client.
  private(set) var versions = 0..<0

  /// Extensions read at most.
  static let maximumExtensions = 64
  /// Numbers read of a list at most; clients send a few dozen.
  static let maximumListed = 256
  /// Application protocols read at most.
  static let maximumProtocols = 8
  /// Numbers that most hellos have.
  private static let usualNumbers = 64
  /// Bytes that the texts of most hellos have.
  private static let usualBytes = 96

  /// Reads the body of a ClientHello, as much of it as is there.
  init(parsing body: Span<UInt8>, carrier: Carrier) {
    self.carrier = carrier
    numbers.reserveCapacity(Self.usualNumbers)
    texts.reserveCapacity(Self.usualBytes)
    legacyVersion = UInt16(truncatingIfNeeded: body.integer16(0))
    var offset = 34
    offset &+= 1 &+ Int(body.byte(offset))
    if carrier == .datagram { offset &+= 1 &+ Int(body.byte(offset)) }
    let suites = body.integer16(offset)
    offset &+= 2
    cipherSuites = list(body, from: offset, to: offset &+ suites)
    offset &+= suites
    offset &+= 1 &+ Int(body.byte(offset))
    let stated = offset &+ 2 &+ body.integer16(offset)
    let end = min(body.count, stated)
    // Before TLS 1.2 the list of extensions may be missing (RFC 5246 §7.4.1.2).
    isWhole = offset == body.count || (offset &+ 2 <= body.count && stated <= body.count)
    offset &+= 2
    let first = numbers.count
    var algorithmsAt = 0..<0
    var versionsAt = 0..<0
    while offset &+ 4 <= end, numbers.count &- first < Self.maximumExtensions {
      let type = UInt16(truncatingIfNeeded: body.integer16(offset))
      let start = offset &+ 4
      let stop = min(start &+ body.integer16(offset &+ 2), end)
      numbers.append(type)
      switch type {
      case 0: readServerName(body, start..<stop)
      case 13: algorithmsAt = start..<stop
      case 14: offersSRTP = true
      case 16: readProtocols(body, start..<stop)
      case 43: versionsAt = start..<stop
      case 0xFE0D: isEncrypted = true
      default: break
      }
      offset = stop
    }
    extensions = first..<numbers.count
    if extensions.count == Self.maximumExtensions { isWhole = false }
    var start = algorithmsAt.lowerBound
    signatureAlgorithms = list(
      body, from: start &+ 2, to: min(algorithmsAt.upperBound, start &+ 2 &+ body.integer16(start)))
    start = versionsAt.lowerBound
    versions = list(
      body, from: start &+ 1,
      to: min(versionsAt.upperBound, start &+ 1 &+ Int(body.byte(start))))
  }

  private mutating func readServerName(_ body: Span<UInt8>, _ range: Range<Int>) {
    let start = range.lowerBound
    guard range.count >= 5, body[start &+ 2] == 0 else { return }
    let length = body.integer16(start &+ 3)
    guard start &+ 5 &+ length <= range.upperBound else { return }
    let first = texts.count
    texts.append(
      contentsOf: body, in: start &+ 5..<start &+ 5 &+ min(length, TextStore.maximumName))
    serverName = first..<texts.count
  }

  private mutating func readProtocols(_ body: Span<UInt8>, _ range: Range<Int>) {
    var position = range.lowerBound &+ 2
    var count = 0
    while position < range.upperBound, count < Self.maximumProtocols {
      let next = position &+ 1 &+ Int(body[position])
      guard next > position &+ 1, next <= range.upperBound else { break }
      count &+= 1
      position = next
    }
    guard count > 0 else { return }
    let first = texts.count
    texts.append(contentsOf: body, in: range.lowerBound &+ 2..<position)
    applicationProtocols = first..<texts.count
  }

  /// Adds the 16-bit numbers between two offsets, as far as bytes are there, and says where they
  /// stand in `numbers`.
  private mutating func list(
    _ body: Span<UInt8>, from start: Int, to end: Int
  ) -> Range<Int> {
    let first = numbers.count
    var offset = start
    let bound = min(end, body.count)
    while offset &+ 2 <= bound, numbers.count &- first < Self.maximumListed {
      numbers.append(UInt16(truncatingIfNeeded: body.integer16(offset)))
      offset &+= 2
    }
    return first..<numbers.count
  }
}

extension RecognitionContext {
  /// Notes what a ClientHello told of the current flow.
  mutating func note(_ hello: ClientHello, _ chunk: Chunk) {
    let texts = hello.texts.span
    setServerName(texts.extracting(hello.serverName))
    var position = hello.applicationProtocols.lowerBound
    while position < hello.applicationProtocols.upperBound {
      let start = position &+ 1
      position = start &+ Int(texts[position])
      addDetail(.applicationProtocol, texts, start..<position, chunk)
    }
    if let key = JA4.key(of: hello) { addDetail(.ja4, key.span, chunk) }
    if hello.isEncrypted { addDetail(.note, "encrypted client hello", chunk) }
    if hello.offersSRTP { setWebRTC(chunk) }
  }

  /// Notes that the current flow sets up media by ICE or DTLS-SRTP.
  mutating func setWebRTC(_ chunk: Chunk) {
    let index = resultIndex()
    results[index].isWebRTC = true
  }
}
