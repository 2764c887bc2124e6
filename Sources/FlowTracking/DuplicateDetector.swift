// SPDX-License-Identifier: Apache-2.0

/// Finds copies of packets that a mirror port, a second interface or a second capture point saw.
///
/// A packet is a copy when its fingerprint was seen within ``window``. The last packets lie in the
/// order in which they came, linked from the newest to older ones of the same hash. There is room
/// for those of a window and no more: a table of full size from the start was twice the cache, and
/// waiting for it a tenth of the time to the flow table (measured).
struct DuplicateDetector: ~Copyable {
  /// Packets a shard remembers at most (DESIGN.md §3).
  static let maximumCount = 16_384
  /// Two copies lie at most this far apart: 200 ms in nanoseconds (DESIGN.md §3).
  static let window: Int64 = 200_000_000

  /// Hashes for each packet remembered, so that few packets have another's.
  private static let hashesPerPacket = 4

  /// Packets of one hash that are looked at, newest first; more are made up by someone.
  private static let longestChain = 8

  /// Packets remembered at first: 2.5 KiB a shard, so that the tables of all shards of an ordinary
  /// capture stay in the processor's second cache.
  private static let initialCount = 64

  /// A packet that copies may follow.
  struct Original: BitwiseCopyable {
    var fingerprint: UInt64
    var time: Int64
    /// The packet of the same hash before this one.
    var previous: UInt32
    /// File and interface.
    var source: UInt32

    /// Whether a packet at `time` may be a copy.
    @inline(__always)
    func isNear(_ time: Int64) -> Bool {
      UInt64(bitPattern: time &- self.time &+ window) <= UInt64(2 * window)
    }
  }

  /// What is remembered of a hash: of its newest packet the running number (16 bits) and as many
  /// bits of the fingerprint as are left, so that the packet itself, which is seldom in the
  /// processor's caches, is looked at only where it may be the one.
  ///
  /// Not private: Swift 6.3.1 gives up on a build for debugging where a generic type of another file
  /// holds one that is.
  struct Newest: BitwiseCopyable {
    private let word: UInt32

    private static let tagBits: UInt32 = 0x7FFF_0000
    private static let isChained: UInt32 = 0x8000_0000

    init(_ number: UInt32, _ fingerprint: UInt64, isChained: Bool) {
      word =
        number & 0xFFFF | Self.tag(fingerprint) | (isChained ? Self.isChained : 0)
    }

    @inline(__always)
    private static func tag(_ fingerprint: UInt64) -> UInt32 {
      UInt32(truncatingIfNeeded: fingerprint >> 32) & tagBits
    }

    /// How many packets ago the packet came, by the number of the next one; from 65,536 on modulo
    /// that, 0 included, which `originals` then show to be wrong.
    @inline(__always)
    func age(_ next: UInt32) -> UInt32 { (next &- word) & 0xFFFF }

    /// Whether the packet may have the fingerprint, or one of the same hash before it.
    @inline(__always)
    func mayHold(_ fingerprint: UInt64) -> Bool {
      word & Self.isChained != 0 || word & Self.tagBits == Self.tag(fingerprint)
    }
  }

  /// By running number, modulo their count.
  private var originals: MaskedArray<Original>
  /// The newest packet of each hash.
  private var newest: MaskedArray<Newest>
  /// Running number of the next packet; the first one's is so high that 0 is none's.
  private var next: UInt32
  /// The packet that the one asked for last is a copy of.
  private var found = 0

  /// Makes a detector that remembers `count` packets until more are needed.
  init(count: Int = initialCount) {
    originals = MaskedArray(zeroed: count)
    newest = MaskedArray(zeroed: count * Self.hashesPerPacket)
    next = UInt32(truncatingIfNeeded: count &+ 1)
  }

  /// Gives back the memory, when no packet follows.
  mutating func forget() { self = DuplicateDetector() }

  /// Time and source of the packet that the one asked for last is a copy of.
  var original: (time: Int64, source: UInt32) { (originals[found].time, originals[found].source) }

  /// Loads what a fingerprint will need.
  @inline(__always)
  func load(_ fingerprint: UInt64) -> UInt64 {
    UInt64(newest[Int(truncatingIfNeeded: fingerprint)].age(next))
  }

  /// Whether a packet with the fingerprint was seen shortly before or after `time` (nanoseconds);
  /// remembers this one if not.
  @inline(__always)
  mutating func isDuplicate(
    _ fingerprint: UInt64, at time: Int64, source: UInt32
  ) -> Bool {
    let last = newest[Int(truncatingIfNeeded: fingerprint)]
    let number = next &- last.age(next)
    if last.mayHold(fingerprint), isRemembered(number), find(fingerprint, from: number, time) {
      return true
    }
    // The oldest packet makes place for this one.
    if originals[Int(next)].isNear(time) { makeRoom() }
    remember(fingerprint, at: time, source: source)
    return false
  }

  /// Whether the packet with a number, or one of the same hash before it, is the original of one at
  /// `time`.
  @inline(never)
  private mutating func find(_ fingerprint: UInt64, from number: UInt32, _ time: Int64) -> Bool {
    var number = number
    var left = Self.longestChain
    while isRemembered(number), left > 0 {
      let place = Int(number)
      if originals[place].fingerprint == fingerprint, originals[place].isNear(time) {
        found = place
        return true
      }
      number = originals[place].previous
      left &-= 1
    }
    return false
  }

  /// Whether a packet is among the last.
  @inline(__always)
  private func isRemembered(_ number: UInt32) -> Bool {
    next &- number &- 1 <= UInt32(truncatingIfNeeded: originals.mask)
  }

  @inline(__always)
  private mutating func remember(_ fingerprint: UInt64, at time: Int64, source: UInt32) {
    let hash = Int(truncatingIfNeeded: fingerprint)
    let previous = next &- newest[hash].age(next)
    originals[Int(next)] = Original(
      fingerprint: fingerprint, time: time, previous: previous, source: source)
    newest[hash] = Newest(next, fingerprint, isChained: isRemembered(previous))
    next &+= 1
  }

  /// Doubles the room, where it is full of packets whose copies may still come.
  @inline(never)
  private mutating func makeRoom() {
    let count = originals.mask &+ 1
    // Room that was never used looks like a packet of 1970.
    guard count < Self.maximumCount, next > UInt32(2 * count) else { return }
    var larger = DuplicateDetector(count: 2 * count)
    for place in Int(next)..<Int(next) + count {
      let original = originals[place]
      larger.remember(original.fingerprint, at: original.time, source: original.source)
    }
    self = larger
  }
}
