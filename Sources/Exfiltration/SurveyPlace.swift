// SPDX-License-Identifier: Apache-2.0

internal import Attribution

/// Where an address is, and what it is to the survey of flows.
struct SurveyPlace: Sendable {
  let scope: AddressAttribution.Scope
  let isGroup: Bool
  /// Whether it would be a host if there were room.
  let mayBeHost: Bool
  /// Index of the host that it is of, -1 for none.
  var host: Int32 = -1

  var isInside: Bool { scope == .inside }

  /// Whether payload from a place to this one may have left the inside.
  func mayReceive(from source: AddressAttribution.Scope) -> Bool {
    guard scope != .inside, !isGroup else { return false }
    return source == .inside || source == .home || source == .unknown
  }
}
