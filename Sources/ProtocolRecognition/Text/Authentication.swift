// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Realms and user names of HTTP authentication
/// ([RFC 9110 §11](https://www.rfc-editor.org/rfc/rfc9110#section-11)); nothing secret is kept.
enum Authentication {
  /// Notes the realm of a challenge; Dahua's `Login to SERIAL` tells the serial number.
  static func note(
    _ bytes: Span<UInt8>, _ range: Range<Int>, source: String, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    guard let realm = quoted("realm=", bytes, range) else { return }
    context.addDetail(.realm, realm, chunk)
    VendorBanners.mark(realm: realm, source: source, chunk, &context)
  }

  /// Notes the user name of credentials, masked; the rest is not read.
  static func noteUser(
    _ bytes: Span<UInt8>, _ range: Range<Int>, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    if let user = quoted("username=", bytes, range) {
      context.addDetail(.userName, masked(user), chunk)
    } else if bytes.hasCaseInsensitive("Basic ", at: range.lowerBound) {
      let decoded = Base64.decode(bytes, range.lowerBound + 6..<range.upperBound, limit: 256)
      let user = decoded.prefix { $0 != UInt8(ascii: ":") }
      context.addDetail(.userName, masked(String(decoding: user, as: UTF8.self)), chunk)
    }
  }

  /// The first character and the length's worth of asterisks, at most eight.
  static func masked(_ text: String) -> String {
    guard let first = text.first else { return "" }
    return String(first) + String(repeating: "*", count: min(max(text.count - 1, 1), 8))
  }

  /// The quoted or bare value after `name`.
  private static func quoted(
    _ name: ASCII, _ bytes: Span<UInt8>, _ range: Range<Int>
  ) -> String? {
    guard let found = bytes.firstIndex(of: name, in: range) else { return nil }
    var start = found + name.bytes.count
    let isQuoted = bytes.byte(start) == UInt8(ascii: "\"")
    if isQuoted { start += 1 }
    var end = start
    while end < range.upperBound,
      isQuoted ? bytes[end] != UInt8(ascii: "\"") : bytes[end] > 0x20 && bytes[end] != 0x2C
    { end += 1 }
    return end > start ? bytes.text(start..<end) : nil
  }
}

/// Host and path of a request target, without user, password, query and what a path tells of them.
struct RequestTarget {
  /// Names whose values are nobody's business, as ends of names: Xiongmai's recorders are asked for
  /// `/user=admin_password=..._channel=1_stream=0.sdp`, Java servers for `/page;jsessionid=...`.
  private static let secretNames: [ASCII] = [
    "user=", "username=", "login=", "pass=", "passwd=", "password=", "pwd=", "psw=", "token=",
    "key=", "secret=", "auth=", "sign=", "signature=", "session=", "sessionid=", "sid=",
  ]

  var host = ""
  var port: UInt16?
  var path = ""

  init(_ uri: String) { self.init(uri.utf8.span) }

  /// Reads the target that fills `text`.
  init(_ text: Span<UInt8>) {
    let scheme = Self.scheme(text)
    if let scheme {
      let authority = Authority(text, scheme..<Self.authorityEnd(text, scheme))
      host = text.text(authority.host, limit: text.count)
      port = authority.port.flatMap { UInt16(text.text($0, limit: text.count)) }
    }
    let place = Self.path(text, scheme)
    path = text.text(place.range, limit: text.count)
    // Where such a value ends no standard says: what follows is left out too.
    if place.isCut { path += "***" }
  }

  /// Where the path stands in the target that fills `text` and has `letters`; cut before the first
  /// value that a path must not tell.
  static func path(
    _ text: Span<UInt8>, _ letters: LetterSet
  ) -> (range: Range<Int>, isCut: Bool) {
    // Most are a path and nothing else.
    guard
      text.byte(0) != UInt8(ascii: "/") || letters.mayHold(UInt8(ascii: "?"))
        || letters.mayHold(UInt8(ascii: "="))
    else { return (0..<text.count, false) }
    return path(text, scheme(text))
  }

