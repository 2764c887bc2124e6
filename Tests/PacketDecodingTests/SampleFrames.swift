// SPDX-License-Identifier: Apache-2.0

import TestSupport

/// Numbers that are the same in every run
/// ([SplitMix64](https://prng.di.unimi.it/splitmix64.c)).
struct FixedRandom: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}

/// One frame of everything that is decoded, for tests that cut and flip bytes.
enum SampleFrames {
  private static func udp(_ port: Int, _ content: [UInt8]) -> [UInt8] {
    Packet.ethernet(Packet.ipv4(Packet.udp(from: 50_000, to: port, content)))
  }

  private static func gre(_ header: [UInt8], _ content: [UInt8]) -> [UInt8] {
    Packet.ethernet(Packet.ipv4(Packet.Layer(header + content, ipProtocol: 47)))
  }

  static let ethernet: [[UInt8]] = {
    let segment = Packet.tcp(
      from: 80, to: 4000, Packet.payload(30),
      options: [1, 1, 8, 10, 0, 0, 0, 1, 0, 0, 0, 2])
    let frame = Packet.ethernet(mediaPacket)
    var frames: [[UInt8]] = [
      frame,
      Packet.ethernet(mediaPacketV6),
      Packet.ethernet(Packet.ipv4(segment)),
      Packet.ethernet(Packet.ipv6(segment)),
      Packet.ethernet(Packet.ipv4(Packet.udp(from: 1, to: 2, [1, 2, 3])), padding: 15),
      Packet.ethernet(Packet.vlan(5, Packet.ipv4(segment))),
      Packet.ethernet(Packet.vlan(5, Packet.vlan(6, mediaPacketV6), type: 0x88A8)),
      Packet.ethernet8023(mediaPacket),
      Packet.ethernet(Packet.pppoe(mediaPacket)),
      Packet.ethernet(Packet.mpls([16, 17], mediaPacket.bytes)),
      Packet.ethernet(Packet.mpls([16], [0, 0, 0, 0] + frame)),
      Packet.ethernet(Packet.ipv4(Packet.sctp(from: 7, to: 8, [1, 2, 3, 4]))),
      Packet.ethernet(Packet.ipv4(Packet.icmp(type: 3, mediaPacket.bytes))),
      Packet.ethernet(Packet.ipv4(mediaPacket)),
      Packet.ethernet(Packet.ipv4(mediaPacketV6)),
      Packet.ethernet(
        Packet.ipv6(
          Packet.extensionHeader(
            0, Packet.extensionHeader(43, Packet.extensionHeader(60, media))))),
    ]
    frames += Packet.ipv4Fragments(of: media, size: 64)
    frames += Packet.ipv6Fragments(of: media, size: 64)
    frames += [
      udp(4789, Packet.vxlan(frame)),
      udp(4790, [0x0C, 0, 0, 1, 0, 0, 1, 0] + mediaPacket.bytes),
      udp(6081, [2, 0, 0x65, 0x58, 0, 0, 1, 0, 1, 1, 1, 1, 1, 1, 1, 1] + frame),
      udp(
        2152,
        [0x34, 255] + Packet.word(mediaPacket.bytes.count + 8) + [0, 0, 0, 1]
          + [0, 0, 0, 0x85, 1, 0, 9, 0] + mediaPacket.bytes),
      udp(3544, [0, 0, 1, 2, 3, 4, 5, 6] + mediaPacketV6.bytes),
      udp(1701, [0, 2, 0, 1, 0, 2, 0xFF, 3] + Packet.ppp(mediaPacket)),
      udp(1701, [0, 3, 0, 0, 0, 0, 0, 9, 1, 2, 3, 4] + frame),
      udp(5247, [0, 0x10, 0x43, 0, 0, 0, 0, 0] + Packet.wireless(Packet.snap(mediaPacket))),
      udp(37_008, [1, 0, 0, 1, 10, 1, 200, 1] + frame),
      udp(37_008, [1, 0, 0, 18, 1] + Packet.wireless(Packet.snap(mediaPacket))),
      udp(4754, Packet.gre(mediaPacket).bytes),
      udp(6635, Packet.mpls([16], mediaPacket.bytes).bytes),
      gre([0xB0, 0, 8, 0] + [UInt8](repeating: 1, count: 12), mediaPacket.bytes),
      gre([0x10, 0, 0x88, 0xBE, 0, 0, 0, 1, 0x10, 5, 0, 1, 0, 0, 0, 0], frame),
      gre(
        [0x10, 0, 0x22, 0xEB, 0, 0, 0, 1, 0x20, 5, 0, 1, 0, 0, 0, 0, 0, 0, 0, 1]
          + [UInt8](repeating: 0, count: 8), frame),
      gre([0x30, 1, 0x88, 0x0B, 0, 0, 0, 9, 0, 0, 0, 1], Packet.ppp(mediaPacket)),
      Packet.ethernet(Packet.ipv4(Packet.Layer([0x30, 0] + frame, ipProtocol: 97))),
    ]
    return frames
  }()

  /// Frames of the other link layers.
  static let others: [(linkType: UInt32, frame: [UInt8])] = {
    let wireless = Packet.wireless(Packet.snap(mediaPacket), control: 0x88, quality: [0, 0])
    let rest = [UInt8](repeating: 0, count: 136)
    let length = UInt8(mediaPacket.bytes.count + 4)
    return [
      (113, [0, 4, 0, 1, 0, 6] + [UInt8](repeating: 1, count: 8) + [8, 0] + mediaPacket.bytes),
      (276, [8, 0, 0, 0, 0, 0, 0, 3, 0, 1, 4, 6] + rest[..<8] + mediaPacket.bytes),
      (101, mediaPacket.bytes), (0, [2, 0, 0, 0] + mediaPacket.bytes),
      (108, [0, 0, 0, 24] + mediaPacketV6.bytes), (9, [0xFF, 3] + Packet.ppp(mediaPacket)),
      (204, [1, 0xFF, 3] + Packet.ppp(mediaPacket)), (51, Packet.pppoe(mediaPacket).bytes),
      (104, [0x0F, 0, 8, 0] + mediaPacket.bytes), (105, wireless),
      (105, Packet.wireless(Packet.payload(40), flags: 0x41)),
      (127, [0, 0, 9, 0, 2, 0, 0, 0, 0x10] + wireless + [0, 0, 0, 0]),
      (119, [0x44, 0, 0, 0, 144, 0, 0, 0] + rest + wireless),
      (163, Packet.long(0x8021_1001) + Packet.long(64) + rest[..<56] + wireless),
      (192, [0, 0, 8, 0, 105, 0, 0, 0] + wireless),
      (239, [2, 0, 0, 0, length, 0, 9, 0] + mediaPacket.bytes),
      (258, [108, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0, 0] + rest[..<96] + Packet.ethernet(mediaPacket)),
    ]
  }()
}
