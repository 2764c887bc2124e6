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
    writeVerdict(rhythm, to: sink)
    guard !rhythm.windows.isEmpty else { return }
    sink.write(
      "\nWINDOWS: the strongest and weakest \(rhythm.windows.count) of "
        + "\(rhythm.judgedWindowCount) judged, \(rhythm.windowCount) in all\n")
    let windows = TextTable(
      heads: [
        "UTC", "s", "bytes", "groups", "Hz", "R", "phase", "vary", "order", "key s", "prom", "busy",
        "veto",
      ], rightAligned: [1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11],
      rows: rhythm.windows.map(cells))
    for line in windows.lines(style) { sink.write(line + "\n") }
    sink.write(legend)
    sink.write("\nPACKETS that begin groups, as file:frame\n")
    for window in rhythm.windows where !window.packets.isEmpty {
      sink.write("  " + Timestamp(nanoseconds: window.start).secondsText)
      sink.write("  " + window.packets.map { "\($0.file):\($0.frame)" }.joined(separator: "  "))
      sink.write("\n")
    }
  }

  private static let legend = """
      Hz, R, phase: the clock, Rayleigh R of group starts (or peak: spectral peak over its
      background), share of bytes in phase. vary: standard deviation of group sizes over their
      mean. order: rank correlation of sizes with those before. key s, prom: seconds from key frame
      to key frame and the prominence of that correlation. busy: share of time that groups fill.

    """

  private static func writeVerdict(_ rhythm: TimingAssessment, to sink: ReportSink) {
    var text = "The rhythm alone gives: \(rhythm.verdict.rawValue)"
    if let obstacle = rhythm.obstacle { text += " (\(obstacle.rawValue))" }
    if !rhythm.leads.isEmpty {
      text += "; a lead by " + rhythm.leads.joined(separator: ", ")
    }
    sink.write(text + "\n")
  }

  private static func cells(_ window: WindowEvidence) -> [String] {
    let hasClock = window.clockFrequency != nil
    let strength = window.spectralPeak.map { "peak " + NumberText.decimal($0, 0) }
    return [
      String(Timestamp(nanoseconds: window.start).secondsText.suffix(8)),
      NumberText.decimal(window.seconds, 1), "\(window.bytes)", "\(window.groups)",
      window.clockFrequency.map(number) ?? "",
      hasClock ? strength ?? number(window.clockStrength) : "",
      hasClock ? number(window.clockLock) : "", number(window.sizeVariation),
      number(window.orderStrength), window.keyFramePeriod.map(number) ?? "",
      window.keyFramePeriod == nil ? "" : number(window.keyFrameProminence),
      number(window.busyShare), window.isComb ? "comb" : window.veto?.rawValue ?? "",
    ]
  }

  private static func number(_ value: Double) -> String { NumberText.decimal(value, 2) }
}
