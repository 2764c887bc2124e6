// SPDX-License-Identifier: Apache-2.0

/// Names of the clouds that cameras talk to, by suffix (camera-protocols.md D).
package struct CameraDomains: Sendable {
  /// What a suffix says.
  package struct Domain: Sendable, Hashable {
    /// Maker or platform in lower case.
    package var vendor: String
    /// The suffix that matched.
    package var suffix: String
    /// Whether only cameras and their applications use it.
    package var isCameraSpecific: Bool
    /// How well the sources support the row.
    package var confidence: Confidence

    /// The maker, with the confidence where it is not high: `trassir, medium confidence`.
    var shownVendor: String {
      confidence == .high ? vendor : "\(vendor), \(confidence.rawValue) confidence"
    }
  }

  /// How well the sources support a row of the table.
  package enum Confidence: String, Sendable {
    /// The maker's own words, or several sources.
    case high
    /// One source, or observed.
    case medium
    /// Disputed, or by its name only.
    case low
  }

  /// What a name says about who asks for it.
  package enum Meaning: Sendable, BitwiseCopyable {
    /// It is of a camera's cloud: the place of its suffix in the table.
    case cloud(UInt16)
    /// Its asker does other things than a camera.
    case ordinary
    /// Nothing: time servers, reverse look-ups, names of the link, single labels.
    case nothing
  }

  /// The embedded table, read on first use.
  package static let shared = CameraDomains(table: cameraDomainsTable)

  /// Labels of a name that are compared at most; longer names than this are looked at from the end.
  private static let maximumLabels = 8
  /// Fowler-Noll-Vo 1a, 64 bits: start and factor.
  private static let hashStart: UInt64 = 0xCBF2_9CE4_8422_2325
  private static let hashFactor: UInt64 = 0x100_0000_01B3

  private let ordered: [(bytes: [UInt8], domain: Domain)]
  /// Places in `ordered` by suffix.
  private let places: [String: Int]
  /// The same plus one by the hash of the bytes from the end, so that one walk over a name finds all
  /// its suffixes.
  private let slots: [UInt16]
  /// A bit for each value of ``filterBit(_:)`` that the end of a suffix has.
  private let filter: [UInt64]
  /// Bytes at the end of a name that the filter looks at: as long as the shortest suffix.
  private static let filteredBytes = 6

  init(table: StaticString) {
    var places: [String: Int] = [:]
    var ordered: [(bytes: [UInt8], domain: Domain)] = []
    for row in VendorTable.rows(of: table) {
      guard row.count >= 4, row[2] != "no", places[row[0]] == nil else { continue }
      let domain = Domain(
        vendor: row[1], suffix: row[0], isCameraSpecific: row[2] == "yes",
        confidence: Confidence(rawValue: row[3]) ?? .low)
      places[row[0]] = ordered.count
      ordered.append((Array(row[0].utf8), domain))
    }
    var slots = [UInt16](repeating: 0, count: 1_024)
    for (index, entry) in ordered.enumerated() where index < slots.count / 2 {
      var slot = Self.slot(entry.bytes.reversed().reduce(Self.hashStart, Self.hash))
      while slots[slot] != 0 { slot = (slot + 1) & 1_023 }
      slots[slot] = UInt16(truncatingIfNeeded: index + 1)
    }
    var filter = [UInt64](repeating: 0, count: 64)
    for entry in ordered {
      guard let bit = Self.filterBit(entry.bytes.span) else {
        // A suffix too short for the filter: all names have to be looked at.
        filter = [UInt64](repeating: .max, count: 64)
        break
      }
      filter[bit >> 6] |= 1 << UInt64(bit & 63)
    }
    self.filter = filter
    self.places = places
    self.ordered = ordered
    self.slots = slots
  }

  private static func hash(_ state: UInt64, _ byte: UInt8) -> UInt64 {
    (state ^ UInt64(byte)) &* hashFactor
  }

  private static func slot(_ hash: UInt64) -> Int { Int(truncatingIfNeeded: hash >> 32) & 1_023 }

  private static func lowerCase(_ byte: UInt8) -> UInt8 {
    byte &- 0x41 < 26 ? byte | 0x20 : byte
  }

  /// The longest suffix of `name` in the table, upper and lower case alike.
  package func domain(of name: String) -> Domain? { place(of: name).map { ordered[$0].domain } }

  /// The domain at a place.
  func domain(at place: UInt16) -> Domain { ordered[Int(place)].domain }

  private func place(of name: String) -> Int? {
    let labels = name.lowercased().split(separator: ".").suffix(Self.maximumLabels)
    guard labels.count >= 2 else { return nil }
    for start in labels.indices.dropLast() {
      if let place = places[labels[start...].joined(separator: ".")] { return place }
    }
    // One label of a suffix may be a region: kinesisvideo.*.amazonaws.com.
    for start in labels.indices.dropLast(3) {
      var pattern = labels[start...].map(String.init)
      pattern[1] = "*"
      if let place = places[pattern.joined(separator: ".")] { return place }
    }
    return nil
  }

  /// The last bytes of a name, upper and lower case alike, in 12 bits; `nil` of shorter names.
  private static func filterBit(_ name: Span<UInt8>) -> Int? {
    guard name.count >= filteredBytes else { return nil }
    var bytes: UInt64 = 0
    for index in name.count - filteredBytes..<name.count {
      bytes = bytes << 8 | UInt64(name[index] | 0x20)
    }
    return Int(truncatingIfNeeded: (bytes &* 0x9E37_79B9_7F4A_7C15) >> 52)
  }

  /// What a name says whose end no suffix in the table has, as of most; `nil` where it has to be
  /// looked at closer.
  private func plainMeaning(of name: Span<UInt8>) -> Meaning? {
    guard let bit = Self.filterBit(name), filter[bit >> 6] >> UInt64(bit & 63) & 1 == 0 else {
      return nil
    }
    var dots = 0
    var isTime = false
    var last: UInt8 = UInt8(ascii: ".")
    var beforeLast: UInt8 = 0
    var index = 0
    while index < name.count {
      let byte = name[index]
      index &+= 1
      if byte >= 0x80 { return nil }
      if byte == UInt8(ascii: ".") {
        if last == byte { return nil }
        dots &+= 1
      } else if byte | 0x20 == UInt8(ascii: "p"), last | 0x20 == UInt8(ascii: "t"),
        beforeLast | 0x20 == UInt8(ascii: "n")
      {
        isTime = true
      }
      beforeLast = last
      last = byte
    }
    if last == UInt8(ascii: ".") { return nil }
    return Self.isOrdinary(name, labels: dots &+ 1, isTime: isTime) ? .ordinary : .nothing
  }

  private static func isOrdinary(_ name: Span<UInt8>, labels: Int, isTime: Bool) -> Bool {
    guard labels >= 2, !isTime else { return false }
    // Most names neither end nor begin like those that are looked for.
    switch name[name.count - 1] | 0x20 {
    case UInt8(ascii: "a") where ends(name, with: ".arpa"): return false
    case UInt8(ascii: "l") where ends(name, with: ".local"): return false
    default: break
    }
    return name[0] | 0x20 != UInt8(ascii: "t") || !begins(name, with: "time")
  }

  /// What a name says.
  ///
  /// One walk over the bytes, no allocation; `nil` where only the text can tell, see
  /// ``meaning(ofText:)``: other letters than ASCII, empty labels, a name that may have a region.
  package func meaning(of name: Span<UInt8>) -> Meaning? {
    if let plain = plainMeaning(of: name) { return plain }
    var hash = Self.hashStart
    var labels = 1
    var best = -1
    var isTime = false
    var mayHaveRegion = false
    var index = name.count
    // The two bytes after the current one.
    var next: UInt8 = UInt8(ascii: ".")
    var afterNext: UInt8 = 0
    while index > 0 {
      index &-= 1
      let byte = Self.lowerCase(name[index])
      guard byte < 0x80 else { return nil }
      if byte == UInt8(ascii: ".") {
        guard next != UInt8(ascii: "."), index > 0 else { return nil }
        if labels >= 2, labels <= Self.maximumLabels {
          if let found = find(hash, name, from: index &+ 1) { best = found }
          if labels == 2, hash == Self.regionHash { mayHaveRegion = true }
        }
        labels &+= 1
      } else if byte == UInt8(ascii: "n"), next == UInt8(ascii: "t"),
        afterNext == UInt8(ascii: "p")
      {
        isTime = true
      }
      afterNext = next
      next = byte
      hash = Self.hash(hash, byte)
    }
    guard name.count > 0 else { return .nothing }
    if labels >= 2, labels <= Self.maximumLabels, let found = find(hash, name, from: 0) {
      best = found
    }
    if best >= 0 { return .cloud(UInt16(truncatingIfNeeded: best)) }
    if mayHaveRegion { return nil }
    return Self.isOrdinary(name, labels: labels, isTime: isTime) ? .ordinary : .nothing
  }

  /// What a name says, for any text.
  package func meaning(ofText name: String) -> Meaning {
    if let place = place(of: name) { return .cloud(UInt16(truncatingIfNeeded: place)) }
    let lower = name.lowercased()
    let isOrdinary =
      lower.contains(".") && !lower.hasSuffix(".arpa") && !lower.hasSuffix(".local")
      && !lower.contains("ntp") && !lower.hasPrefix("time")
    return isOrdinary ? .ordinary : .nothing
  }

  /// The hash of the one suffix that follows a region in the table.
  private static let regionHash = "amazonaws.com".utf8.reversed().reduce(hashStart, hash)

  private func find(_ hash: UInt64, _ name: Span<UInt8>, from start: Int) -> Int? {
    var slot = Self.slot(hash)
    while slots[slot] != 0 {
      let index = Int(slots[slot]) &- 1
      let suffix = ordered[index].bytes
      if Self.matches(name, suffix.span, at: start, name.count) { return index }
      slot = (slot &+ 1) & 1_023
    }
    return nil
  }

  /// Whether the bytes from `start` to `end` are `text`, which is in lower case.
  private static func matches(
    _ name: Span<UInt8>, _ text: Span<UInt8>, at start: Int, _ end: Int
  ) -> Bool {
    guard start >= 0, end &- start == text.count, end <= name.count else { return false }
    for index in 0..<text.count where lowerCase(name[start &+ index]) != text[index] {
      return false
    }
    return true
  }

  private static func ends(_ name: Span<UInt8>, with text: String) -> Bool {
    matches(name, text.utf8.span, at: name.count &- text.utf8.count, name.count)
  }

  private static func begins(_ name: Span<UInt8>, with text: String) -> Bool {
    matches(name, text.utf8.span, at: 0, text.utf8.count)
  }
}
