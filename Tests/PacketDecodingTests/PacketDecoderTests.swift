// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import TestSupport
import Testing

@testable import PacketDecoding

struct PacketDecoderTests {
  @Test func onePacketARecordInOrder() {
    let frames = [
      Packet.ethernet(mediaPacket), [1, 2], Packet.ethernet(mediaPacketV6), [],
    ]
    let batch = PacketDecoder().decode(recordBatch(frames))
    #expect(batch.packets.map(\.text) == [mediaText, "none", mediaTextV6, "none"])
    #expect(batch.packets.map(\.time) == [0, 1_000_000, 2_000_000, 3_000_000])
    #expect(batch.packets.map { Int($0.capturedLength) } == frames.map(\.count))
    #expect(batch.firstFrame == 1)
  }

  @Test func recordsOutsideTheBlockAreNotRead() {
    var batch = recordBatch([Packet.ethernet(mediaPacket)])
    batch.records[0].capturedLength = 5000
    batch.records.append(batch.records[0])
    batch.records[1].offset = .max
    batch.records.append(batch.records[0])
    batch.records[2].capturedLength = 60
    batch.records[2].interface = 3
    #expect(PacketDecoder().decode(batch).packets.map(\.text) == ["none", "none", "none"])
  }

  @Test func unknownLinkTypesAreNoPackets() {
    #expect(decode(Packet.ethernet(mediaPacket), linkType: 231).text == "none")
  }

  @Test func capturedMoreThanOriginal() {
    let frame = Packet.ethernet(mediaPacket)
    let packet = decode(frame, originalLength: 20)
    #expect(packet.text == mediaText)
    #expect(packet.originalLength == 20)
  }

  @Test func allPortsOfAnAddressPairShareTheShard() {
    var shards: Set<Int> = []
    var hashes: Set<UInt64> = []
    for port in stride(from: 1024, to: 40_000, by: 97) {
      let layer = Packet.udp(from: port, to: 53, [1])
      let packet = decode(Packet.ethernet(Packet.ipv4(layer)))
      shards.insert(packet.shard)
      hashes.insert(packet.keyHash)
      let answer = Packet.udp(from: 53, to: port, [1])
      let back = decode(Packet.ethernet(Packet.ipv4(from: "10.0.0.2", to: "10.0.0.1", answer)))
      #expect(back.keyHash == packet.keyHash)
    }
    #expect(shards.count == 1)
    #expect(hashes.count == (40_000 - 1024 + 96) / 97)
  }

  @Test func shardsAreEvenlyFilled() {
    var counts = [Int](repeating: 0, count: 64)
    for host in 0..<6400 {
      let source = "192.168.\(host >> 8).\(host & 255)"
      counts[decode(Packet.ethernet(Packet.ipv4(from: source, to: "8.8.8.8", media))).shard] += 1
    }
    // 100 expected each; a Poisson spread of ten leaves these bounds five deviations away.
    #expect(counts.allSatisfy { $0 > 50 && $0 < 150 }, "\(counts)")
  }

  /// The hash is part of the output's order, so it must never change unnoticed.
  @Test func hashIsFixed() {
    let packet = decode(Packet.ethernet(mediaPacket))
    #expect(packet.keyHash == PacketDecoderTests.knownHash)
    #expect(packet.fingerprint == PacketDecoderTests.knownFingerprint)
  }

  private static let knownHash: UInt64 = 6_805_578_712_515_652_497
  private static let knownFingerprint: UInt64 = 2_657_625_524_954_801_206

