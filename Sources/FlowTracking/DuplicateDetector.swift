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

  /// Packets remembered at first: 7 KiB.
  private static let initialCount = 256

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

  /// By running number, modulo their count.
  private var originals: MaskedArray<Original>
  /// Running number of the newest packet of each hash.
  private var newest: MaskedArray<UInt32>
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
    UInt64(newest[Int(truncatingIfNeeded: fingerprint)])
  }

  /// Whether a packet with the fingerprint was seen shortly before or after `time` (nanoseconds);
  /// remembers this one if not.
  @inline(__always)
  mutating func isDuplicate(
    _ fingerprint: UInt64, at time: Int64, source: UInt32
  ) -> Bool {
    let hash = Int(truncatingIfNeeded: fingerprint)
    var number = newest[hash]
    var left = Self.longestChain
    while next &- number <= UInt32(truncatingIfNeeded: originals.mask &+ 1), left > 0 {
      let place = Int(number)
      if originals[place].fingerprint == fingerprint, originals[place].isNear(time) {
        found = place
        return true
      }
      number = originals[place].previous
      left &-= 1
    }
    // The oldest packet makes place for this one.
    if originals[Int(next)].isNear(time) { makeRoom() }
    remember(
      Original(fingerprint: fingerprint, time: time, previous: newest[hash], source: source))
    return false
  }

  @inline(__always)
  private mutating func remember(_ original: Original) {
    originals[Int(next)] = original
    newest[Int(truncatingIfNeeded: original.fingerprint)] = next
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
      var original = originals[place]
      original.previous = larger.newest[Int(truncatingIfNeeded: original.fingerprint)]
      larger.remember(original)
    }
    self = larger
  }
}