  private static func path(
    _ text: Span<UInt8>, _ scheme: Int?
  ) -> (range: Range<Int>, isCut: Bool) {
    let start = scheme.map { authorityEnd(text, $0) } ?? 0
    let end = text.firstIndex(of: UInt8(ascii: "?"), in: start..<text.count) ?? text.count
    if let secret = firstSecret(text, start..<end) { return (start..<secret, true) }
    return (start..<end, false)
  }

  /// The offset after `://`, where there is one.
  private static func scheme(_ text: Span<UInt8>) -> Int? {
    // A path that begins the target may hold the URL of something else in its query.
    guard text.byte(0) != UInt8(ascii: "/"),
      let scheme = text.firstIndex(of: "://", in: 0..<text.count),
      text.firstIndex(of: UInt8(ascii: "?"), in: 0..<scheme) == nil
    else { return nil }
    return scheme &+ 3
  }

  private static func authorityEnd(_ text: Span<UInt8>, _ start: Int) -> Int {
    text.firstIndex(of: UInt8(ascii: "/"), in: start..<text.count) ?? text.count
  }

  /// Where the first value begins that a path must not tell.
  private static func firstSecret(_ text: Span<UInt8>, _ range: Range<Int>) -> Int? {
    var start = range.lowerBound
    while let sign = text.firstIndex(of: UInt8(ascii: "="), in: start..<range.upperBound) {
      start = sign &+ 1
      for name in secretNames {
        let place = start &- name.bytes.count
        if place >= range.lowerBound, text.hasCaseInsensitive(name, at: place) { return start }
      }
    }
    return nil
  }

  /// Where the host stands in a `Host` header, which has the form of an authority.
  static func host(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Range<Int> {
    // As much as is kept of any text.
    let bound = min(range.upperBound, range.lowerBound &+ 255)
    let whole = range.lowerBound..<bound
    // Most have a host and nothing else.
    guard bytes.firstDelimiterOfHost(in: whole) != nil else { return whole }
    let end = bytes.firstIndex(of: UInt8(ascii: "/"), in: whole) ?? bound
    return Authority(bytes, range.lowerBound..<end).host
  }

  /// Where host and port stand in `user:password@host:port`.
  private struct Authority {
    var host: Range<Int>
    var port: Range<Int>?

    init(_ bytes: Span<UInt8>, _ range: Range<Int>) {
      var start = range.lowerBound
      var colon: Int?
      var isBracketed = false
      for index in range {
        switch bytes[index] {
        case UInt8(ascii: "@"):
          start = index &+ 1
          colon = nil
          isBracketed = false
        case UInt8(ascii: ":"): colon = index
        case UInt8(ascii: "]"): isBracketed = true
        default: break
        }
      }
      host = start..<range.upperBound
      if let colon, !isBracketed {
        host = start..<colon
        port = colon &+ 1..<range.upperBound
      }
    }
  }
}

/// Requests for recorded footage (camera-protocols.md B1, B2).
enum StoredFootage {
  static let marks: LetteredTexts = [
    "/streaming/tracks/", "starttime=", "/cam/playback", "/contentmgmt/search",
    "/contentmgmt/download", "mediafilefind.cgi", "loadfile.cgi", "/replay", "recordingtoken",
  ]

  /// Whether a URL asks for footage that was stored earlier.
  static func isAskedFor(by uri: String) -> Bool { isAskedFor(by: uri.utf8.span) }

  /// Whether a URL asks for footage that was stored earlier.
  static func isAskedFor(by uri: Span<UInt8>) -> Bool { isAskedFor(by: uri, LetterSet(uri)) }

  /// Whether a URL with these letters asks for footage that was stored earlier.
  static func isAskedFor(by uri: Span<UInt8>, _ letters: LetterSet) -> Bool {
    marks.mayStand(in: letters) && marks.first(in: uri, letters) != nil
  }
}

extension RecognitionContext {
  /// Notes that the current flow asked for stored footage.
  mutating func noteStoredFootage(_ chunk: Chunk) {
    let index = resultIndex()
    log.withRareFacts(of: &results[index]) { rare in
      if rare.storedFootage == nil { rare.storedFootage = chunk.packet }
    }
  }

  /// Notes which side was asked to send media.
  mutating func setIntent(sender: FlowDirection, _ chunk: Chunk) {
    let index = resultIndex()
    results[index].intent = sender == .fromOriginator ? .originatorSends : .responderSends
  }
}
