// SPDX-License-Identifier: Apache-2.0

/// Finding records again after damage, and the first record of a segment
/// (`reference/performance.md` section 4).
enum Resynchronisation {
  /// Number of plausible records that must follow one another.
  static let chainLength = 8
  /// Number of bytes within which a chain may also be proved.
  ///
  /// Four records of the ordinary length limit: a chain that is plausible so far is believed,
  /// so that jumbo records do not need unbounded look-ahead.
  static let windowByteCount = 1 << 20

  /// What a search came to.
  enum Outcome {
    /// Records chain from here.
    case found(Int)
    /// No chain starts before this position.
    case searched(Int)
  }

  /// Searches for a chain of records from `start` on.
  ///
  /// Without `isEnd` only places with a whole window behind them are judged, so that the
  /// outcome does not depend on how much was read.
  static func nextRecord(
    _ walker: RecordWalker, _ bytes: Span<UInt8>, from start: Int, isEnd: Bool,
    windowByteCount: Int = Resynchronisation.windowByteCount
  ) -> Outcome {
    let end = isEnd ? bytes.count : bytes.count - windowByteCount
    var position = start
    while position < end {
      let window = position + windowByteCount
      if chains(walker, bytes, from: position, windowEnd: window, isEnd: isEnd) {
        return .found(position)
      }
      position += 1
    }
    return .searched(max(min(position, bytes.count), start))
  }

  private static func chains(
    _ walker: RecordWalker, _ bytes: Span<UInt8>, from start: Int, windowEnd: Int, isEnd: Bool
  ) -> Bool {
    var position = start
    var count = 0
    while count < chainLength {
      guard let next = walker.plausibleNext(bytes, at: position) else { return false }
      count += 1
      if isEnd && next == bytes.count { return true }
      // At the end of the file a cut record proves nothing.
      if isEnd && next > bytes.count { return false }
      if next > windowEnd { return count > 1 }
      position = next
    }
    return true
  }
}
