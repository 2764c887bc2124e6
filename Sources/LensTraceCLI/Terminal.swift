// SPDX-License-Identifier: Apache-2.0

internal import LensTrace

/// What the tool says to people beside its results, always on standard error.
enum Terminal {
  /// Standard output.
  static let output: Int32 = 1
  /// Standard error.
  static let errorOutput: Int32 = 2

  static func ignoreBrokenPipes() { OutputSystem.ignoreBrokenPipes() }

  /// Prints `lenstrace: error: ...`.
  static func error(_ message: String) { say("error: \(message)") }

  /// Prints `lenstrace: note: ...`.
  static func note(_ message: String) { say("note: \(message)") }

  /// The same for a message of several lines.
  static func error(lines: String) {
    let sink = ReportSink(descriptor: errorOutput, name: "standard error")
    sink.write("lenstrace: error: ")
    for line in lines.split(separator: "\n") {
      sink.write("\(HarmlessText.terminal(String(line)))\n")
    }
    try? sink.finish()
  }

  private static func say(_ message: String) {
    let sink = ReportSink(descriptor: errorOutput, name: "standard error")
    sink.write("lenstrace: \(HarmlessText.terminal(message))\n")
    // There is nowhere left to report that standard error cannot be written.
    try? sink.finish()
  }
}
