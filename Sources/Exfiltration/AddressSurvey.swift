// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import HostInventory
internal import PacketDecoding

/// The first look at the flows of some shards: numbers for their addresses, and which flow showed
/// each of them first, so that all is known of hosts before anything is summed up for them.
struct AddressSurvey: Sendable {
  /// The first flow that shows that something is at an address.
  struct First: Sendable, BitwiseCopyable {
    /// Of the end among all flows' ends; `.max` where none shows it.
    var order = UInt64.max
    var flow = FlowPlace(shard: 0, index: 0)
  }

  /// Flows whose look-ups overlap.
  private static let batchCount = 32

  private(set) var addresses = AddressIndex()
  /// By the numbers of addresses.
  private(set) var firsts: [First] = []
  /// Numbers of the originator and the responder of each flow, shard after shard.
  private(set) var numbers: [UInt32] = []
  /// Takes what is loaded ahead, so that it is not optimised away.
  private var loaded: UInt64 = 0

  /// Looks at the flows of `shards`.
  init(_ flows: FlowCollection, shards: Range<Int>) {
    numbers.reserveCapacity(shards.reduce(0) { $0 &+ 2 &* flows.count(ofShard: $1) })
    for shard in shards { add(flows, shard: shard) }
  }

  /// Joins the addresses to those of other shards, and the first flows of both.
  ///
  /// - Returns: The common numbers of the addresses by their numbers here.
  func join(to common: inout AddressIndex, _ firsts: inout [First]) -> [UInt32] {
    addresses.addresses.enumerated().map { number, address in
      let joined = common.number(of: address)
      if joined == firsts.count { firsts.append(First()) }
      if self.firsts[number].order < firsts[joined].order { firsts[joined] = self.firsts[number] }
      return UInt32(truncatingIfNeeded: joined)
    }
  }

  /// The order of the ends of the flow with a number among all flows' ends.
  static func order(_ number: UInt64, _ direction: FlowDirection) -> UInt64 {
    number &* 2 &+ UInt64(direction == .fromOriginator ? 0 : 1)
  }

  private mutating func add(_ flows: FlowCollection, shard: Int) {
    let count = flows.count(ofShard: shard)
    var batch: [FlowEnds] = []
    batch.reserveCapacity(Self.batchCount)
    for start in stride(from: 0, to: count, by: Self.batchCount) {
      batch.removeAll(keepingCapacity: true)
      for index in start..<min(start &+ Self.batchCount, count) {
        let ends = flows.ends(at: FlowPlace(index, ofShard: shard))
        loaded &+= addresses.load(ends.originatorAddress) &+ addresses.load(ends.responderAddress)
        batch.append(ends)
      }
      for (offset, ends) in batch.enumerated() {
        let spot = FlowPlace(start &+ offset, ofShard: shard)
        numbers.append(
          number(
            of: ends.originatorAddress, Self.order(ends.number, .fromOriginator), spot,
            isShown: ends.isOriginatorShown))
        numbers.append(
          number(
            of: ends.responderAddress, Self.order(ends.number, .fromResponder), spot,
            isShown: ends.isResponderShown))
      }
    }
  }

  @inline(__always)
  private mutating func number(
    of address: IPAddress, _ order: UInt64, _ flow: FlowPlace, isShown: Bool
  ) -> UInt32 {
    let number = addresses.number(of: address)
    if number == firsts.count { firsts.append(First()) }
    if isShown, order < firsts[number].order { firsts[number] = First(order: order, flow: flow) }
    return UInt32(truncatingIfNeeded: number)
  }
}
