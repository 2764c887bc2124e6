// SPDX-License-Identifier: Apache-2.0

/// The order in which the files of a set are read, from a look at their first and last records.
///
/// Files whose times do not touch follow one another, and each may be read in segments; files
/// that overlap form a group that is read through `MergedCaptures`. The look at the end of a
/// file reads its last MiB: a file with one late record in its middle counts by its end. That
/// depends on the files alone, so every run gives the same order.
package struct CaptureOrder: Sendable {
  /// Groups of input indices in the order in which they are read.
  package private(set) var groups: [[Int]] = []
  /// Inputs that cannot be read, in the order of the inputs.
  package private(set) var errors: [CaptureError] = []

  private struct Span {
    var file: Int
    var first: Int64
    /// Nil where the end cannot be seen before the file is read: streams, compressed files.
    var last: Int64?
  }

  /// Bytes at the end of a file that are looked at.
  private static let endByteCount = 1 << 20

  /// Looks at every input.
  ///
  /// A stream cannot be looked at without taking from it: it is taken to last from the beginning
  /// of time on, so that `MergedCaptures` decides.
  ///
  /// - Complexity: O(*n* log *n*) in the number of inputs; reads at most about 1.5 MiB of each.
  package init(_ inputs: [CaptureInput], pool: BlockPool) {
    var spans: [Span] = []
    var withoutRecords: [Int] = []
    for (index, input) in inputs.enumerated() {
      if Self.isStream(input) {
        spans.append(Span(file: index, first: .min, last: nil))
        continue
      }
      do throws(CaptureError) {
        let reader = try CaptureFileReader(
          input: input, fileIndex: UInt32(truncatingIfNeeded: index), pool: pool)
        if let first = Self.firstTime(of: reader) {
          spans.append(Span(file: index, first: first, last: Self.lastTime(of: reader, pool)))
        } else {
          withoutRecords.append(index)
        }
      } catch {
        errors.append(error)
      }
    }
    spans.sort { ($0.first, $0.file) < ($1.first, $1.file) }
    group(spans)
    for index in withoutRecords { groups.append([index]) }
  }

  private static func isStream(_ input: CaptureInput) -> Bool {
    switch input.source {
    case .standardInput: true
    case .path(let path): nodeIdentity(path, followsLinks: true)?.kind == .stream
    }
  }

  private static func firstTime(of reader: CaptureFileReader) -> Int64? {
    reader.nextBatch()?.records.first?.time
  }

  /// Greatest time among the last records of a file that can be read from the end.
  private static func lastTime(of reader: CaptureFileReader, _ pool: BlockPool) -> Int64? {
    guard let plan = SegmentPlan(reader, pool: pool, segmentByteCount: endByteCount) else {
      return nil
    }
    // The last segment may hold no record, or be but the end of one.
    for index in (max(0, plan.segmentCount - 2)..<plan.segmentCount).reversed() {
      let facts = plan.frame(segment: index).facts
      if facts.packets > facts.untimed { return facts.greatestTime }
    }
    return nil
  }

  private mutating func group(_ spans: [Span]) {
    var open: [Int] = []
    var last: Int64? = .min
    for span in spans {
      if !open.isEmpty, let end = last, span.first > end {
        groups.append(open.sorted())
        open = []
        last = .min
      }
      open.append(span.file)
      last = last.flatMap { end in span.last.map { max(end, $0) } }
    }
    if !open.isEmpty { groups.append(open.sorted()) }
  }
}