  @Test func copiesShareTheFingerprintAndOthersDoNot() {
    let segment = Packet.tcp(from: 1, to: 2, Packet.payload(40))
    let original = decode(Packet.ethernet(Packet.ipv4(segment))).fingerprint
    // Another VLAN, other MAC addresses, lower TTL.
    let routed = Packet.vlan(5, Packet.ipv4(segment, timeToLive: 3))
    #expect(decode(Packet.ethernet(routed, from: Packet.destinationMAC)).fingerprint == original)
    // Mirrored by a switch into a tunnel.
    let mirrored = Packet.vxlan(Packet.ethernet(Packet.ipv4(segment)))
    let tunnel = Packet.ipv4(
      from: "1.1.1.1", to: "2.2.2.2", Packet.udp(from: 9, to: 4789, mirrored))
    #expect(decode(Packet.ethernet(tunnel)).fingerprint == original)
    var others: Set<UInt64> = [original]
    others.insert(decode(Packet.ethernet(Packet.ipv4(segment, identification: 5))).fingerprint)
    for layer in [
      Packet.tcp(from: 1, to: 2, Packet.payload(40), sequence: 2),
      Packet.tcp(from: 1, to: 2, Packet.payload(40), acknowledgment: 2),
      Packet.tcp(from: 1, to: 2, Packet.payload(40), flags: 0x10),
      Packet.tcp(from: 1, to: 2, Packet.payload(41)),
      Packet.tcp(from: 1, to: 2, Packet.payload(40, seed: 1)),
      Packet.tcp(from: 2, to: 1, Packet.payload(40)),
    ] {
      others.insert(decode(Packet.ethernet(Packet.ipv4(layer))).fingerprint)
    }
    #expect(others.count == 8)
  }

  @Test func timestampsAreInTheFingerprint() {
    let prints = (0..<4).map { value in
      let options: [UInt8] = [1, 1, 8, 10, 0, 0, 0, UInt8(value), 0, 0, 0, 0]
      let segment = Packet.tcp(from: 1, to: 2, options: options)
      return decode(Packet.ethernet(Packet.ipv4(segment))).fingerprint
    }
    #expect(Set(prints).count == 4)
  }

  /// The shortcut and the layers must agree on everything, whatever the bytes.
  @Test func commonPathAgreesWithTheLayers() {
    var random = FixedRandom(seed: 7)
    var plain = 0
    for frame in SampleFrames.ethernet {
      for round in 0..<400 {
        var bytes = frame
        if round > 0 {
          for _ in 0..<(1 + round % 3) {
            let index = Int(random.next() % UInt64(min(bytes.count, 70)))
            bytes[index] = UInt8(truncatingIfNeeded: random.next())
          }
        }
        let wire = bytes.count
        if round % 4 == 3 { bytes.removeLast(Int(random.next() % UInt64(bytes.count))) }
        for includesVLAN in [false, true] {
          let decoder = PacketDecoder(includesVLANInKey: includesVLAN)
          let batch = recordBatch([bytes], originalLengths: [wire])
          let frame = batch.block.bytes
          var common = DecodedPacket(batch.records[0])
          guard decoder.decodeCommon(frame, &common) else { continue }
          plain += 1
          let layers = decoder.decodeAny(frame, batch.records[0], decoder: LinkLayers.ethernet)
          #expect(fields(common) == fields(layers))
        }
      }
    }
    #expect(plain > 1000)
  }

  private func fields(_ packet: DecodedPacket) -> [UInt64] {
    let head = [
      packet.firstHigh, packet.firstLow, packet.secondHigh, packet.secondLow,
      packet.portsAndProtocol, packet.keyHash, packet.fingerprint, UInt64(packet.flags.rawValue),
    ]
    let lengths = [
      packet.payloadOffset, packet.payloadLength, packet.payloadCapturedLength,
      packet.sequenceNumber, packet.acknowledgmentNumber, packet.identification,
      packet.originalLength, packet.capturedLength, packet.recordOffset,
    ].map(UInt64.init)
    let small = [
      UInt64(packet.window), UInt64(packet.tcpFlags), UInt64(packet.protocolNumber),
      UInt64(packet.timeToLive), UInt64(packet.trafficClass), UInt64(packet.vlan),
      UInt64(packet.tunnel), UInt64(packet.macOffset), UInt64(packet.fragment),
    ]
    return head + lengths + small
  }

  @Test func portSieveKnowsEveryTunnelPort() {
    let decoder = PacketDecoder()
    for tunnel in Tunnels.all {
      for case .udpPort(let port) in tunnel.carriers { #expect(decoder.mayBeTunnel(port)) }
    }
    #expect(!decoder.mayBeTunnel(53))
    #expect(!decoder.mayBeTunnel(443))
  }
}
