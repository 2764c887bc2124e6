// SPDX-License-Identifier: Apache-2.0

public import Attribution
public import PacketDecoding

/// An address outside with what the inside sent to it: `destinations` of the analysis.
public struct DestinationSummary: Sendable {
  /// The address.
  public var address: IPAddress
  /// Names seen for it; hostile text.
  public var names: [String]
  /// AS number.
  public var asn: UInt32?
  /// Name of the AS.
  public var asName: String?
  /// Country, two letters.
  public var country: String?
  /// Where the address is by the policy.
  public var scope: AddressAttribution.Scope
  /// New payload bytes that inside hosts sent to it.
  public var bytes: UInt64
  /// Ids of the devices that sent to it, in order of their numbers.
  public var devices: [String]

  /// Makes a summary.
  public init(
    address: IPAddress, names: [String], asn: UInt32?, asName: String?, country: String?,
    scope: AddressAttribution.Scope, bytes: UInt64, devices: [String]
  ) {
    self.address = address
    self.names = names
    self.asn = asn
    self.asName = asName
    self.country = country
    self.scope = scope
    self.bytes = bytes
    self.devices = devices
  }
}
