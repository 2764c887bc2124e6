// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// A message of the domain name system,
/// [RFC 1035 §4](https://www.rfc-editor.org/rfc/rfc1035#section-4); also what multicast DNS and
/// LLMNR send.
enum DNSMessage {
  static let headerByteCount = 12
  /// Records read of one message.
  static let maximumRecords = 64
  /// Compression pointers followed for one name: more is a loop or an attack.
  static let maximumPointers = 16
  /// Longest name, RFC 1035 §2.3.4.
  static let maximumName = 255

  /// Whether the bytes are shaped as a message: a known operation, counts that fit the length, and
  /// a first name that can be read.
  static func isMessage(_ bytes: Span<UInt8>, originalLength: Int) -> Bool {
    guard bytes.count >= 17 else { return false }
    // Operation code 0...5 and a reserved bit of zero.
    guard bytes[2] & 0x78 <= 0x28, bytes[3] & 0x40 == 0 else { return false }
    let questions = bytes.integer16(4)
    let answers = bytes.integer16(6)
    let records = answers &+ bytes.integer16(8) &+ bytes.integer16(10)
    guard questions <= 4, questions &+ records >= 1,
      // A question has at least 5 bytes, a record at least 11.
      12 &+ questions &* 5 &+ records &* 11 <= originalLength
    else { return false }
    guard let end = skipName(bytes, 12) else { return false }
    let kind = bytes.integer16(end &+ 2) & 0x7FFF
    return end &+ 4 > bytes.count || kind == 1 || kind == 3 || kind == 254 || kind == 255
  }

  /// The offset after the name at `start`.
  static func skipName(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    var offset = start
    while offset < bytes.count, offset &- start <= maximumName {
      let length = Int(bytes[offset])
      if length == 0 { return offset &+ 1 }
      if length & 0xC0 == 0xC0 { return offset &+ 2 <= bytes.count ? offset &+ 2 : nil }
      guard length & 0xC0 == 0 else { return nil }
      offset &+= 1 &+ length
    }
    return nil
  }

  /// Writes the name at `start` into `text` from `place` on, in lower case, labels separated by
  /// dots; returns its length, or `nil` when it cannot be read.
  ///
  /// There must be room for ``maximumName`` bytes and seven that are written with the last ones.
  static func name(
    _ bytes: Span<UInt8>, _ start: Int, into text: inout MutableSpan<UInt8>, at place: Int
  ) -> Int? {
    // Most names stand in one piece: they are copied as a whole, and dots put over the lengths.
    guard let end = endOfWhole(bytes, start) else {
      return nameOfParts(bytes, start, into: &text, at: place)
    }
    let count = max(end &- start &- 1, 0)
    bytes.copyLowerCase(from: start &+ 1, count: count, to: &text, at: place)
    var offset = start &+ 1 &+ Int(bytes[start])
    while offset < end {
      text[place &+ offset &- start &- 1] = UInt8(ascii: ".")
      offset &+= 1 &+ Int(bytes[offset])
    }
    return count
  }

  /// The offset of the zero that ends the name at `start`, where it has neither pointers nor errors
  /// and is well below the longest.
  @inline(__always)
  private static func endOfWhole(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    var offset = start
    while offset < bytes.count, offset &- start < maximumName {
      let length = Int(bytes[offset])
      if length == 0 { return offset }
      guard length & 0xC0 == 0 else { return nil }
      offset &+= 1 &+ length
    }
    return nil
  }

  @inline(never)
  private static func nameOfParts(
    _ bytes: Span<UInt8>, _ start: Int, into text: inout MutableSpan<UInt8>, at place: Int
  ) -> Int? {
    var count = 0
    var offset = start
    var pointers = 0
    while offset < bytes.count {
      let length = Int(bytes[offset])
      if length == 0 { return count }
      if length & 0xC0 == 0xC0 {
        guard offset &+ 2 <= bytes.count, pointers < maximumPointers else { return nil }
        pointers &+= 1
        offset = bytes.integer16(offset) & 0x3FFF
        continue
      }
      guard length & 0xC0 == 0, offset &+ 1 &+ length <= bytes.count,
        count &+ length < maximumName
      else { return nil }
      if count > 0 {
        text[place &+ count] = UInt8(ascii: ".")
        count &+= 1
      }
      bytes.copyLowerCase(from: offset &+ 1, count: length, to: &text, at: place &+ count)
      count &+= length
      offset &+= 1 &+ length
    }
    return nil
  }

  /// Service types that cameras and recorders announce (camera-protocols.md C6).
  private static let services: [(label: ASCII, vendor: String, role: String, text: String)] = [
    ("_axis-video", "axis", "camera", "_axis-video._tcp"),
    ("_axis-nvr", "axis", "recorder", "_axis-nvr._tcp"),
    ("_arec", "arecont", "camera", "_arec._tcp"),
    ("_dcp", "d-link", "", "_dcp._tcp"),
    ("_onvif", "", "camera", "_onvif._tcp"),
  ]

