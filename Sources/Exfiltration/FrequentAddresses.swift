// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// The most frequent of any number of addresses, in bounded memory.
///
/// Counts are never too high and at most a 65th of all additions too low
/// ([Misra and Gries 1982](https://doi.org/10.1016/0167-6423(82)90012-0)).
struct FrequentAddresses {
  private static let counters = 64

  private var addresses: [IPAddress] = []
  private var counts: [UInt64] = []

  /// Counts an address once.
  ///
  /// - Complexity: O(1), with 64 comparisons at most.
  mutating func add(_ address: IPAddress) {
    if let index = addresses.firstIndex(of: address) {
      counts[index] &+= 1
      return
    }
    if addresses.count < Self.counters {
      addresses.append(address)
      counts.append(1)
      return
    }
    var kept = 0
    for index in addresses.indices {
      counts[index] &-= 1
      guard counts[index] > 0 else { continue }
      addresses[kept] = addresses[index]
      counts[kept] = counts[index]
      kept += 1
    }
    addresses.removeSubrange(kept...)
    counts.removeSubrange(kept...)
  }

  /// The most frequent address, of equals the one that was kept first.
  var mostFrequent: (address: IPAddress, count: UInt64)? {
    var best: Int?
    for index in counts.indices where counts[index] > best.map({ counts[$0] }) ?? 0 { best = index }
    return best.map { (addresses[$0], counts[$0]) }
  }
}
