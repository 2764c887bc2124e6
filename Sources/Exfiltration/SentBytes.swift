// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// Payload that devices sent to each destination, by the destinations' numbers.
struct SentBytes {
  /// The devices that sent to each destination, each once, in order of their numbers.
  struct Senders {
    fileprivate let devices: [Int32]
    /// Where each destination's devices begin, and where the last one's end.
    fileprivate let starts: [Int32]

    /// The devices that sent to a destination, by their ids.
    func ids(of destination: Int, _ ids: [String]) -> [String] {
      var result: [String] = []
      result.reserveCapacity(Int(starts[destination + 1] - starts[destination]))
      for place in Int(starts[destination])..<Int(starts[destination + 1]) {
        result.append(ids[Int(devices[place])])
      }
      return result
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
    var isSent = [Bool](repeating: false, count: bytes.count)
    for pair in pairs { isSent[Int(pair.destination)] = true }
    var ranks: [(key: UInt64, destination: Int)] = []
    ranks.reserveCapacity(bytes.count)
    for destination in bytes.indices where isSent[destination] {
      ranks.append((key(of: destination, addresses[destination]), destination))
    }
    ranks.sort { lhs, rhs in
      if lhs.key != rhs.key { return lhs.key < rhs.key }
      let (first, second) = (bytes[lhs.destination], bytes[rhs.destination])
      return first == second
        ? addresses[lhs.destination] < addresses[rhs.destination] : first > second
    }
    return ranks.map(\.destination)
  }

  /// What tells nearly all destinations apart in order, so that little else is compared: 32 bits of
  /// the bytes, the most first, and 32 of the address, IPv4 first; 0 where the bytes need more.
  private func key(of destination: Int, _ address: IPAddress) -> UInt64 {
    guard let volume = UInt32(exactly: bytes[destination]) else { return 0 }
    let place = address.v4.map { UInt64($0 >> 1) } ?? (address.high >> 33 | 1 << 31)
    return UInt64(UInt32.max - volume) << 32 | place
  }
}
