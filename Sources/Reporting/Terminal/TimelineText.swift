// SPDX-License-Identifier: Apache-2.0

/// `lenstrace timeline` for people: lanes over one UTC axis.
public enum TimelineText {
  /// Writes the drawing.
  ///
  /// - Parameters:
  ///   - analysis: What to draw.
  ///   - grouping: What the lanes stand for; `nil` is findings, of which many to one address share
  ///     a lane.
  ///   - binSeconds: Width of a bin; `nil` is the narrowest that fits the width.
  ///   - selection: What is shown.
  ///   - style: Width and colours.
  ///   - sink: Where to.
  public static func write(
    _ analysis: Analysis, by grouping: Timeline.Grouping?, binSeconds: Int64?,
    selection: Selection = Selection(), style: TerminalStyle, to sink: ReportSink
  ) {
    let lines = TimelineDrawing(
      analysis, by: grouping, binSeconds: binSeconds, selection: selection, style: style
    ).lines()
    if lines.isEmpty {
      sink.write("nothing to draw: no traffic of this kind in the capture\n")
    }
    for line in lines {
      sink.write(line)
      sink.write("\n")
    }
  }
}
