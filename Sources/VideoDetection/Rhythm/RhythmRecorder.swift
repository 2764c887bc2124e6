// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
package import PacketDecoding

/// Judges the closed windows of one shard and keeps what they add up to.
package struct RhythmRecorder: Sendable {
  private struct Key: Hashable {
    var flow: UInt32
    var direction: FlowDirection
  }

  /// Looked up only, never walked through, so that no order depends on hashing.
  private var positions: [Key: Int] = [:]
  private var directions: [DirectionRhythm] = []
  /// Directions of which nothing is kept, by the bounds.
  private var leftOut: Set<Key> = []
  private let maximum: Int
  /// Directions that were not measured (to their end) because too many were.
  package private(set) var refusals = BoundCount()

  /// Makes a recorder without windows.
  package init(limits: MemoryLimits = .standard) { maximum = limits.rhythmLogs }

  /// Adds windows in packet order.
  package mutating func add(_ window: RhythmWindow) {
    let key = Key(flow: window.flow, direction: window.direction)
    if let position = positions[key] ?? begin(key, origin: window.start) {
      directions[position].add(window)
    } else if leftOut.insert(key).inserted {
      refusals.note(at: window.start)
    }
  }

  /// Notes that a direction was not measured (to its end), because too many were under way.
  package mutating func refuse(flow: UInt32, direction: FlowDirection, at time: Int64) {
    refusals.note(at: time)
    let key = Key(flow: flow, direction: direction)
    if let position = positions[key] {
      directions[position].isCutOff = true
    } else {
      leftOut.insert(key)
    }
  }

  private mutating func begin(_ key: Key, origin: Int64) -> Int? {
    guard directions.count < maximum else { return nil }
    directions.append(DirectionRhythm(origin: origin))
    positions[key] = directions.count - 1
    return directions.count - 1
  }

  /// What the rhythm of a direction says; `nil` where it was not measured.
  package func assessment(flow: UInt32, direction: FlowDirection) -> TimingAssessment? {
    let key = Key(flow: flow, direction: direction)
    if let position = positions[key] { return TimingAssessment(directions[position]) }
    guard leftOut.contains(key) else { return nil }
    var rhythm = DirectionRhythm(origin: 0)
    rhythm.isCutOff = true
    return TimingAssessment(rhythm)
  }

  /// Whether the rhythm of a direction was measured or should have been.
  package func hasAssessment(flow: UInt32, direction: FlowDirection) -> Bool {
    let key = Key(flow: flow, direction: direction)
    return positions[key] != nil || leftOut.contains(key)
  }
}
