// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import FlowTracking

@Suite struct PacketBitsTests {
  /// The bits are written down twice; this is what keeps the two alike.
  @Test(arguments: [
    (PacketBits.isReversed, PacketFlags.isReversed),
    (PacketBits.hasNetworkLayer, .hasNetworkLayer),
    (PacketBits.hasTransportHeader, .hasTransportHeader),
    (PacketBits.isTruncated, .isTruncated),
    (PacketBits.isFragment, .isFragment),
    (PacketBits.isJoined, .isJoined),
    (PacketBits.isOpaqueWireless, .isOpaqueWireless),
    (PacketBits.isHeldFragment, .isHeldFragment),
    (PacketBits.hasWirelessHeader, .hasWirelessHeader),
    (PacketBits.lacksPorts, .lacksPorts),
  ])
  func bitsAreThoseOfTheFlags(bit: UInt32, flag: PacketFlags) {
    #expect(bit == flag.rawValue)
    var packet = DecodedPacket()
    #expect(!packet.has(bit))
    packet.flags.insert(flag)
    #expect(packet.has(bit))
  }
}
