// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
public import VideoDetection

/// `lenstrace evaluate`: how often verdicts are right on labelled captures.
public enum EvaluationReport {
  private static let verdicts = VideoVerdict.allCases

  /// Writes the tables, the misses and the false alarms.
  public static func writeText(
    _ evaluation: Evaluation, style: TerminalStyle, to sink: ReportSink
  ) {
    sink.write(
      "VERDICTS BY KIND; likely+ and possible+: per cent with that verdict or a surer one, and its "
        + "95 % interval\n")
    write(evaluation.kinds, style, to: sink)
    for kind in CaptureLabel.Kind.allCases {
      let families = evaluation.families(kind)
      guard !families.isEmpty else { continue }
      sink.write("\n\(kind.rawValue.uppercased()) BY FAMILY\n")
      write(families, style, to: sink)
    }
    write("MISSES", evaluation.misses, to: sink)
    write("FALSE ALARMS", evaluation.falseAlarms, to: sink)
    guard !evaluation.missing.isEmpty else { return }
    sink.write("\nNOT EVALUATED: no such capture, or no such flow in it\n")
    for label in evaluation.missing {
      sink.write("  line \(label.line): \(TerminalText.escaped(label.capture))\n")
    }
  }

  private static func write(
    _ rows: [Evaluation.Row], _ style: TerminalStyle, to sink: ReportSink
  ) {
    let table = TextTable(
      heads: [
        "class", "cases", "unjudged", "none", "possible", "likely", "certain", "likely+",
        "possible+",
      ], rightAligned: [1, 2, 3, 4, 5, 6, 7, 8],
      rows: rows.map { row in
        [TerminalText.escaped(row.name), "\(row.total)"]
          + verdicts.map { "\(row.counts[$0] ?? 0)" }
          + [share(row, .likely), share(row, .possible)]
      })
    for line in table.lines(style) {
      sink.write(line)
      sink.write("\n")
    }
  }

  private static func share(_ row: Evaluation.Row, _ verdict: VideoVerdict) -> String {
    let interval = row.interval(atLeast: verdict)
    return percent(row.share(atLeast: verdict)) + " [" + percent(interval.lowerBound) + ", "
      + percent(interval.upperBound) + "]"
  }

  private static func percent(_ share: Double) -> String { NumberText.decimal(share * 100, 1) }

  private static func write(_ title: String, _ cases: [Evaluation.Case], to sink: ReportSink) {
    sink.write("\n\(title) (\(cases.count))\n")
    for entry in cases {
      let verdict = entry.verdict?.rawValue ?? ""
      sink.write(
        "  \(verdict)  \(TerminalText.escaped(entry.label.capture)) (line \(entry.label.line), "
          + "\(TerminalText.escaped(entry.label.label)), "
          + "\(TerminalText.escaped(entry.label.family)))\n")
    }
  }

  /// Writes one line a label: what it says, and the verdict.
  public static func writeCSV(_ evaluation: Evaluation, to sink: ReportSink) {
    sink.write("capture,line,label,kind,family,verdict\n")
    for entry in evaluation.cases {
      let fields: [ReportField] = [
        .text(entry.label.capture), .text("\(entry.label.line)"), .text(entry.label.label),
        .text(entry.label.kind.rawValue), .text(entry.label.family),
        .text(entry.verdict?.rawValue ?? ""),
      ]
      for (index, field) in fields.enumerated() {
        if index > 0 { sink.write(UInt8(ascii: ",")) }
        sink.writeCSV(field)
      }
      sink.write(UInt8(ascii: "\n"))
    }
  }

  /// Writes an object: counts by kind and family, and the cases that went wrong.
  public static func writeJSON(_ evaluation: Evaluation, to sink: ReportSink) {
    var json = JSONWriter(sink, lineDepth: 2)
    json.object { json in
      json.member("video_thresholds", ThresholdTable.videoDigest)
      json.member("kinds", evaluation.kinds) { write($1, to: &$0) }
      for kind in CaptureLabel.Kind.allCases {
        json.key(named: "families_" + kind.rawValue)
        json.array(evaluation.families(kind)) { write($1, to: &$0) }
      }
      json.member("misses", evaluation.misses) { write($1, to: &$0) }
      json.member("false_alarms", evaluation.falseAlarms) { write($1, to: &$0) }
      json.member("not_evaluated", UInt64(evaluation.missing.count))
    }
    json.end()
  }

  private static func write(_ row: Evaluation.Row, to json: inout JSONWriter) {
    json.object { json in
      json.member("class", row.name)
      json.member("cases", UInt64(row.total))
      for verdict in verdicts {
        json.key(named: verdict.rawValue)
        json.value(UInt64(row.counts[verdict] ?? 0))
      }
      for verdict in [VideoVerdict.likely, .possible] {
        let interval = row.interval(atLeast: verdict)
        json.key(named: "share_" + verdict.rawValue)
        json.value(row.share(atLeast: verdict))
        json.key(named: "least_" + verdict.rawValue)
        json.value(interval.lowerBound)
        json.key(named: "greatest_" + verdict.rawValue)
        json.value(interval.upperBound)
      }
    }
  }

  private static func write(_ entry: Evaluation.Case, to json: inout JSONWriter) {
    json.object { json in
      json.member("capture", entry.label.capture)
      json.member("line", UInt64(entry.label.line))
      json.member("label", entry.label.label)
      json.member("family", entry.label.family)
      json.member("verdict", entry.verdict?.rawValue ?? "")
    }
  }
}
