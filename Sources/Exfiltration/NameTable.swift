// SPDX-License-Identifier: Apache-2.0

internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition

/// Numbers for the names that clients asked for: the same number for the same bytes of any shard, so
/// that a pass over all flows looks at the bytes of a name once and compares numbers after that.
struct NameTable {
  /// What is known of a name.
  struct Facts {
    /// What it says of who asks for it.
    var meaning: CameraDomains.Meaning
    /// Whether it is an address in place of a name.
    var isAddress: Bool
    var isEmpty: Bool
    fileprivate var isASCII: Bool
    /// Number of the name among `names`.
    fileprivate var text: UInt32
  }

  /// Texts of the flows of each shard, then of its announcements.
  private let stores: [SharedTexts]
  /// The numbers of the servers' names that were asked for.
  private var known = KnownTexts()
  /// The names, and by their numbers parts of their hashes and what is known of them.
  private var names = TextStore()
  private var hashes: [UInt32] = []
  private var facts: [Facts] = []
  /// Numbers plus one, by a hash with a seed of this run; at most half are taken.
  private var slots = [UInt32](repeating: 0, count: 64)
  private let seed = UInt64.random(in: .min ... .max)
  private let domains = CameraDomains.shared

  init(_ recognition: [RecognitionResult]) {
    stores = (recognition.map(\.flows.texts) + recognition.map(\.texts)).map(SharedTexts.init)
  }

  /// The number of a server's name by its number among the texts of a shard.
  mutating func number(ofServer text: UInt32, shard: Int) -> Int {
    let key = UInt64(truncatingIfNeeded: shard) << 32 | UInt64(text)
    if let number = known[key] { return number }
    let number = number(of: text, in: shard)
    known.add(key, number)
    return number
  }

  /// Whether a server's name, by its number among the texts of a shard, is the name with a number.
  func isName(_ number: Int, theServer text: UInt32, shard: Int) -> Bool {
    stores[shard].hasText(text, theSameAs: names.bytes(facts[number].text))
  }

  /// Loads the bytes of a server's name.
  func load(server text: UInt32, shard: Int) -> UInt64 { stores[shard].load(text) }

  /// The number of an announced name by its number among the texts of a shard; each is asked for
  /// about once, so that remembering it would only take memory.
  mutating func number(ofAnnounced text: UInt32, shard: Int) -> Int {
    number(of: text, in: stores.count / 2 + shard)
  }

  private mutating func number(of text: UInt32, in store: Int) -> Int {
    let texts = stores[store]
    return texts.withBytes(of: text) { number(of: $0) }
  }

  /// The number of a name.
  mutating func number(of name: Span<UInt8>) -> Int {
    let (hash, isASCII) = name.hashed(seed: seed)
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: hash) & mask
    while slots[slot] > 0 {
      let number = slots[slot] &- 1
      if hashes[Int(number)] == UInt32(truncatingIfNeeded: hash),
        names.bytes(facts[Int(number)].text).hasSameBytes(as: name)
      {
        return Int(number)
      }
      slot = (slot &+ 1) & mask
    }
    facts.append(
      Facts(
        meaning: domains.meaning(of: name)
          ?? domains.meaning(ofText: name.text(0..<name.count, limit: name.count)),
        isAddress: Self.mayBeAddress(name) && IPAddress(parsing: name) != nil,
        isEmpty: name.isEmpty, isASCII: isASCII, text: names.append(name)))
    hashes.append(UInt32(truncatingIfNeeded: hash))
    slots[slot] = UInt32(truncatingIfNeeded: hashes.count)
    if slots.count < 2 &* (hashes.count &+ 1) { grow() }
    return hashes.count &- 1
  }

  /// Whether a name begins and ends as addresses do, which most do not.
  private static func mayBeAddress(_ name: Span<UInt8>) -> Bool {
    func isOfAddress(_ byte: UInt8) -> Bool {
      byte &- UInt8(ascii: "0") < 10 || (byte | 0x20) &- UInt8(ascii: "a") < 6
        || byte == UInt8(ascii: ":")
    }
    return !name.isEmpty && isOfAddress(name[0]) && isOfAddress(name[name.count &- 1])
  }

  private mutating func grow() {
    let mask = 2 &* slots.count &- 1
    slots = [UInt32](repeating: 0, count: mask &+ 1)
    for (number, hash) in hashes.enumerated() {
      var slot = Int(hash) & mask
      while slots[slot] > 0 { slot = (slot &+ 1) & mask }
      slots[slot] = UInt32(truncatingIfNeeded: number &+ 1)
    }
  }

  /// What is known of the name with a number.
  func facts(_ number: Int) -> Facts { facts[number] }

  /// The name with a number.
  subscript(number: Int) -> String { names[facts[number].text] }

  /// Whether two names are the same text.
  ///
  /// Other letters than ASCII may be written in several ways.
  func areSame(_ first: Int, _ second: Int) -> Bool {
    if first == second { return true }
    if facts[first].isASCII, facts[second].isASCII { return false }
    return self[first] == self[second]
  }
}

/// Numbers of names by the texts that are them, each a shard's store and the text's number there.
private struct KnownTexts {
  /// Texts plus one, 0 in a free slot, and the numbers; at most half are taken.
  private var slots = [(text: UInt64, number: UInt32)](repeating: (0, 0), count: 64)
  private var count = 0
  private let seed = UInt64.random(in: .min ... .max)

  subscript(text: UInt64) -> Int? {
    let slot = slots[slot(of: text &+ 1)]
    return slot.text == 0 ? nil : Int(slot.number)
  }

  mutating func add(_ text: UInt64, _ number: Int) {
    if slots.count < 2 &* (count &+ 1) {
      let old = slots
      slots = .init(repeating: (0, 0), count: 2 &* old.count)
      for entry in old where entry.text != 0 { slots[slot(of: entry.text)] = entry }
    }
    slots[slot(of: text &+ 1)] = (text &+ 1, UInt32(truncatingIfNeeded: number))
    count &+= 1
  }

  /// The slot that holds a text, or the free one where it belongs.
  private func slot(of text: UInt64) -> Int {
    let product = (text ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: product.high ^ product.low) & mask
    while slots[slot].text != 0, slots[slot].text != text { slot = (slot &+ 1) & mask }
    return slot
  }
}
