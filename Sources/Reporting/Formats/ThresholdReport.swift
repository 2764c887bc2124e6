// SPDX-License-Identifier: Apache-2.0

public import VideoDetection

/// `lenstrace explain thresholds`: every limit that decides about a verdict, and where it is from.
public enum ThresholdReport {
  /// Writes an array with one object a threshold.
  public static func writeJSON(_ thresholds: [Threshold], to sink: ReportSink) {
    var json = JSONWriter(sink, lineDepth: 1)
    json.array(thresholds) { json, threshold in
      json.object { json in
        json.member("name", threshold.name)
        json.member("value", threshold.value)
        json.member("unit", threshold.unit)
        json.member("source", threshold.source)
      }
    }
    json.end()
  }

  /// Writes RFC 4180 with a header line.
  public static func writeCSV(_ thresholds: [Threshold], to sink: ReportSink) {
    sink.write("name,value,unit,source\n")
    for threshold in thresholds {
      let fields: [ReportField] = [
        .text(threshold.name), .decimal(threshold.value), .text(threshold.unit),
        .text(threshold.source),
      ]
      for (index, field) in fields.enumerated() {
        if index > 0 { sink.write(UInt8(ascii: ",")) }
        sink.writeCSV(field)
      }
      sink.write(UInt8(ascii: "\n"))
    }
  }

  /// Writes two lines or more a threshold: what it is, and where it is from in full.
  public static func writeText(
    _ thresholds: [Threshold], style: TerminalStyle, to sink: ReportSink
  ) {
    for threshold in thresholds {
      let value = DecimalText.exact(threshold.value) ?? ""
      sink.write("  \(threshold.name)  \(value) \(threshold.unit)\n")
      for line in style.wrap(threshold.source, indent: 6) { sink.write(style.dim(line) + "\n") }
    }
  }
}
