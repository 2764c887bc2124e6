// SPDX-License-Identifier: Apache-2.0

/// Small groups of similar sizes: sound (classifier.md §3.3, `audio`).
enum AudioLike {
  static func holds(_ groups: PacketGroups) -> Bool {
    groups.allSizes.median < RhythmThresholds.audioMedian.value
      && groups.allSizes.variation < RhythmThresholds.audioVariation.value
  }
}
