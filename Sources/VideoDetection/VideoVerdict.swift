// SPDX-License-Identifier: Apache-2.0

/// How sure it is that a direction of a flow carries video.
///
/// The order is that of strength; `notAssessed` stands lowest, beside the scale: it is neither
/// good nor bad news (classifier.md §0 and §3.7).
public enum VideoVerdict: String, Sendable, CaseIterable, Comparable {
  /// The capture does not allow a statement.
  case notAssessed = "not_assessed"
  /// Assessed, and nothing speaks for video.
  case noEvidence = "none"
  /// Cannot be told from video; a lead, no more.
  case possible
  /// Consistent with live coded video.
  case likely
  /// Proved by protocol or bitstream.
  case certain

  /// Position in the order of strength, 0 for `notAssessed`.
  public var strength: Int {
    switch self {
    case .notAssessed: 0
    case .noEvidence: 1
    case .possible: 2
    case .likely: 3
    case .certain: 4
    }
  }

  /// Orders by strength.
  public static func < (lhs: VideoVerdict, rhs: VideoVerdict) -> Bool {
    lhs.strength < rhs.strength
  }
}