  /// Marks the sender of a multicast answer by the services it announces.
  private static func mark(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    for service in services {
      guard let found = bytes.firstIndex(of: service.label, in: headerByteCount..<bytes.count),
        Int(bytes.byte(found &- 1)) == service.label.bytes.count
      else { continue }
      context.addMark(
        "mdns", vendor: service.vendor, role: service.role, text: service.text,
        confidence: service.role.isEmpty ? .weak : .strong, chunk)
    }
  }

  /// Kinds of device by which cameras describe themselves in the TXT records of their services,
  /// behind the model: `IC-3115W Network Camera`.
  private static let kinds: [ASCII] = ["network camera", "ip camera"]

  /// Marks the sender of a TXT record that calls it a camera.
  ///
  /// HomeKit's accessory category stands in the record as `ci`: 17 is a camera, 18 a doorbell with
  /// one (camera-protocols.md C6).
  private static func mark(
    description range: Range<Int>, _ bytes: Span<UInt8>, _ chunk: Chunk,
    _ context: inout RecognitionContext
  ) {
    let isHomeKit = bytes.firstIndex(of: "_hap", in: headerByteCount..<bytes.count) != nil
    var offset = range.lowerBound
    while offset < range.upperBound {
      let end = min(offset &+ 1 &+ Int(bytes.byte(offset)), range.upperBound)
      let text = min(offset &+ 1, end)..<end
      if isHomeKit, text.count == 5,
        bytes.has("ci=17", at: text.lowerBound)
          || bytes.has("ci=18", at: text.lowerBound)
      {
        context.addMark(
          "mdns_txt", role: "camera",
          text: "HomeKit accessory category " + bytes.text(text.lowerBound &+ 3..<end),
          confidence: .strong, chunk)
        return
      }
      for kind in kinds {
        guard let found = bytes.firstIndex(of: kind, in: text) else { continue }
        var model = text.lowerBound..<found
        while let last = model.last, bytes.byte(last) == UInt8(ascii: " ") {
          model = model.lowerBound..<last
        }
        // `key=value` gives the value.
        if let equals = bytes.firstIndex(of: UInt8(ascii: "="), in: model) {
          model = equals &+ 1..<model.upperBound
        }
        context.addMark(
          "mdns_txt", model: bytes.text(model), role: "camera", text: bytes.text(text),
          confidence: .strong, chunk)
        return
      }
      offset = end
    }
  }

  /// Keeps the name at `start`.
  private static func intern(
    _ bytes: Span<UInt8>, _ start: Int, _ context: inout RecognitionContext
  ) -> UInt32? {
    context.texts.store(upTo: maximumName) { name(bytes, start, into: &$0, at: $1) }
  }

  /// Announces the addresses of an answer under the name asked for and the name at the end of
  /// its CNAME chain.
  static func announce(
    _ bytes: Span<UInt8>, source: NameSource, _ chunk: Chunk, _ context: inout RecognitionContext
  ) {
    guard bytes.count >= headerByteCount, bytes[2] & 0x80 != 0 else { return }
    if source == .multicastDNS { mark(bytes, chunk, &context) }
    let answers = min(
      bytes.integer16(6) &+ (source == .multicastDNS ? bytes.integer16(10) : 0), maximumRecords)
    guard answers > 0 else { return }
    var offset = headerByteCount
    var asked: UInt32?
    for _ in 0..<min(bytes.integer16(4), 4) {
      if asked == nil { asked = intern(bytes, offset, &context) }
      guard let end = skipName(bytes, offset) else { return }
      offset = end &+ 4
    }
    for _ in 0..<answers {
      guard let end = skipName(bytes, offset), end &+ 10 <= bytes.count else { return }
      let length = bytes.integer16(end &+ 8)
      let data = end &+ 10
      guard data &+ length <= bytes.count else { return }
      let type = bytes.integer16(end)
      var address: IPAddress?
      if type == 16, source == .multicastDNS {
        mark(description: data..<data &+ length, bytes, chunk, &context)
      }
      if type == 1, length == 4 {
        address = IPAddress(v4: bytes.integer32(data))
      } else if type == 28, length == 16 {
        address = IPAddress(high: bytes.integer64(data), low: bytes.integer64(data &+ 8))
      }
      if let address {
        var canonical: UInt32?
        if bytes.integer16(offset) == 0xC000 | headerByteCount, asked != nil {
          // The usual pointer to the question.
          canonical = asked
        } else {
          canonical = intern(bytes, offset, &context)
        }
        if let canonical {
          context.announce(
            NameAnnouncement(
              place: context.place(chunk), source: source, timeToLive: bytes.integer32(end &+ 4),
              address: address, name: asked ?? canonical, canonicalName: canonical))
        }
      }
      offset = data &+ length
    }
  }
}
