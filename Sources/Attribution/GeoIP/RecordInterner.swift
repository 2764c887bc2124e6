// SPDX-License-Identifier: Apache-2.0

/// The facts of a row; 600,000 rows share some 90,000 of them.
struct GeoIPFacts: Equatable, Sendable {
  /// AS number, 0 for none.
  var asn: UInt32 = 0
  /// Two letters, 0 for none.
  var country: UInt16 = 0
  var flags: UInt16 = 0
  /// Index of the table in the database.
  var table: UInt16 = 0
  /// Length of the name in bytes.
  var nameLength: UInt16 = 0
  /// Where the name starts in the pool.
  var nameOffset: UInt32 = 0
  /// GeoLite2's geoname_id, until the Locations file gave the country.
  var place: UInt32 = 0

  func isEqual(exceptName other: GeoIPFacts) -> Bool {
    asn == other.asn && country == other.country && flags == other.flags && place == other.place
      && table == other.table && nameLength == other.nameLength
  }
}

/// Keeps each distinct set of facts once; indices are in order of first use.
struct RecordInterner: Sendable {
  private(set) var facts: [GeoIPFacts] = []
  private(set) var names: [UInt8] = []
  /// Hash in the upper half, index + 1 in the lower; linear probing, load at most one half.
  private var slots: [UInt64] = Array(repeating: 0, count: 1024)
  private var last = 0
  /// Hash flooding by a hostile table must not pay; nothing printed depends on the seed.
  private let seed = UInt64.random(in: .min ... .max)

  /// The index of the facts with this name, made if new; `nil` when the pool is full.
  mutating func index(of key: GeoIPFacts, name: [UInt8]) -> UInt32? {
    var key = key
    key.nameLength = UInt16(truncatingIfNeeded: name.count)
    if last < facts.count, matches(last, key, name) { return UInt32(truncatingIfNeeded: last) }
    var hash = seed ^ (UInt64(key.asn) << 32 | UInt64(key.country) << 16 | UInt64(key.flags))
    hash = Self.mix(hash ^ UInt64(key.place) << 17 ^ UInt64(key.table) << 3)
    for byte in name { hash = (hash ^ UInt64(byte)) &* 0x0000_0100_0000_01B3 }
    hash = Self.mix(hash)
    let tag = hash >> 32
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] != 0 {
      let index = Int(truncatingIfNeeded: slots[slot] & 0xFFFF_FFFF) - 1
      if slots[slot] >> 32 == tag, matches(index, key, name) {
        last = index
        return UInt32(truncatingIfNeeded: index)
      }
      slot = (slot + 1) & mask
    }
    guard names.count + name.count < Int(UInt32.max), facts.count < Int(UInt32.max) - 1 else {
      return nil
    }
    key.nameOffset = UInt32(names.count)
    names.append(contentsOf: name)
    last = facts.count
    facts.append(key)
    slots[slot] = tag << 32 | UInt64(facts.count)
    if facts.count * 2 > slots.count { grow() }
    return UInt32(truncatingIfNeeded: last)
  }

  /// Cuts a name to the length kept, before a character and not inside it.
  static func cut(_ name: inout [UInt8]) {
    guard name.count > GeoIPLimits.nameLength else { return }
    var end = GeoIPLimits.nameLength
    while end > GeoIPLimits.nameLength - 4, name[end] & 0xC0 == 0x80 { end -= 1 }
    name.removeSubrange(end...)
  }

  private func matches(_ index: Int, _ key: GeoIPFacts, _ name: [UInt8]) -> Bool {
    let candidate = facts[index]
    guard candidate.isEqual(exceptName: key) else { return false }
    let start = Int(candidate.nameOffset)
    for position in 0..<name.count where names[start + position] != name[position] { return false }
    return true
  }

  private mutating func grow() {
    // The tag is the upper half of the hash, the place comes from the lower half: hash again.
    var larger = [UInt64](repeating: 0, count: slots.count * 4)
    let mask = larger.count - 1
    for index in facts.indices {
      let key = facts[index]
      var hash = seed ^ (UInt64(key.asn) << 32 | UInt64(key.country) << 16 | UInt64(key.flags))
      hash = Self.mix(hash ^ UInt64(key.place) << 17 ^ UInt64(key.table) << 3)
      let start = Int(key.nameOffset)
      for position in 0..<Int(key.nameLength) {
        hash = (hash ^ UInt64(names[start + position])) &* 0x0000_0100_0000_01B3
      }
      hash = Self.mix(hash)
      var slot = Int(truncatingIfNeeded: hash) & mask
      while larger[slot] != 0 { slot = (slot + 1) & mask }
      larger[slot] = (hash >> 32) << 32 | UInt64(index + 1)
    }
    slots = larger
  }

  private static func mix(_ value: UInt64) -> UInt64 {
    let (high, low) = value.multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    return high ^ low
  }
}
