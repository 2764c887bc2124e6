// SPDX-License-Identifier: Apache-2.0

/// Group sizes that are all the same: a sampling device (classifier.md §3.3, `const`).
enum ConstantSizes {
  /// Whether the sizes exclude video.
  static func excludes(_ groups: PacketGroups) -> Bool {
    let sizes = groups.sizes
    guard sizes.variation >= RhythmThresholds.constantVeto.value else { return true }
    // A few groups that the line merged do not make a sampling device a camera.
    return sizes.quantile(0.75) - sizes.quantile(0.25)
      < RhythmThresholds.constantSpread.value * sizes.median
  }

  /// Whether the sizes speak against video where no key frames recur.
  static func speaksAgainst(variation: Double) -> Bool {
    variation < RhythmThresholds.constantAgainst.value
  }
}
