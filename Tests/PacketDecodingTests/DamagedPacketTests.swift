// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import PacketDecoding
import TestSupport
import Testing

/// Whatever the bytes, decoding ends, traps nowhere and claims nothing that was not captured.
struct DamagedPacketTests {
  private static let frames: [(linkType: UInt32, frame: [UInt8])] =
    SampleFrames.ethernet.map { (1, $0) } + SampleFrames.others

  /// What must hold for every packet.
  private func check(_ packet: DecodedPacket, _ frame: [UInt8], _ linkType: UInt32) {
    let start = Int(packet.payloadOffset) - Int(packet.recordOffset)
    if packet.payloadCapturedLength > 0 {
      #expect(start >= 0 && start + Int(packet.payloadCapturedLength) <= frame.count)
    }
    #expect(packet.payloadCapturedLength <= packet.payloadLength)
    #expect(packet.capturedLength == UInt32(frame.count))
    let hasKey = !packet.flags.isDisjoint(with: [.hasNetworkLayer, .isOpaqueWireless])
    #expect(hasKey == (packet.keyHash != 0))
    if packet.macOffset != DecodedPacket.noMAC {
      #expect(Int(packet.macOffset) + 12 <= frame.count)
    }
  }

  @Test func cutAtEveryLength() {
    for (linkType, frame) in Self.frames {
      let whole = decode(frame, linkType: linkType)
      for count in 0..<frame.count {
        let cut = Array(frame[..<count])
        let packet = decode(cut, linkType: linkType, originalLength: frame.count)
        check(packet, cut, linkType)
        #expect(packet.flags.contains(.isTruncated))
        // What a cut packet shows is what the whole one has, except where the cut hides the
        // inside of a tunnel.
        guard packet.flags.contains(.hasNetworkLayer), packet.tunnel == whole.tunnel,
          packet.protocolNumber == whole.protocolNumber
        else { continue }
        if packet.flags.contains(.hasTransportHeader) {
          #expect(packet.portsAndProtocol == whole.portsAndProtocol)
          #expect(packet.sequenceNumber == whole.sequenceNumber)
          #expect(packet.payloadLength == whole.payloadLength)
        } else {
          #expect(packet.sequenceNumber == 0)
          #expect(packet.tcpFlags == 0)
        }
        // Cut off without a trace, the packet is another one, and must not trap either.
        check(decode(cut, linkType: linkType), cut, linkType)
      }
    }
  }

  @Test func flippedBytes() {
    var random = FixedRandom(seed: 3)
    for (linkType, frame) in Self.frames {
      for _ in 0..<300 {
        var bytes = frame
        for _ in 0..<(1 + random.next() % 4) {
          bytes[Int(random.next() % UInt64(bytes.count))] = UInt8(
            truncatingIfNeeded: random.next())
        }
        check(
          decode(bytes, linkType: linkType, originalLength: Int(random.next() % 3000)), bytes,
          linkType)
      }
    }
  }

  @Test func randomBytes() {
    var random = FixedRandom(seed: 5)
    let linkTypes = Set(Self.frames.map(\.linkType)).sorted() + [12, 50, 149, 166, 228, 9999]
    for linkType in linkTypes {
      for _ in 0..<300 {
        let count = Int(random.next() % 200)
        let bytes = (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next()) }
        check(
          decode(bytes, linkType: linkType, originalLength: Int(random.next() % 70_000)), bytes,
          linkType)
      }
    }
  }

  @Test func largestLengths() {
    let frame = Packet.ethernet(mediaPacket)
    let packet = decode(frame, originalLength: Int(UInt32.max))
    #expect(packet.text == mediaText)
    #expect(packet.originalLength == .max)
  }
}
