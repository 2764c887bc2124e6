// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import TestSupport
import Testing

struct FragmentTests {
  @Test func firstHasPortsAndLaterOnesHaveNone() {
    let datagram = Packet.udp(from: 1, to: 2, Packet.payload(100))
    for frames in [
      Packet.ipv4Fragments(of: datagram, size: 64), Packet.ipv6Fragments(of: datagram, size: 64),
    ] {
      let packets = PacketDecoder().decode(recordBatch(frames)).packets
      #expect(packets[0].flags.contains(.isFragment))
      #expect(!packets[0].flags.contains(.isLaterFragment))
      #expect(packets[0].text.contains(":1 > "))
      #expect(packets[0].payloadLength == 64)
      #expect(packets[0].fragment == 1)
      #expect(packets[1].flags.isSuperset(of: [.isFragment, .isLaterFragment]))
      #expect(packets[1].text.contains(":0 > "))
      #expect(packets[1].payloadLength == 44)
      #expect(packets[1].fragment == 64)
      #expect(packets.allSatisfy { $0.identification == 77 && $0.protocolNumber == 17 })
      #expect(packets.allSatisfy { !$0.flags.contains(.hasTransportHeader) })
    }
  }

  @Test func atomicFragmentIsAWholeDatagram() {
    let layer = Packet.fragmentHeader(
      media.bytes, next: 17, offset: 0, more: false, identification: 5)
    let packet = decode(
      Packet.ethernet(Packet.ipv6(from: "2001:db8::10", to: "2001:db8:9::1", layer)))
    #expect(packet.text == mediaTextV6)
    #expect(!packet.flags.contains(.isFragment))
  }

  @Test func batchesSayWhetherTheyHaveAny() {
    let datagram = Packet.udp(from: 1, to: 2, Packet.payload(100))
    let plain = [Packet.ethernet(mediaPacket)]
    #expect(!PacketDecoder().decode(recordBatch(plain)).hasFragments)
    let frames = plain + Packet.ipv4Fragments(of: datagram, size: 64) + plain
    #expect(PacketDecoder().decode(recordBatch(frames)).hasFragments)
  }
}
