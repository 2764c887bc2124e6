// SPDX-License-Identifier: Apache-2.0

/// Copies of packets by the two places where they were captured, and how far apart.
public struct DuplicateRoute: Sendable, Hashable {
  /// Where a packet was captured.
  public struct Place: Sendable, Hashable, Comparable {
    /// Index of the file in the analysis' list of inputs.
    public var file: UInt32
    /// Index of the interface in the file.
    public var interface: UInt32

    /// Names a place.
    public init(file: UInt32, interface: UInt32) {
      self.file = file
      self.interface = interface
    }

    /// Splits what the flow table notes.
    init(_ source: UInt32) {
      file = source >> 16
      interface = source & 0xFFFF
    }

    /// Orders by file, then by interface.
    public static func < (lhs: Place, rhs: Place) -> Bool {
      (lhs.file, lhs.interface) < (rhs.file, rhs.interface)
    }
  }

  /// Where the packet was captured that counts.
  public var first: Place
  /// Where the copies were captured.
  public var second: Place
  /// Number of copies.
  public var packets: UInt64 = 0
  /// Their bytes on the wire.
  public var wireBytes: UInt64 = 0
  /// Least time from a packet to its copy in nanoseconds, negative where the copy is the older one.
  public var leastShift = Int64.max
  /// Greatest such time.
  public var greatestShift = Int64.min
  /// Sum of all such times; each is below 200 ms.
  var shiftSum: Int64 = 0

  /// Mean time from a packet to its copy in nanoseconds.
  public var meanShift: Int64 { packets == 0 ? 0 : shiftSum / Int64(clamping: packets) }

  /// Routes that a shard tells apart; the copies of more are counted to the last one.
  static let maximum = 64

  init(first: UInt32, second: UInt32) {
    self.first = Place(first)
    self.second = Place(second)
  }

  /// Makes a route that was read back from a saved analysis.
  package init(
    first: Place, second: Place, packets: UInt64, wireBytes: UInt64, leastShift: Int64,
    meanShift: Int64, greatestShift: Int64
  ) {
    self.first = first
    self.second = second
    self.packets = packets
    self.wireBytes = wireBytes
    self.leastShift = leastShift
    self.greatestShift = greatestShift
    shiftSum = meanShift.multipliedReportingOverflow(by: Int64(clamping: packets)).partialValue
  }

  mutating func add(shift: Int64, wireBytes: UInt64) {
    packets &+= 1
    self.wireBytes &+= wireBytes
    leastShift = min(leastShift, shift)
    greatestShift = max(greatestShift, shift)
    shiftSum &+= shift
  }

  /// The routes of all shards, those with the most copies first.
  package static func joined(_ shards: [[DuplicateRoute]]) -> [DuplicateRoute] {
    var result: [DuplicateRoute] = []
    for route in shards.joined() {
      if let index = result.firstIndex(where: {
        $0.first == route.first && $0.second == route.second
      }) {
        result[index].packets &+= route.packets
        result[index].wireBytes &+= route.wireBytes
        result[index].leastShift = min(result[index].leastShift, route.leastShift)
        result[index].greatestShift = max(result[index].greatestShift, route.greatestShift)
        result[index].shiftSum &+= route.shiftSum
      } else {
        result.append(route)
      }
    }
    return result.sorted {
      $0.packets == $1.packets
        ? ($0.first, $0.second) < ($1.first, $1.second) : $0.packets > $1.packets
    }
  }
}
