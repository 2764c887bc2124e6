// SPDX-License-Identifier: Apache-2.0

/// What an analysis may keep in memory (DESIGN.md §9): every bound follows from one size.
///
/// Flows, streams, names and all else that a capture can ask to be remembered are bounded by shares
/// of ``byteCount``. The shares are split evenly over the 64 logical shards, so that each bound is
/// met at the same packet whatever the threads. What meets a bound is counted and said in
/// `limitations`; no sum of packets or bytes loses anything.
///
/// Beside the size, a run needs 100 to 200 MiB for itself and the GeoIP tables that it is given. What
/// is bounded by its format (a record 64 MiB, tunnels eight deep, a stream's hole 256 KiB, 30 s for
/// the fragments of a datagram) does not depend on the size.
public struct MemoryLimits: Sendable, Equatable {
  /// The least size: 128 MiB, of which 333,334 flows are told apart.
  public static let leastByteCount = 128 << 20
  /// The greatest size, 64 GiB: what can be told of more flows than that is not for one report.
  public static let greatestByteCount = 64 << 30
  /// Limits for 3 GiB, with 8 million flows.
  public static let standard = MemoryLimits(scaledTo: 3 << 30)

  /// The size in bytes that all limits follow from.
  public let byteCount: Int

  // Of one shard.

  /// Flows with an entry of their own; what is told of them beside takes the room of some.
  package var flows: Int
  /// Sums over further flows that tell hosts and networks apart.
  package var remainders: Int
  /// Flows whose holes, repetitions and disorder are told.
  package var disorders: Int
  /// Flows whose copied packets are told.
  package var copies: Int
  /// Flows whose traffic over time is kept.
  package var traffics: Int
  /// Seconds that are kept of all of those together.
  package var timeBins: Int
  /// Bytes of segments that wait for a hole before them to be filled.
  package var reassemblyBytes: Int
  /// Flows that are looked for on the other side of an address translator.
  package var firstPayloads: Int
  /// Directions whose rhythm is measured at the same time.
  package var rhythms: Int
  /// Directions of which it is known in the end.
  package var rhythmLogs: Int
  /// Flows followed at the same time to learn what they carry.
  package var recognitionSlots: Int
  /// Bytes of flows that no recognizer has taken yet.
  package var recognitionBytes: Int
  /// Facts that flows tell of their ends, and the bytes of their texts.
  package var facts: Int
  package var factBytes: Int
  /// Announced names, and the bytes of their texts.
  package var names: Int
  package var nameBytes: Int
  /// What devices say of themselves.
  package var marks: Int
  /// Ends of media that signalling announces.
  package var mediaEndpoints: Int
  package var leases: Int
  package var relays: Int
  package var mediaStreams: Int
  /// Media streams whose bitstream is under inspection; the others are put away.
  package var openStreams: Int
  /// Media streams beyond those that stay open while their units come, once it is known what they
  /// are: putting one away for each unit of another would cost more than the unit.
  package var liveStreams: Int
  /// Bytes of those that are put away.
  package var mediaBytes: Int
  /// Reports of RTCP.
  package var reports: Int
  /// RTSP connections through HTTP.
  package var tunnels: Int
  package var fileTransfers: Int

  // Of the run.

  /// Datagrams whose fragments are waited for, and their bytes.
  package var fragmentedDatagrams: Int
  package var fragmentBytes: Int
  /// Hosts of the inside.
  package var hosts: Int
  /// Sums by source, destination and service; split evenly over the shards, of whose flows they are.
  package var channels: Int
  /// Uploads that are searched for recurrence.
  package var uploads: Int
  /// Connections and downloads that may have come before.
  package var events: Int

  /// Number of logical shards (DESIGN.md §2).
  package static let shardCount = 64

  /// Makes the limits for a size; `nil` outside `leastByteCount...greatestByteCount`.
  public init?(byteCount: Int) {
    guard (Self.leastByteCount...Self.greatestByteCount).contains(byteCount) else { return nil }
    self.init(scaledTo: byteCount)
  }

  /// All limits are in proportion to the size; the numbers are those for 3 GiB.
  private init(scaledTo byteCount: Int) {
    self.byteCount = byteCount
    func whole(_ number: Int) -> Int {
      let (high, low) = number.multipliedFullWidth(by: byteCount)
      return max(1, (3 << 30).dividingFullWidth((high, low)).quotient)
    }
    func shard(_ number: Int) -> Int { (whole(number) + Self.shardCount - 1) / Self.shardCount }
    flows = shard(8_000_000)
    remainders = shard(1 << 17)
    disorders = shard(1 << 18)
    copies = shard(1 << 19)
    traffics = shard(1 << 17)
    timeBins = shard(1 << 21)
    reassemblyBytes = shard(256 << 20)
    firstPayloads = shard(1 << 20)
    rhythms = shard(8_192)
    rhythmLogs = shard(1 << 15)
    recognitionSlots = shard(1 << 15)
    recognitionBytes = shard(64 << 20)
    facts = shard(1 << 20)
    factBytes = shard(32 << 20)
    names = shard(1 << 20)
    nameBytes = shard(64 << 20)
    marks = shard(1 << 17)
    mediaEndpoints = shard(1 << 18)
    leases = shard(1 << 18)
    relays = shard(1 << 17)
    mediaStreams = shard(1 << 16)
    openStreams = shard(1 << 14)
    liveStreams = shard(1 << 15)
    mediaBytes = shard(128 << 20)
    reports = shard(1 << 18)
    tunnels = shard(1 << 16)
    fileTransfers = shard(1 << 16)
    fragmentedDatagrams = whole(4_096)
    fragmentBytes = whole(64 << 20)
    hosts = whole(1 << 18)
    channels = whole(1 << 19)
    uploads = whole(1 << 17)
    events = whole(1 << 15)
  }
}

extension MemoryLimits: CustomStringConvertible {
  /// The size in the largest binary unit that divides it: `3 GiB`.
  public var description: String {
    for (shift, unit) in [(30, "GiB"), (20, "MiB"), (10, "KiB")]
    where byteCount & (1 << shift - 1) == 0 {
      return "\(byteCount >> shift) \(unit)"
    }
    return "\(byteCount) bytes"
  }
}
