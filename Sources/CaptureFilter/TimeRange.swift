// SPDX-License-Identifier: Apache-2.0

/// A half-open range of record times, `[from, to)`, in nanoseconds since 1970.
public struct TimeRange: Hashable, Sendable {
  /// The first time inside, or nil.
  public var from: Int64?
  /// The first time no longer inside, or nil.
  public var to: Int64?

  /// Makes a range; an open end is nil.
  public init(from: Int64? = nil, to: Int64? = nil) {
    self.from = from
    self.to = to
  }

  /// Whether a time lies inside.
  public func contains(_ time: Int64) -> Bool {
    if let from, time < from { return false }
    if let to, time >= to { return false }
    return true
  }
}
