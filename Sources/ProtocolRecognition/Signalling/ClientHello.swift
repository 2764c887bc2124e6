// SPDX-License-Identifier: Apache-2.0

/// What a TLS, DTLS or QUIC ClientHello tells in the clear,
/// [RFC 8446 §4.1.2](https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2).
struct ClientHello {
  /// What carries the hello, by the letter that JA4 gives it.
  enum Carrier: String {
    /// TLS over TCP.
    case stream = "t"
    /// QUIC.
    case quic = "q"
    /// DTLS.
    case datagram = "d"
  }

  /// What carries the hello.
  var carrier: Carrier
  /// Server name indication (RFC 6066 §3), empty when absent.
  var serverName = ""
  /// Application protocols offered (RFC 7301).
  var applicationProtocols: [String] = []
  /// Whether `use_srtp` (RFC 5764) is offered: media follows.
  var offersSRTP = false
  /// Whether the true name is hidden (encrypted client hello).
  var isEncrypted = false
  /// Whether all of it was there; only then it can be compared with others.
  var isWhole = false
  /// `legacy_version`.
  var legacyVersion: UInt16 = 0
  /// `supported_versions`, in the order of the client.
  var versions: [UInt16] = []
  /// Cipher suites, in the order of the client.
  var cipherSuites: [UInt16] = []
  /// Types of the extensions, in the order of the client.
  var extensions: [UInt16] = []
  /// `signature_algorithms` (RFC 8446 §4.2.3), in the order of the client.
  var signatureAlgorithms: [UInt16] = []
  /// The bytes of the first application protocol offered.
  var firstProtocol: [UInt8] = []

  /// Extensions read at most.
  static let maximumExtensions = 64
  /// Numbers read of a list at most; clients send a few dozen.
  static let maximumListed = 256

  /// Reads the body of a ClientHello, as much of it as is there.
  init(parsing body: Span<UInt8>, carrier: Carrier) {
    self.carrier = carrier
    legacyVersion = UInt16(truncatingIfNeeded: body.integer16(0))
    var offset = 34
    offset &+= 1 &+ Int(body.byte(offset))
    if carrier == .datagram { offset &+= 1 &+ Int(body.byte(offset)) }
    let suites = body.integer16(offset)
    offset &+= 2
    cipherSuites = Self.list(body, from: offset, to: offset &+ suites)
    offset &+= suites
    offset &+= 1 &+ Int(body.byte(offset))
    let stated = offset &+ 2 &+ body.integer16(offset)
    let end = min(body.count, stated)
    // Before TLS 1.2 the list of extensions may be missing (RFC 5246 §7.4.1.2).
    isWhole = offset == body.count || (offset &+ 2 <= body.count && stated <= body.count)
    offset &+= 2
    while offset &+ 4 <= end, extensions.count < Self.maximumExtensions {
      let type = UInt16(truncatingIfNeeded: body.integer16(offset))
      let start = offset &+ 4
      let stop = min(start &+ body.integer16(offset &+ 2), end)
      extensions.append(type)
      read(type, body, start..<stop)
      offset = stop
    }
    if extensions.count == Self.maximumExtensions { isWhole = false }
  }

  /// Reads the body of one extension.
  private mutating func read(_ type: UInt16, _ body: Span<UInt8>, _ range: Range<Int>) {
    let start = range.lowerBound
    let stop = range.upperBound
    switch type {
    case 0 where range.count >= 5 && body[start &+ 2] == 0:
      let length = body.integer16(start &+ 3)
      if start &+ 5 &+ length <= stop {
        serverName = body.text(start &+ 5..<start &+ 5 &+ length)
      }
    case 13:
      signatureAlgorithms = Self.list(
        body, from: start &+ 2, to: min(stop, start &+ 2 &+ body.integer16(start)))
    case 14: offersSRTP = true
    case 16:
      var position = start &+ 2
      while position < stop, applicationProtocols.count < 8 {
        let length = Int(body[position])
        guard length > 0, position &+ 1 &+ length <= stop else { break }
        let name = position &+ 1..<position &+ 1 &+ length
        if applicationProtocols.isEmpty { firstProtocol = body.array(name) }
        applicationProtocols.append(body.text(name))
        position = name.upperBound
      }
    case 43:
      versions = Self.list(
        body, from: start &+ 1, to: min(stop, start &+ 1 &+ Int(body.byte(start))))
    case 0xFE0D: isEncrypted = true
    default: break
    }
  }

  /// The 16-bit numbers between two offsets, as far as bytes are there.
  private static func list(_ body: Span<UInt8>, from start: Int, to end: Int) -> [UInt16] {
    var numbers: [UInt16] = []
    var offset = start
    let bound = min(end, body.count)
    while offset &+ 2 <= bound, numbers.count < maximumListed {
      numbers.append(UInt16(truncatingIfNeeded: body.integer16(offset)))
      offset &+= 2
    }
    return numbers
  }
}

extension RecognitionContext {
  /// Notes what a ClientHello told of the current flow.
  mutating func note(_ hello: ClientHello, _ chunk: Chunk) {
    setServerName(hello.serverName)
    for name in hello.applicationProtocols { addDetail(.applicationProtocol, name, chunk) }
    if let fingerprint = JA4.fingerprint(of: hello) { addDetail(.ja4, fingerprint, chunk) }
    if hello.isEncrypted { addDetail(.note, "encrypted client hello", chunk) }
    if hello.offersSRTP { setWebRTC(chunk) }
  }

  /// Notes that the current flow sets up media by ICE or DTLS-SRTP.
  mutating func setWebRTC(_ chunk: Chunk) {
    let index = resultIndex()
    results[index].isWebRTC = true
  }
}
