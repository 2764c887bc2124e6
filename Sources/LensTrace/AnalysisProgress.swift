// SPDX-License-Identifier: Apache-2.0

/// How far an analysis has come.
public struct AnalysisProgress: Sendable {
  /// Bytes of the inputs read so far, as they lie on disk.
  public var bytesRead: UInt64
  /// Bytes of all inputs; `nil` where a pipe is among them.
  public var bytesTotal: UInt64?
  /// Packets read so far.
  public var packets: UInt64

  /// Share of the bytes read, 0 to 1; 0 where the total is not known.
  public var fractionCompleted: Double {
    guard let bytesTotal, bytesTotal > 0 else { return 0 }
    return min(1, Double(bytesRead) / Double(bytesTotal))
  }

  /// Shortest time between two calls of a progress closure.
  static let interval: Duration = .milliseconds(100)
}
