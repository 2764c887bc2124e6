// SPDX-License-Identifier: Apache-2.0

internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition

/// Numbers for the names that clients asked for: the same number for the same bytes of any shard, so
/// that a pass over all flows compares numbers, and works out once what a name says.
struct NameTable: Sendable {
  /// What is known of a name.
  struct Facts: Sendable {
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
  mutating func number(ofServer text: UInt32, shard: Int) -> Int { number(of: text, in: shard) }

  /// Whether a server's name, by its number among the texts of a shard, is the name with a number.
  func isName(_ number: Int, theServer text: UInt32, shard: Int) -> Bool {
    stores[shard].hasText(text, theSameAs: names.bytes(facts[number].text))
  }

  /// The number of an announced name by its number among the texts of a shard.
  mutating func number(ofAnnounced text: UInt32, shard: Int) -> Int {
    number(of: text, in: stores.count / 2 + shard)
  }

  private mutating func number(of text: UInt32, in store: Int) -> Int {
    let texts = stores[store]
    return texts.withBytes(of: text) { number(of: $0) }
  }

  /// The numbers here of the names of another table, by their numbers there.
  mutating func numbers(of other: NameTable) -> [Int] {
    other.facts.map { number(of: other.names.bytes($0.text), known: $0) }
  }

  /// The number of a name.
  mutating func number(of name: Span<UInt8>) -> Int { number(of: name, known: nil) }

  private mutating func number(of name: Span<UInt8>, known: Facts?) -> Int {
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
    var new =
      known
      ?? Facts(
        meaning: domains.meaning(of: name)
          ?? domains.meaning(ofText: name.text(0..<name.count, limit: name.count)),
        isAddress: Self.mayBeAddress(name) && IPAddress(parsing: name) != nil,
        isEmpty: name.isEmpty, isASCII: isASCII, text: 0)
    new.text = names.append(name)
    facts.append(new)
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
