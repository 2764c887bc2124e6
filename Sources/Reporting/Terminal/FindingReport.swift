// SPDX-License-Identifier: Apache-2.0

public import Exfiltration
internal import PacketDecoding
internal import VideoDetection

/// `lenstrace explain FINDING`: the finding, the gates of its rhythm and the windows behind them.
public enum FindingReport {
  /// Writes a finding with all that its verdict rests on.
  public static func writeText(
    _ finding: Finding, of analysis: Analysis, style: TerminalStyle, to sink: ReportSink
  ) {
    let report = TextReport(analysis, style, Selection(), sink)
    for line in FindingText(finding, report).lines() { sink.write(line + "\n") }
    guard let rhythm = finding.video.rhythm else {
      sink.write("\nRhythm: not needed, the payload was read; or not measured.\n")
      return
    }
    sink.write("\nGATES of likely, by the rhythm alone; all must hold\n")
    let gates = TextTable(
      heads: ["gate", "value", "needed", "state"], rightAligned: [1, 2],
      rows: rhythm.gateStates.map {
        [$0.name, number($0.value), number($0.threshold), $0.holds ? "passed" : "failed"]
      })
    for line in gates.lines(style) { sink.write(line + "\n") }
    sink.write(
      "\nWINDOWS: the strongest and weakest \(rhythm.windows.count) of "
        + "\(rhythm.judgedWindowCount) judged, \(rhythm.windowCount) in all\n")
    let windows = TextTable(
      heads: [
        "from (UTC)", "s", "bytes", "groups", "clock Hz", "R", "in phase", "variation",
        "key frames s", "prominence", "busy", "veto", "frames",
      ], rightAligned: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10],
      rows: rhythm.windows.map(cells))
    for line in windows.lines(style) { sink.write(line + "\n") }
  }

  private static func cells(_ window: WindowEvidence) -> [String] {
    let strength = window.spectralPeak.map { "peak " + number($0) }
    return [
      Timestamp(nanoseconds: window.start).secondsText, number(window.seconds),
      "\(window.bytes)", "\(window.groups)", window.clockFrequency.map(number) ?? "",
      window.clockFrequency == nil ? "" : strength ?? number(window.clockStrength),
      window.clockFrequency == nil ? "" : number(window.clockLock),
      number(window.sizeVariation), window.keyFramePeriod.map(number) ?? "",
      window.keyFramePeriod == nil ? "" : number(window.keyFrameProminence),
      number(window.busyShare), window.isComb ? "comb" : window.veto?.rawValue ?? "",
      window.packets.map { "\($0.file):\($0.frame)" }.joined(separator: " "),
    ]
  }

  private static func number(_ value: Double) -> String { NumberText.decimal(value, 2) }
}
