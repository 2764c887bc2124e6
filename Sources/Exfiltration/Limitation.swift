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
  /// Name of the limitation that packets have link types that are not decoded.
  package static let undecodedLinkTypes = "undecoded_link_types"
  /// Name of the limitation that Wi-Fi frames are ciphered.
  package static let cipheredWireless = "ciphered_wireless"
  /// Name of the limitation that most packets hold no IP that is read.
  package static let packetsWithoutIP = "packets_without_ip"
  /// Name of the limitation that strangers sent video to strangers.
  package static let foreignVideo = "foreign_video"

  /// Makes a limitation.
  public init(id: String, text: String, count: UInt64? = nil) {
    self.id = id
    self.text = text
    self.count = count
  }
}
