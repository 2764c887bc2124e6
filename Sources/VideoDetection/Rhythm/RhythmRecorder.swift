// SPDX-License-Identifier: Apache-2.0

package import FlowTracking

/// Judges the closed windows of one shard and keeps what they add up to.
package struct RhythmRecorder: Sendable {
  private struct Key: Hashable {
    var flow: UInt32
    var direction: FlowDirection
  }

  /// Looked up only, never walked through, so that no order depends on hashing.
  private var positions: [Key: Int] = [:]
  private var directions: [DirectionRhythm] = []

  /// Makes a recorder without windows.
  package init() {}

  /// Adds windows in packet order.
  package mutating func add(_ window: RhythmWindow) {
    let key = Key(flow: window.flow, direction: window.direction)
    let position = positions[key] ?? begin(key, origin: window.start)
    directions[position].add(window)
  }

  /// Notes that a direction was not measured (to its end), because too many were under way.
  package mutating func refuse(flow: UInt32, direction: FlowDirection) {
    let key = Key(flow: flow, direction: direction)
    let position = positions[key] ?? begin(key, origin: 0)
    directions[position].isCutOff = true
  }

  private mutating func begin(_ key: Key, origin: Int64) -> Int {
    directions.append(DirectionRhythm(origin: origin))
    positions[key] = directions.count - 1
    return directions.count - 1
  }

  /// What the rhythm of a direction says; `nil` where it was not measured.
  package func assessment(flow: UInt32, direction: FlowDirection) -> TimingAssessment? {
    positions[Key(flow: flow, direction: direction)].map { TimingAssessment(directions[$0]) }
  }

  /// Whether the rhythm of a direction was measured or should have been.
  package func hasAssessment(flow: UInt32, direction: FlowDirection) -> Bool {
    positions[Key(flow: flow, direction: direction)] != nil
  }
}
