// SPDX-License-Identifier: Apache-2.0

/// A clock that belongs to small packets of one size among others: voice and bulk in one tunnel
/// (classifier.md §3.3, comb veto).
enum CombVeto {
  static func applies(_ groups: PacketGroups) -> Bool {
    let sizes = groups.allSizes
    let median = sizes.median
    guard median > 0, median < RhythmThresholds.combMedian.value,
      sizes.variation >= RhythmThresholds.variation.value
    else { return false }
    return (sizes.quantile(0.6) - sizes.quantile(0.1)) / median < RhythmThresholds.combSpread.value
  }
}
