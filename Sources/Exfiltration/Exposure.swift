// SPDX-License-Identifier: Apache-2.0

/// How far what was sent has gone (classifier.md §3.7).
public enum Exposure: Int, Sendable, CaseIterable, Comparable {
  /// X0: from inside to inside, such as camera to recorder.
  case inside
  /// X1: outside, at home, or outside with no home declared.
  case outside
  /// X2: outside, not at home.
  case foreign
  /// X3: X2 with a destination that hides something (hosting, relay, no name, new).
  case foreignSuspicious
  /// X4: X2 or X3, repeated over days, from several cameras, or very large.
  case foreignSustained

  /// `X0` to `X4`.
  public var code: String { "X\(rawValue)" }

  /// Orders by distance.
  public static func < (lhs: Exposure, rhs: Exposure) -> Bool { lhs.rawValue < rhs.rawValue }
}

/// An exposure with its reasons.
public struct ExposureAssessment: Sendable, Hashable {
  /// The level.
  public var level: Exposure
  /// Why, as sentences.
  public var reasons: [String]

  /// Makes an assessment.
  public init(level: Exposure, reasons: [String]) {
    self.level = level
    self.reasons = reasons
  }
}
