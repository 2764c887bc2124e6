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

/// Host and path of a request target, without user, password and query.
struct RequestTarget {
  var host = ""
  var port: UInt16?
  var path = ""

  init(_ uri: String) {
    let text = Array(uri.utf8)
    var start = 0
    if let scheme = uri.range(ofASCII: "://") {
      start = scheme + 3
      var end = start
      while end < text.count, text[end] != UInt8(ascii: "/") { end += 1 }
      var authority = Array(text[start..<end])
      if let at = authority.lastIndex(of: UInt8(ascii: "@")) {
        authority.removeFirst(at + 1)
      }
      if let colon = authority.lastIndex(of: UInt8(ascii: ":")),
        !authority.contains(UInt8(ascii: "]"))
      {
        port = UInt16(String(decoding: authority[(colon + 1)...], as: UTF8.self))
        authority.removeLast(authority.count - colon)
      }
      host = String(decoding: authority, as: UTF8.self)
      start = end
    }
    var end = start
    while end < text.count, text[end] != UInt8(ascii: "?") { end += 1 }
    path = String(decoding: text[start..<end], as: UTF8.self)
  }
}

extension String {
  /// The UTF-8 offset of the first occurrence of `text`.
  func range(ofASCII text: String) -> Int? {
    let bytes = Array(utf8)
    let wanted = Array(text.utf8)
    guard !wanted.isEmpty, bytes.count >= wanted.count else { return nil }
    for start in 0...(bytes.count - wanted.count)
    where bytes[start] == wanted[0] && Array(bytes[start..<start + wanted.count]) == wanted {
      return start
    }
    return nil
  }
}

/// Requests for recorded footage (camera-protocols.md B1, B2).
enum StoredFootage {
  static let marks = [
    "/streaming/tracks/", "starttime=", "/cam/playback", "/contentmgmt/search",
    "/contentmgmt/download", "mediafilefind.cgi", "loadfile.cgi", "/replay", "recordingtoken",
  ]

  /// Whether a URL asks for footage that was stored earlier.
  static func isAskedFor(by uri: String) -> Bool {
    let lower = uri.lowercased()
    return marks.contains { lower.range(ofASCII: $0) != nil }
  }
}

extension RecognitionContext {
  /// Notes that the current flow asked for stored footage.
  mutating func noteStoredFootage(_ chunk: Chunk) {
    let index = resultIndex()
    if results[index].storedFootage == nil { results[index].storedFootage = chunk.packet }
  }

  /// Notes which side was asked to send media.
  mutating func setIntent(sender: FlowDirection, _ chunk: Chunk) {
    let index = resultIndex()
    results[index].intent = sender == .fromOriginator ? .originatorSends : .responderSends
  }
}
