// SPDX-License-Identifier: Apache-2.0

internal import LensTrace

/// A line on the terminal that tells how far a run has come.
final class ProgressMeter {
  private let sink = ReportSink(descriptor: Terminal.errorOutput, name: "standard error")
  private let began = OutputSystem.monotonicNanoseconds()
  private var isShown = false

  /// Seconds before anything is shown: short runs need no progress.
  private static let patience = 0.5

  /// A meter where standard error is a terminal, else `nil`.
  static func onTerminal() -> ProgressMeter? {
    OutputSystem.isTerminal(Terminal.errorOutput) ? ProgressMeter() : nil
  }

  /// Shows the state.
  func show(_ progress: AnalysisProgress) {
    let elapsed = Double(OutputSystem.monotonicNanoseconds() &- began) / 1e9
    guard elapsed >= Self.patience else { return }
    isShown = true
    let line = HarmlessText.progress(
      bytesRead: progress.bytesRead, bytesTotal: progress.bytesTotal, packets: progress.packets,
      elapsedSeconds: elapsed)
    sink.write("\r\u{1B}[K\(line)")
    try? sink.finish()
  }

  /// Takes the line away.
  func clear() {
    guard isShown else { return }
    isShown = false
    sink.write("\r\u{1B}[K")
    try? sink.finish()
  }
}
