// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import TestSupport
import Testing

@testable import PacketDecoding

struct DefragmenterTests {
  private let payload = Packet.payload(5000)
  private var datagram: Packet.Layer { Packet.udp(from: 1, to: 2, payload) }

  /// The joined payload of a packet.
  private func joinedPayload(_ batch: PacketBatch, _ packet: DecodedPacket) -> [UInt8] {
    let start = Int(packet.payloadOffset)
    return Array(batch.joined[start..<start + Int(packet.payloadCapturedLength)])
  }

  /// Packets and bytes that the batch counts to `key`, those held included.
  private func counted(_ packets: [DecodedPacket]) -> (packets: Int, bytes: Int) {
    packets.filter { !$0.flags.contains(.isHeldFragment) }.reduce((0, 0)) {
      ($0.0 + 1 + Int($1.extraPackets), $0.1 + Int($1.originalLength) + Int($1.extraBytes))
    }
  }

  @Test func lastFragmentBecomesTheDatagram() {
    for frames in [
      Packet.ipv4Fragments(of: datagram, size: 1480),
      Packet.ipv6Fragments(of: datagram, size: 1448),
    ] {
      var defragmenter = Defragmenter(decoder: PacketDecoder())
      let batch = join(frames, with: &defragmenter)
      let last = batch.packets[frames.count - 1]
      #expect(last.flags.isSuperset(of: [.isJoined, .hasTransportHeader]))
      #expect(!last.flags.contains(.isFragment))
      #expect(last.payloadLength == 5000)
      #expect(joinedPayload(batch, last) == payload)
      for packet in batch.packets.dropLast() {
        #expect(packet.portsAndProtocol == last.portsAndProtocol)
        #expect(packet.keyHash == last.keyHash)
        #expect(packet.payloadLength == 0)
        #expect(!packet.flags.contains(.isHeldFragment))
      }
      #expect(defragmenter.incompleteFragments == 0)
      defragmenter.finish()
      #expect(defragmenter.incompleteDatagrams == 0)
    }
  }

