// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// A session description (SDP), [RFC 8866](https://www.rfc-editor.org/rfc/rfc8866), as far as it
/// says where media goes and what it is.
struct SessionDescription {
  /// One `m=` section.
  struct Media {
    var media: String
    var port: UInt16
    var transport: String
    var formats: [MediaFormat]
    /// `c=` of the section or of the session.
    var address: IPAddress?
    /// `a=control`.
    var control = ""
    /// SSRCs of `a=ssrc` or `y=` (GB/T 28181).
    var sources: [UInt32] = []
    /// `a=framerate`, frames a second.
    var frameRate = ""
  }

  /// Sections read.
  static let maximumMedia = 16
  /// Formats read of a section.
  static let maximumFormats = 32

  /// `s=`.
  var sessionName = ""
  var media: [Media] = []
  /// Whether the description asks for recorded footage (GB/T 28181 `s=Playback` and `Download`).
  var isStoredFootage = false
  /// Hikvision's `a=Media_header:MEDIAINFO=494D4B48...` (camera-protocols.md B1).
  var hasHikvisionMediaHeader = false
  /// Dahua's `a=packetization-supported:DH` (camera-protocols.md C4).
  var hasDahuaPacketization = false

  /// Reads a description; `nil` when the range does not begin with `v=0`.
  init?(parsing bytes: Span<UInt8>, _ range: Range<Int>) {
    let end = min(range.upperBound, bytes.count)
    var offset = range.lowerBound
    guard offset >= 0, bytes.has("v=0", at: offset) else { return nil }
    // What follows the description must not complete a word that its end cuts.
    let bytes = bytes.extracting(..<end)
    var sessionAddress: IPAddress?
    while offset < end {
      let feed = bytes.firstIndex(of: 0x0A, in: offset..<end) ?? end
      var lineEnd = feed
      while lineEnd > offset, bytes[lineEnd &- 1] == 0x0D { lineEnd &-= 1 }
      if lineEnd &- offset > 2, bytes[offset &+ 1] == UInt8(ascii: "=") {
        let value = offset &+ 2..<lineEnd
        switch bytes[offset] {
        case UInt8(ascii: "s"):
          sessionName = bytes.text(value)
          isStoredFootage = sessionName == "Playback" || sessionName == "Download"
        case UInt8(ascii: "c"):
          let address = Self.connection(bytes, value)
          if media.isEmpty {
            sessionAddress = address
          } else {
            media[media.count - 1].address = address
          }
        case UInt8(ascii: "m"):
          if media.count < Self.maximumMedia, let next = Self.section(bytes, value) {
            media.append(next)
            media[media.count - 1].address = sessionAddress
          }
        case UInt8(ascii: "y"):
          if let source = bytes.decimal(value), !media.isEmpty, let number = UInt32(exactly: source)
          {
            media[media.count - 1].sources.append(number)
          }
        case UInt8(ascii: "a"): attribute(bytes, value)
        default: break
        }
      }
      offset = feed &+ 1
    }
  }

  /// `IN IP4 192.0.2.1/127`.
  private static func connection(_ bytes: Span<UInt8>, _ range: Range<Int>) -> IPAddress? {
    guard range.count > 7, bytes.has("IN IP", at: range.lowerBound) else { return nil }
    var end = range.lowerBound &+ 7
    while end < range.upperBound, bytes[end] != UInt8(ascii: "/"), bytes[end] > 0x20 { end &+= 1 }
    guard end > range.lowerBound &+ 7 else { return nil }
    return IPAddress(parsing: bytes.extracting(range.lowerBound &+ 7..<end))
  }

  /// `video 5004 RTP/AVP 96 97`.
  private static func section(_ bytes: Span<UInt8>, _ range: Range<Int>) -> Media? {
    let words = bytes.words(range, limit: maximumFormats + 3)
    guard words.count >= 3,
      let port = bytes.leadingDecimal(from: words[1].lowerBound, to: words[1].upperBound)
    else { return nil }
    var media = Media(
      media: bytes.text(words[0], limit: 32), port: UInt16(truncatingIfNeeded: port.value),
      transport: bytes.text(words[2], limit: 32), formats: [])
    for word in words.dropFirst(3) {
      guard let type = bytes.decimal(word), type < 128 else { continue }
      let number = UInt8(type)
      media.formats.append(
        MediaFormat(
          payloadType: number, name: RTPStaticPayloadTypes.name(number) ?? "",
          clockRate: RTPStaticPayloadTypes.clockRate(number), parameterSets: []))
    }
    return media
  }

