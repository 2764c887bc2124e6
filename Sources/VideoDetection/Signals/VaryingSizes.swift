// SPDX-License-Identifier: Apache-2.0

/// Group sizes that vary as those of pictures do (classifier.md §3.3, `vary`).
enum VaryingSizes {
  static func holds(_ groups: PacketGroups) -> Bool {
    groups.sizes.variation >= RhythmThresholds.variation.value
  }
}