  @Test func anyFragmentationGivesBackTheDatagram() {
    var random = FixedRandom(seed: 11)
    for round in 0..<300 {
      let size = 8 * Int(1 + random.next() % 120)
      let bytes = Packet.payload(Int(random.next() % 6000), seed: round)
      let layer =
        round % 3 == 0
        ? Packet.tcp(from: 9, to: 8, bytes, sequence: round) : Packet.udp(from: 9, to: 8, bytes)
      var frames =
        round % 2 == 0
        ? Packet.ipv4Fragments(of: layer, size: size, identification: round)
        : Packet.ipv6Fragments(of: layer, size: size, identification: round)
      guard frames.count > 1 else { continue }
      let total = frames.reduce(0) { $0 + $1.count }
      frames.shuffle(using: &random)
      var defragmenter = Defragmenter(decoder: PacketDecoder())
      let batch = join(frames, with: &defragmenter)
      let joined = batch.packets.filter { $0.flags.contains(.isJoined) }
      #expect(joined.count == 1)
      guard let packet = joined.first else { continue }
      #expect(packet.flags == batch.packets[frames.count - 1].flags)
      #expect(joinedPayload(batch, packet) == bytes)
      #expect(packet.payloadLength == UInt32(bytes.count))
      let sum = counted(batch.packets)
      #expect(sum.packets == frames.count)
      #expect(sum.bytes == total)
      if round % 3 == 0 { #expect(packet.sequenceNumber == UInt32(round)) }
      defragmenter.finish()
      #expect(defragmenter.incompleteFragments == 0)
    }
  }

  @Test func overBatches() {
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let frames = Packet.ipv4Fragments(of: datagram, size: 2000)
    var last: PacketBatch?
    for frame in frames { last = join([frame], with: &defragmenter) }
    #expect(last?.packets[0].flags.contains(.isJoined) == true)
    #expect(last?.packets[0].text == "10.0.0.1:1 > 10.0.0.2:2 17 5000")
  }

  @Test func firstArrivalWins() {
    func piece(_ bytes: [UInt8], at offset: Int, more: Bool) -> [UInt8] {
      Packet.ethernet(
        Packet.ipv4(
          Packet.Layer(bytes, ipProtocol: 17), fragment: (more ? 0x2000 : 0) | offset / 8))
    }
    let header = Packet.word(1) + Packet.word(2) + Packet.word(32) + [0, 0]
    let frames = [
      piece([UInt8](repeating: 3, count: 8), at: 16, more: true),
      piece(header + [UInt8](repeating: 1, count: 8), at: 0, more: true),
      // Covers the piece before, the one at 16 and the missing one at 24.
      piece([UInt8](repeating: 9, count: 24), at: 8, more: false),
    ]
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let batch = join(frames, with: &defragmenter)
    let expected =
      [UInt8](repeating: 1, count: 8) + [UInt8](repeating: 3, count: 8)
      + [UInt8](repeating: 9, count: 8)
    #expect(joinedPayload(batch, batch.packets[2]) == expected)
  }

  @Test func fragmentsBeforeTheFirstAreCountedWithIt() {
    let frames = Packet.ipv4Fragments(of: datagram, size: 1480)
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let order = [frames[1], frames[2], frames[0]]
    let batch = join(order, with: &defragmenter)
    #expect(batch.packets[0].flags.contains(.isHeldFragment))
    #expect(batch.packets[1].flags.contains(.isHeldFragment))
    #expect(batch.packets[2].extraPackets == 2)
    #expect(batch.packets[2].extraBytes == UInt32(frames[1].count + frames[2].count))
  }

  /// The fragments count to their flow, but what they carry was not seen.
  @Test func withoutTheLastThePayloadIsMissing() {
    let frames = Packet.ipv4Fragments(of: datagram, size: 1480)
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let batch = join(Array(frames.dropLast()), with: &defragmenter)
    #expect(batch.packets.allSatisfy { !$0.flags.contains(.isHeldFragment) })
    defragmenter.finish()
    #expect(defragmenter.incompleteFragments == 0)
    #expect(defragmenter.incompleteDatagrams == 1)
  }

  @Test func withoutTheFirstNothingIsCounted() {
    let frames = Packet.ipv4Fragments(of: datagram, size: 1480)
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let batch = join(Array(frames[1...]), with: &defragmenter)
    #expect(batch.packets.allSatisfy { $0.flags.contains(.isHeldFragment) })
    #expect(defragmenter.incompleteFragments == 0)
    defragmenter.finish()
    #expect(defragmenter.incompleteFragments == 3)
    #expect(defragmenter.incompleteDatagrams == 1)
    #expect(defragmenter.incompleteBytes == UInt64(frames[1...].reduce(0) { $0 + $1.count }))
  }

  @Test func takesAtMostThirtySeconds() {
    let frames = Packet.ipv4Fragments(of: datagram, size: 2504)
    for (gap, isJoined) in [(30_000_000_000, true), (30_000_000_001, false)] as [(Int64, Bool)] {
      var defragmenter = Defragmenter(decoder: PacketDecoder())
      let batch = join(frames, times: [0, gap], with: &defragmenter)
      #expect(batch.packets[1].flags.contains(.isJoined) == isJoined)
    }
  }

  @Test func copiesOfFragmentsAreNoSecondDatagram() {
    let frames = Packet.ipv4Fragments(of: datagram, size: 2504)
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let batch = join(
      [frames[0], frames[0], frames[1], frames[1]], times: [0, 1, 2, 3], with: &defragmenter)
    #expect(batch.packets.map { $0.flags.contains(.isJoined) } == [false, false, true, false])
    #expect(batch.packets[0].fingerprint == batch.packets[1].fingerprint)
    #expect(batch.packets[2].fingerprint == batch.packets[3].fingerprint)
    #expect(Set(batch.packets.map(\.portsAndProtocol)).count == 1)
    defragmenter.finish()
    #expect(defragmenter.incompleteFragments == 0)
  }

  @Test func identificationIsUsedAgain() {
    let frames = Packet.ipv4Fragments(of: datagram, size: 2504)
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let batch = join(
      frames + frames, times: [0, 1, 500_000_000, 500_000_001], with: &defragmenter)
    #expect(batch.packets.map { $0.flags.contains(.isJoined) } == [false, true, false, true])
  }

  @Test func tunnelsAreUnwrappedWhenJoined() {
    let segment = Packet.tcp(from: 7, to: 8, Packet.payload(1400))
    let inner = Packet.ethernet(Packet.ipv4(from: "192.168.1.1", to: "192.168.1.2", segment))
    let outer = Packet.udp(from: 50_000, to: 4789, Packet.vxlan(inner))
    let frames = Packet.ipv4Fragments(of: outer, size: 1000)
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let batch = join(frames, with: &defragmenter)
    #expect(batch.packets[0].flags.contains(.isHeldFragment))
    let last = batch.packets[1]
    #expect(last.text == "192.168.1.1:7 > 192.168.1.2:8 6 1400")
    #expect(last.tunnelName == "VXLAN")
    #expect(last.extraPackets == 1)
    #expect(last.extraBytes == UInt32(frames[0].count))
    #expect(last.macOffset == 0)
    #expect(joinedPayload(batch, last) == Packet.payload(1400))
  }

  @Test func fragmentsInsideATunnel() {
    let frames = Packet.ipv4Fragments(of: datagram, size: 1480).map { frame in
      Packet.ethernet(
        Packet.ipv4(
          from: "1.1.1.1", to: "2.2.2.2", Packet.udp(from: 9, to: 4789, Packet.vxlan(frame))))
    }
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let batch = join(frames, with: &defragmenter)
    #expect(batch.packets[3].text == "10.0.0.1:1 > 10.0.0.2:2 17 5000")
    #expect(batch.packets[3].tunnelName == "VXLAN")
  }

  @Test func fragmentsInsideFragments() {
    // Two inner fragments, each of which the tunnel has to cut in two.
    var frames: [[UInt8]] = []
    for (index, frame) in Packet.ipv4Fragments(of: datagram, size: 2504).enumerated() {
      let packet = Packet.Layer(Array(frame[14...]), ipProtocol: 4)
      frames += Packet.ipv4Fragments(
        of: packet, from: "1.1.1.1", to: "2.2.2.2", size: 1480, identification: 900 + index)
    }
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let batch = join(frames, with: &defragmenter)
    let last = batch.packets[3]
    #expect(last.text == "10.0.0.1:1 > 10.0.0.2:2 17 5000")
    #expect(joinedPayload(batch, last) == payload)
    #expect(counted(batch.packets).packets == 4)
  }

  @Test func cutFragmentsKeepTheirVolume() {
    let frames = Packet.ipv4Fragments(of: datagram, size: 2504)
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let batch = join(
      frames.map { Array($0[..<96]) }, originalLengths: frames.map(\.count),
      with: &defragmenter)
    let last = batch.packets[1]
    #expect(last.flags.contains(.isJoined))
    #expect(last.payloadLength == 5000)
    #expect(last.payloadCapturedLength == 54)
    #expect(joinedPayload(batch, last) == Array(payload[..<54]))
  }

  @Test func datagramsAboveTheLimitAreGivenUp() {
    let piece = Packet.Layer([1, 2, 3, 4, 5, 6, 7, 8], ipProtocol: 17)
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    for number in 0..<(MemoryLimits.standard.fragmentedDatagrams + 10) {
      _ = join(
        [Packet.ethernet(Packet.ipv4(piece, identification: number, fragment: 0x2001))],
        with: &defragmenter)
    }
    #expect(defragmenter.incompleteFragments == 10)
    #expect(defragmenter.incompleteDatagrams == 10)
    defragmenter.finish()
    #expect(
      defragmenter.incompleteFragments == UInt64(MemoryLimits.standard.fragmentedDatagrams + 10))
  }

