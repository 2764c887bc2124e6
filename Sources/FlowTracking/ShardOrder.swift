// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// The packets of a batch that belong to flows, grouped by logical shard, in packet order within
/// each: a counting sort, made once a batch by the thread that decoded it.
package struct ShardOrder: Sendable {
  /// Number of logical shards, whatever the threads (DESIGN.md §2).
  package static let shardCount = MemoryLimits.shardCount

  /// Indices into the batch's packets, shard after shard.
  package private(set) var indices: [UInt32] = []
  /// Where each shard's indices begin in `indices`; the last element is their count.
  package private(set) var starts = [UInt32](repeating: 0, count: shardCount + 1)
  /// Packets without a network layer, which belong to no flow.
  package private(set) var packetsWithoutFlow = 0

  /// Groups the packets of a batch.
  package init(_ packets: [DecodedPacket]) {
    let packets = packets.span
    var counts = InlineArray<64, UInt32>(repeating: 0)
    var shards = [UInt8](repeating: Self.noShard, count: packets.count)
    var shardOf = shards.mutableSpan
    for index in packets.indices {
      if packets[index].belongsToFlow {
        let shard = packets[index].shardNumber
        counts[shard] &+= 1
        shardOf[index] = UInt8(truncatingIfNeeded: shard)
      } else if !packets[index].has(PacketBits.isHeldFragment) {
        packetsWithoutFlow &+= 1
      }
    }
    var total: UInt32 = 0
    for shard in 0..<Self.shardCount {
      starts[shard] = total
      total &+= counts[shard]
      counts[shard] = starts[shard]
    }
    starts[Self.shardCount] = total
    indices = [UInt32](repeating: 0, count: Int(total))
    var sorted = indices.mutableSpan
    for index in shardOf.indices {
      let shard = Int(shardOf[index])
      guard shard < Self.shardCount else { continue }
      let place = counts[shard]
      counts[shard] = place &+ 1
      sorted[Int(place)] = UInt32(truncatingIfNeeded: index)
    }
  }

  /// Stands for the shard of a packet that belongs to no flow.
  private static var noShard: UInt8 { 0xFF }

  /// The packets of one shard.
  package func range(ofShard shard: Int) -> Range<Int> {
    Int(starts[shard])..<Int(starts[shard + 1])
  }
}

extension DecodedPacket {
  /// Whether the packet is counted to a flow: it has addresses, of IP or of protected 802.11, and
  /// is not a fragment whose counts come with the joined datagram.
  @inline(__always)
  package var belongsToFlow: Bool {
    // One comparison: no bit becomes the greatest number, a held fragment's is above the others.
    let bits = PacketBits.hasNetworkLayer | PacketBits.isOpaqueWireless
    return flags.rawValue & (bits | PacketBits.isHeldFragment) &- 1 < bits
  }

  /// `shard`, which is a call from here.
  @inline(__always)
  fileprivate var shardNumber: Int { Int(truncatingIfNeeded: keyHash >> 58) }
}
