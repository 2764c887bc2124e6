// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Groups of packets as pictures: when they start and how large they are (classifier.md §3.3,
/// `group` and `multi`).
struct PacketGroups {
  /// Groups large enough to be pictures; all groups where those are few.
  let groups: [PacketGroup]
  /// Seconds after the start of the window, of groups whose start is known.
  let starts: [Double]
  /// Bytes of the groups of `starts`.
  let startedBytes: [Double]
  /// Sizes of the groups.
  let sizes: SizeStatistics
  /// Sizes of all groups, small ones too.
  let allSizes: SizeStatistics
  /// Seconds covered.
  let seconds: Double

  /// Groups of `groupBytes` that suffice to leave the small ones out.
  private static let enough = 8

  init(_ window: RhythmWindow) {
    let least = RhythmThresholds.groupBytes.value
    let large = window.groups.filter { Double($0.bytes) > least }
    groups = large.count >= Self.enough ? large : window.groups
    let started = large.filter { !$0.isContinued }
    starts = started.map { Double($0.start) / 1e6 }
    startedBytes = started.map { Double($0.bytes) }
    sizes = SizeStatistics(groups.map { Double($0.bytes) })
    allSizes = SizeStatistics(window.groups.map { Double($0.bytes) })
    seconds = max(window.seconds, 0.001)
  }

  /// Bytes of each period of a clock.
  ///
  /// A period begins a little before the common phase, so that pieces of a picture that the line
  /// held back count to it and not to the next.
  func slots(of clock: FrameClock) -> [Double] {
    slots(clock.frequency, from: clock.phase - RhythmThresholds.clockPhase.value)
  }

  /// Bytes of each period of a frequency; the first begins at `phase`, in turns.
  func slots(_ frequency: Double, from phase: Double) -> [Double] {
    var slots = [Double](repeating: 0, count: max(0, Int(seconds * frequency)))
    for group in groups {
      let slot = Int((Double(group.start) / 1e6 * frequency - phase).rounded(.down))
      if slots.indices.contains(slot) { slots[slot] += Double(group.bytes) }
    }
    return slots
  }

  /// Pictures a second.
  var perSecond: Double { Double(starts.count) / seconds }

  /// Whether the usual group has several packets.
  var areMultiplePackets: Bool { sizes.median >= RhythmThresholds.multiplePackets.value }
}
