// SPDX-License-Identifier: Apache-2.0

/// How much a finding matters.
public enum Severity: String, Sendable, CaseIterable, Comparable {
  /// For the record.
  case info
  /// Worth a look.
  case low
  /// Needs an explanation.
  case medium
  /// Needs action.
  case high
  /// Needs action at once.
  case critical

  /// Position in the order, 0 for `info`.
  public var rank: Int {
    switch self {
    case .info: 0
    case .low: 1
    case .medium: 2
    case .high: 3
    case .critical: 4
    }
  }

  /// The next lower one; `info` has none below.
  var oneLess: Severity {
    switch self {
    case .info, .low: .info
    case .medium: .low
    case .high: .medium
    case .critical: .high
    }
  }

  /// Orders by importance.
  public static func < (lhs: Severity, rhs: Severity) -> Bool { lhs.rank < rhs.rank }
}
