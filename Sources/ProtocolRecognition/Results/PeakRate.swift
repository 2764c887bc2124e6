// SPDX-License-Identifier: Apache-2.0

/// The most bytes that came within one second of the clock (UTC).
public struct PeakRate: Sendable, BitwiseCopyable {
  private static let second: Int64 = 1_000_000_000

  private var end = Int64.min
  private var current: UInt64 = 0
  private var highest: UInt64 = 0

  init() {}

  /// Bytes of the fullest second.
  public var bytes: UInt64 { max(highest, current) }

  /// Adds bytes; those of an earlier second count to the current one.
  @inline(__always)
  mutating func add(_ count: Int, at time: Int64) {
    if time >= end { advance(to: time) }
    current &+= UInt64(truncatingIfNeeded: count)
  }

  @inline(never)
  private mutating func advance(to time: Int64) {
    highest = max(highest, current)
    current = 0
    let (start, overflow) = (time / Self.second).multipliedReportingOverflow(by: Self.second)
    end = overflow ? .max : start.addingReportingOverflow(Self.second).partialValue
    if end < time { end = .max }
  }
}