  @Test func memoryIsBoundedWhereTimeStandsStill() {
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    // One that is never complete, at the head of the queue, and many that are.
    let lonely = Packet.Layer(Packet.payload(8), ipProtocol: 17)
    _ = join(
      [Packet.ethernet(Packet.ipv4(from: "9.9.9.9", lonely, fragment: 0x2001))], times: [0],
      with: &defragmenter)
    let small = Packet.udp(from: 1, to: 2, Packet.payload(8))
    for round in 0..<5000 {
      let frames = (0..<4).flatMap {
        Packet.ipv4Fragments(
          of: small, from: "10.0.\(round >> 8).\(round & 255)", size: 8, identification: $0)
      }
      _ = join(frames, times: frames.map { _ in 0 }, with: &defragmenter)
    }
    #expect(defragmenter.queueLength <= 8 * MemoryLimits.standard.fragmentedDatagrams + 2)
    defragmenter.finish()
    #expect(defragmenter.incompleteFragments == 1)
  }

  @Test func longerThanADatagramCanBeIsMalformed() {
    let piece = Packet.Layer([UInt8](repeating: 0, count: 1000), ipProtocol: 1)
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let batch = join(
      [Packet.ethernet(Packet.ipv4(piece, fragment: 0x1FFF))], with: &defragmenter)
    #expect(batch.packets[0].flags.contains(.isMalformed))
  }

