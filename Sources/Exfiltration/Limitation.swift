// SPDX-License-Identifier: Apache-2.0

/// Something the analysis could not see or do, said so that silence is not taken for an all-clear.
public struct Limitation: Sendable, Hashable {
  /// Stable name, such as `home_not_declared`.
  public var id: String
  /// What it means for the reader.
  public var text: String
  /// How many packets, flows or rows it concerns; `nil` where it is not countable.
  public var count: UInt64?

  /// Name of the limitation that the payload of later flows was not looked at.
  package static let unreadFlows = "bound_flows"

  /// Makes a limitation.
  public init(id: String, text: String, count: UInt64? = nil) {
    self.id = id
    self.text = text
    self.count = count
  }
}
