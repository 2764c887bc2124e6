// SPDX-License-Identifier: Apache-2.0

internal import VideoDetection

/// Severity of a finding by what was sent and how far it went (classifier.md §3.7).
enum SeverityMatrix {
  /// What was sent.
  enum Content {
    case certain
    case likely
    case possible
    /// No sign of video, but much of it.
    case bulk

    init?(_ verdict: VideoVerdict, isBulk: Bool) {
      switch verdict {
      case .certain: self = .certain
      case .likely: self = .likely
      case .possible: self = .possible
      case .noEvidence, .notAssessed:
        guard isBulk else { return nil }
        self = .bulk
      }
    }
  }

  /// The severity; `nil` where the matrix has no finding.
  ///
  /// Where the place is not known (home not declared, or the destination's place could not be
  /// decided), what is outside weighs as DESIGN.md §3 says. `bytes` are new payload; below the
  /// volume floor nothing is above information.
  static func severity(
    _ content: Content, _ exposure: Exposure, isPlaceKnown: Bool, bytes: UInt64
  ) -> Severity? {
    guard let severity = unlimited(content, exposure, isPlaceKnown: isPlaceKnown) else {
      return nil
    }
    return Double(bytes) < ExposureThresholds.volumeFloor.value ? .info : severity
  }

  private static func unlimited(
    _ content: Content, _ exposure: Exposure, isPlaceKnown: Bool
  ) -> Severity? {
    if exposure == .outside, !isPlaceKnown {
      switch content {
      case .certain: return .medium
      case .likely: return .low
      case .possible, .bulk: return .info
      }
    }
    let row: [Severity?] =
      switch content {
      case .certain: [.info, .low, .high, .high, .critical]
      case .likely: [.info, .low, .medium, .high, .high]
      case .possible: [nil, .info, .low, .medium, .medium]
      case .bulk: [nil, .info, .low, .low, .medium]
      }
    return row[exposure.rawValue]
  }
}
