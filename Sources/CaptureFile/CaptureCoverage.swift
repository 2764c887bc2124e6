// SPDX-License-Identifier: Apache-2.0

/// Which times a set of captures covers, and where files leave gaps or overlap.
public struct CaptureCoverage: Hashable, Sendable {
  /// A stretch of time.
  public struct Stretch: Hashable, Sendable {
    /// First time, in nanoseconds since 1970.
    public var from: Int64
    /// Last time, in nanoseconds since 1970.
    public var to: Int64
    /// Index of the file before the gap, or of the file that lasts longer.
    public var firstFile: Int
    /// Index of the file after the gap, or of the file that joins.
    public var secondFile: Int
  }

  /// Times between files that no file covers, of at least ``minimumGap``.
  public private(set) var gaps: [Stretch] = []
  /// Times that two files cover.
  public private(set) var overlaps: [Stretch] = []

  /// Shortest gap that is told, in nanoseconds: one second.
  ///
  /// Rotated files of a busy link follow one another within milliseconds.
  public static let minimumGap: Int64 = 1_000_000_000

  /// Compares the first and last times of files, which need not be in order.
  ///
  /// - Complexity: O(*n* log *n*) in the number of files.
  public init(_ files: [CaptureFacts]) {
    var spans: [(file: Int, first: Int64, last: Int64)] = []
    for (index, facts) in files.enumerated() {
      if let first = facts.firstTime, let last = facts.lastTime {
        spans.append((index, first, last))
      }
    }
    spans.sort { ($0.first, $0.file) < ($1.first, $1.file) }
    guard var covering = spans.first else { return }
    for span in spans.dropFirst() {
      let (distance, overflow) = span.first.subtractingReportingOverflow(covering.last)
      if span.first <= covering.last {
        overlaps.append(
          Stretch(
            from: span.first, to: min(span.last, covering.last), firstFile: covering.file,
            secondFile: span.file))
      } else if overflow || distance >= Self.minimumGap {
        gaps.append(
          Stretch(
            from: covering.last, to: span.first, firstFile: covering.file, secondFile: span.file))
      }
      if span.last > covering.last { covering = span }
    }
  }
}
