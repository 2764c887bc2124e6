// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import VideoDetection

/// What was measured for a verdict and what it was compared with, with their unit.
struct EvidenceNumbers {
  /// Name of the signal.
  let signal: String
  /// The value; empty where the fact is not a number.
  let value: String
  /// The threshold; empty where there is none.
  let threshold: String

  init(_ evidence: Evidence) {
    signal = evidence.signal
    let unit = Self.units[evidence.signal]
    value = evidence.value.map { Self.text($0, unit) } ?? ""
    threshold = evidence.threshold.map { Self.text($0, unit) } ?? ""
  }

  /// `sustained_rate 105 kbit/s, threshold 64 kbit/s`.
  var words: String {
    signal + (value.isEmpty ? "" : " \(value)")
      + (threshold.isEmpty ? "" : ", threshold \(threshold)")
  }

  /// Units of the thresholds that are signals of their own.
  private static let units = Dictionary(
    ThresholdTable.all.map { ($0.name, $0.unit) }, uniquingKeysWith: { first, _ in first })

  private static func text(_ value: Double, _ unit: String?) -> String {
    switch unit {
    case "bits per second": Quantity.bitRate(value)
    case "bytes": Quantity.bytes(UInt64(clamping: Int64(max(0, min(value, 9e18)))))
    case "seconds": Quantity.duration(value)
    default: DecimalText.rounded(value, places: 3)
    }
  }
}
