// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// Payload that devices sent to each destination, by the destinations' numbers.
struct SentBytes {
  /// The devices that sent to each destination, each once, in order of their numbers.
  struct Senders {
    fileprivate let devices: [Int32]
    /// Where each destination's devices begin, and where the last one's end.
    fileprivate let starts: [Int32]

    /// The devices that sent to a destination.
    func devices(of destination: Int) -> LazyMapSequence<ArraySlice<Int32>, Int> {
      devices[Int(starts[destination])..<Int(starts[destination + 1])].lazy.map { Int($0) }
    }
  }

  /// Whether a destination counts; those that are inside after all do not.
  private let isCounted: [Bool]
  /// Payload that each destination got.
  private(set) var bytes: [UInt64]
  /// Who sent to whom, in order of channels.
  private var pairs: [(destination: Int32, device: Int32)] = []

  init(_ isCounted: [Bool]) {
    self.isCounted = isCounted
    bytes = Array(repeating: 0, count: isCounted.count)
  }

  /// Adds what a device sent to a destination.
  mutating func add(_ count: UInt64, from device: Int, to destination: Int) {
    guard isCounted[destination] else { return }
    bytes[destination] &+= count
    pairs.append((Int32(truncatingIfNeeded: destination), Int32(truncatingIfNeeded: device)))
  }

  /// Sorts the pairs by their destinations, by counting, and those of each by their devices.
  func senders() -> Senders {
    var ends = [Int32](repeating: 0, count: bytes.count + 1)
    for pair in pairs { ends[Int(pair.destination)] &+= 1 }
    var sum: Int32 = 0
    for destination in ends.indices {
      let count = ends[destination]
      ends[destination] = sum
      sum &+= count
    }
    var sorted = [Int32](repeating: 0, count: pairs.count)
    // From here on `ends` move from the beginning of each destination's devices to their end.
    for pair in pairs {
      sorted[Int(ends[Int(pair.destination)])] = pair.device
      ends[Int(pair.destination)] &+= 1
    }
    var devices: [Int32] = []
    devices.reserveCapacity(sorted.count)
    var starts: [Int32] = [0]
    starts.reserveCapacity(ends.count)
    var start = 0
    for destination in bytes.indices {
      let end = Int(ends[destination])
      if end - start > 1 { sorted[start..<end].sort() }
      for index in start..<end where index == start || sorted[index - 1] != sorted[index] {
        devices.append(sorted[index])
      }
      starts.append(Int32(truncatingIfNeeded: devices.count))
      start = end
    }
    return Senders(devices: devices, starts: starts)
  }

  /// The destinations that were sent to, the most bytes first, of equals the lower address.
  func order(_ addresses: [IPAddress]) -> [Int] {
    struct Rank {
      var bytes: UInt64
      var destination: Int
      var isIPv6: Bool
      var high: UInt64
      var low: UInt64
    }
    var isSent = [Bool](repeating: false, count: bytes.count)
    for pair in pairs { isSent[Int(pair.destination)] = true }
    var ranks: [Rank] = []
    ranks.reserveCapacity(bytes.count)
    for destination in bytes.indices where isSent[destination] {
      let address = addresses[destination]
      ranks.append(
        Rank(
          bytes: bytes[destination], destination: destination, isIPv6: !address.isIPv4,
          high: address.high, low: address.low))
    }
    ranks.sort { lhs, rhs in
      if lhs.bytes != rhs.bytes { return lhs.bytes > rhs.bytes }
      if lhs.isIPv6 != rhs.isIPv6 { return rhs.isIPv6 }
      return lhs.high == rhs.high ? lhs.low < rhs.low : lhs.high < rhs.high
    }
    return ranks.map(\.destination)
  }
}
