// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Sizes that depend on the ones before them (Documentation/classifier.md §5).
///
/// Pictures follow the scene, the coder's pattern and its rate control; the records of games,
/// logs, polled screens and noisy sensors are drawn anew each time. Ranks are compared, not bytes,
/// so that key frames do not drown the rest; only likeness counts.
struct SizeOrder: Sendable {
  /// Distances looked at, in pictures: the patterns of coders repeat within 8.
  static let distances = 8

  /// Sums over windows of correlation times pictures, for each distance.
  private var sums = [Double](repeating: 0, count: distances)
  private var count = 0.0

  /// Nothing measured yet.
  init() {}

  /// Measures a window: its pictures by the clock, which puts together what the line cut in
  /// pieces, or its groups where there is no clock.
  ///
  /// - Complexity: O(n log n) for n groups, 1,024 at most.
  init(_ groups: PacketGroups, clock: FrameClock?) {
    let sizes =
      clock.map { groups.slots(of: $0).filter { $0 > 0 } }
      ?? groups.groups.map { Double($0.bytes) }
    let ranks = Self.ranks(sizes)
    let size = ranks.count
    guard size > 2 * Self.distances else { return }
    let mean = Double(size - 1) / 2
    let centred = ranks.map { $0 - mean }
    let variance = centred.reduce(0) { $0 + $1 * $1 } / Double(size)
    guard variance > 0 else { return }
    count = Double(size)
    for distance in 1...Self.distances {
      var sum = 0.0
      for index in distance..<size { sum += centred[index] * centred[index - distance] }
      sums[distance - 1] = sum / Double(size - distance) / variance * count
    }
  }

  /// Adds another window.
  mutating func add(_ other: SizeOrder) {
    for index in sums.indices { sums[index] += other.sums[index] }
    count += other.count
  }

  /// The greatest mean correlation over the distances; 0 where nothing was measured.
  var strength: Double { count > 0 ? max(0, (sums.max() ?? 0) / count) : 0 }

  /// What the strength must reach: the limit, and above what chance gives to so few pictures.
  var needed: Double {
    let chance = RhythmThresholds.orderSignificance.value / max(count, 1).squareRoot()
    return min(1, max(RhythmThresholds.orderStrength.value, chance))
  }

  /// Places in the order of sizes, from 0; equal sizes share the mean of theirs.
  private static func ranks(_ sizes: [Double]) -> [Double] {
    let order = sizes.indices.sorted { (sizes[$0], $0) < (sizes[$1], $1) }
    var ranks = [Double](repeating: 0, count: sizes.count)
    var first = 0
    while first < order.count {
      var end = first + 1
      while end < order.count, sizes[order[end]] == sizes[order[first]] { end += 1 }
      for place in first..<end { ranks[order[place]] = Double(first + end - 1) / 2 }
      first = end
    }
    return ranks
  }
}