  @Test func hostileFragmentsDoNotTrap() {
    var random = FixedRandom(seed: 23)
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    var frames: [[UInt8]] = []
    for _ in 0..<4000 {
      let size = 8 * Int(random.next() % 30) + Int(random.next() % 2)
      let numbers: [UInt8] = [1, 4, 6, 17, 41, 47, 59]
      var bytes = Packet.payload(size, seed: Int(random.next() % 100))
      if random.next() % 3 == 0 { bytes = Array((mediaPacket.bytes + bytes).prefix(size)) }
      let piece = Packet.Layer(bytes, ipProtocol: numbers[Int(random.next() % 7)])
      let place = Int(random.next() % 40) | (random.next() % 4 == 0 ? 0 : 0x2000)
      frames.append(
        Packet.ethernet(
          Packet.ipv4(piece, identification: Int(random.next() % 5), fragment: place)))
    }
    let batch = join(frames, with: &defragmenter)
    defragmenter.finish()
    let sum = counted(batch.packets)
    #expect(sum.packets + Int(defragmenter.incompleteFragments) == frames.count)
  }
}

@Suite struct NestedFragmentsTests {
  /// Many tunnels whose joined content is a fragment again: each costs what it holds, not what
  /// all before it in the batch held.
  @Test func tunnelsOfFragmentsCostNoSquare() {
    // The outer datagrams are complete but for their last, tiny fragment.
    let inner = Packet.ipv4(
      from: "10.9.9.9", to: "10.9.9.8",
      Packet.Layer(Packet.payload(12_000), ipProtocol: 17), fragment: 0x2000)
    var firsts: [[UInt8]] = []
    var lasts: [[UInt8]] = []
    for number in 0..<3_000 {
      let frames = Packet.ipv4Fragments(
        of: Packet.Layer(inner.bytes, ipProtocol: 4), from: "1.1.\(number >> 8).\(number & 255)",
        to: "2.2.2.2", size: 12_016, identification: number)
      firsts.append(frames[0])
      lasts.append(frames[1])
    }
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    let clock = ContinuousClock()
    for frame in firsts { _ = join([frame], times: [0], with: &defragmenter) }
    let time = clock.measure {
      _ = join(lasts, times: lasts.map { _ in 1 }, with: &defragmenter)
    }
    // 36 MB are joined; copying all before it for each of 3,000 would move 54 GB.
    #expect(time < .seconds(10))
  }
}