  private mutating func attribute(_ bytes: Span<UInt8>, _ range: Range<Int>) {
    let start = range.lowerBound
    if bytes.hasCaseInsensitive("Media_header:MEDIAINFO=494D4B48", at: start) {
      hasHikvisionMediaHeader = true
    } else if bytes.has("packetization-supported:DH", at: start)
      || bytes.has("rtppayload-supported:DH", at: start)
    {
      hasDahuaPacketization = true
    }
    guard !media.isEmpty else { return }
    let last = media.count - 1
    if bytes.has("rtpmap:", at: start) {
      guard let type = bytes.leadingDecimal(from: start &+ 7, to: range.upperBound),
        type.value < 128,
        type.end &+ 1 < range.upperBound
      else { return }
      let nameStart = type.end &+ 1
      let slash =
        bytes.firstIndex(of: UInt8(ascii: "/"), in: nameStart..<range.upperBound)
        ?? range.upperBound
      let clock = bytes.leadingDecimal(from: slash &+ 1, to: range.upperBound)?.value ?? 0
      let name = bytes.text(nameStart..<slash, limit: 32).uppercased()
      for index in media[last].formats.indices
      where Int(media[last].formats[index].payloadType) == type.value {
        media[last].formats[index].name = name
        media[last].formats[index].clockRate = min(clock, 1_000_000)
      }
    } else if bytes.has("fmtp:", at: start) {
      guard let type = bytes.leadingDecimal(from: start &+ 5, to: range.upperBound) else { return }
      let sets = Self.parameterSets(bytes, type.end..<range.upperBound)
      guard !sets.isEmpty else { return }
      for index in media[last].formats.indices
      where Int(media[last].formats[index].payloadType) == type.value {
        media[last].formats[index].parameterSets = sets
      }
    } else if bytes.has("control:", at: start) {
      media[last].control = bytes.text(start &+ 8..<range.upperBound)
    } else if bytes.has("framerate:", at: start) {
      media[last].frameRate = bytes.text(start &+ 10..<range.upperBound, limit: 16)
    } else if bytes.has("ssrc:", at: start), media[last].sources.count < 8,
      let source = bytes.leadingDecimal(from: start &+ 5, to: range.upperBound),
      let number = UInt32(exactly: source.value), !media[last].sources.contains(number)
    {
      media[last].sources.append(number)
    }
  }

  /// `sprop-parameter-sets=` ([RFC 6184 §8.1](https://www.rfc-editor.org/rfc/rfc6184#section-8.1))
  /// and `sprop-vps=`, `sprop-sps=`, `sprop-pps=`
  /// ([RFC 7798 §7.1](https://www.rfc-editor.org/rfc/rfc7798#section-7.1)).
  private static func parameterSets(_ bytes: Span<UInt8>, _ range: Range<Int>) -> [[UInt8]] {
    var sets: [[UInt8]] = []
    let names: [ASCII] = ["sprop-vps=", "sprop-sps=", "sprop-pps=", "sprop-parameter-sets="]
    for name in names {
      guard let found = bytes.firstIndex(of: name, in: range) else { continue }
      var offset = found &+ name.bytes.count
      while offset < range.upperBound, sets.count < 8 {
        var end = offset
        while end < range.upperBound, Base64.digit(bytes[end]) != nil { end &+= 1 }
        if end > offset { sets.append(Base64.decode(bytes, offset..<end)) }
        while end < range.upperBound, bytes[end] == UInt8(ascii: "=") { end &+= 1 }
        guard end < range.upperBound, bytes[end] == UInt8(ascii: ",") else { break }
        offset = end &+ 1
      }
    }
    return sets
  }
}

extension Span where Element == UInt8 {
  /// The parts of `range` between spaces, at most `limit`.
  func words(_ range: Range<Int>, limit: Int) -> [Range<Int>] {
    var words: [Range<Int>] = []
    var offset = Swift.max(range.lowerBound, 0)
    let end = Swift.min(range.upperBound, count)
    while offset < end, words.count < limit {
      while offset < end, self[offset] == 0x20 || self[offset] == 0x09 { offset &+= 1 }
      let start = offset
      while offset < end, self[offset] != 0x20, self[offset] != 0x09 { offset &+= 1 }
      if offset > start { words.append(start..<offset) }
    }
    return words
  }

  /// The word number `number` of `range`, counted from 0.
  func word(_ number: Int, of range: Range<Int>) -> Range<Int>? {
    var offset = Swift.max(range.lowerBound, 0)
    let end = Swift.min(range.upperBound, count)
    var left = number
    while offset < end {
      while offset < end, self[offset] == 0x20 || self[offset] == 0x09 { offset &+= 1 }
      let start = offset
      guard start < end else { return nil }
      offset = firstBlank(in: start..<end) ?? end
      if left == 0 { return start..<offset }
      left -= 1
    }
    return nil
  }
}
