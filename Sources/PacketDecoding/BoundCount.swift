// SPDX-License-Identifier: Apache-2.0

/// How often a bound was met, and when first.
package struct BoundCount: Sendable, Equatable {
  /// What was left out, in whatever the bound counts.
  package private(set) var count: UInt64
  /// Time of the first packet for which that was so, nanoseconds since 1970; `nil` where it was not.
  package private(set) var firstTime: Int64?

  /// A bound that was not met.
  package init() {
    count = 0
    firstTime = nil
  }

  /// A bound that was met `count` times, at `firstTime` first.
  package init(count: UInt64, firstTime: Int64?) {
    self.count = count
    self.firstTime = firstTime
  }

  /// Notes that the bound left something out of a packet at `time`.
  package mutating func note(at time: Int64) {
    count &+= 1
    firstTime = firstTime.map { min($0, time) } ?? time
  }

  /// Adds what another part of the capture left out by the same bound.
  package mutating func add(_ other: BoundCount) {
    count &+= other.count
    guard let time = other.firstTime else { return }
    firstTime = firstTime.map { min($0, time) } ?? time
  }

  /// What all parts left out together.
  package static func sum(_ parts: some Sequence<BoundCount>) -> BoundCount {
    parts.reduce(into: BoundCount()) { $0.add($1) }
  }
}
