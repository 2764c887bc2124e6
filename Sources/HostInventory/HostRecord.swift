// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// What was seen of one inside address while flows were read; kept small, because captures have
/// hundreds of thousands of them and most tell nothing else.
struct HostRecord: Sendable {
  /// `.unspecified` where only a hardware address was seen.
  var address: IPAddress
  var observed = HostObservation()
  var firstPacket: PacketReference
  var macAddress: MACAddress?
  /// Whether it asked for names that are of no camera cloud.
  var asksForOtherNames = false
  /// Place of what else is known, plus one; 0 where nothing is.
  var facts: UInt32 = 0
}
