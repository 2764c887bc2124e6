// SPDX-License-Identifier: Apache-2.0

/// Text that a program may print on a terminal beside a report: messages and progress.
public enum HarmlessText {
  /// Columns after which a message is cut.
  static let messageColumns = 2_000

  /// A message with names of files and packets in it, made harmless.
  public static func terminal(_ text: String) -> String {
    TerminalText.escaped(text, columns: messageColumns)
  }

  /// A line that tells how far a run has come: bytes, rate, packets and time left.
  public static func progress(
    bytesRead: UInt64, bytesTotal: UInt64?, packets: UInt64, elapsedSeconds: Double
  ) -> String {
    var text = Quantity.bytes(bytesRead)
    let rate = elapsedSeconds > 0 ? Double(bytesRead) / elapsedSeconds : 0
    if let bytesTotal, bytesTotal > 0 {
      let share = min(1, Double(bytesRead) / Double(bytesTotal))
      text =
        "\(DecimalText.rounded(share * 100, places: 0)) %  \(text) of \(Quantity.bytes(bytesTotal))"
      if rate > 0, bytesTotal > bytesRead {
        text += ", \(Quantity.duration(Double(bytesTotal - bytesRead) / rate)) left"
      }
    }
    if rate > 0, rate < 1e18 { text += ", \(Quantity.bytes(UInt64(rate)))/s" }
    return text + ", \(DecimalText.grouped(packets)) packets"
  }
}
