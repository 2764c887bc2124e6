// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import PacketDecoding
import TestSupport

/// Makes one batch of frames, all of one link type.
func recordBatch(
  _ frames: [[UInt8]], linkType: UInt32 = 1, originalLengths: [Int]? = nil, times: [Int64]? = nil
) -> RecordBatch {
  var bytes: [UInt8] = []
  var records: [CaptureRecord] = []
  for (index, frame) in frames.enumerated() {
    records.append(
      CaptureRecord(
        time: times?[index] ?? Int64(index) * 1_000_000, offset: UInt32(bytes.count),
        capturedLength: UInt32(frame.count),
        originalLength: UInt32(originalLengths?[index] ?? frame.count), interface: 0))
    bytes += frame
  }
  let block = Block(byteCount: bytes.count)
  block.copy(from: bytes.span)
  return RecordBatch(
    block: block, records: records, file: 0, firstFrame: 1, fileOffset: 0,
    linkTypes: [LinkType(rawValue: linkType)])
}

/// Decodes one frame.
func decode(
  _ frame: [UInt8], linkType: UInt32 = 1, originalLength: Int? = nil,
  decoder: PacketDecoder = PacketDecoder()
) -> DecodedPacket {
  let batch = recordBatch(
    [frame], linkType: linkType, originalLengths: originalLength.map { [$0] })
  return decoder.decode(batch).packets[0]
}

/// Decodes frames and joins their fragments, in one batch.
func join(
  _ frames: [[UInt8]], originalLengths: [Int]? = nil, times: [Int64]? = nil,
  with defragmenter: inout Defragmenter
) -> PacketBatch {
  var batch = PacketDecoder().decode(
    recordBatch(frames, originalLengths: originalLengths, times: times))
  defragmenter.process(&batch)
  return batch
}

extension DecodedPacket {
  /// The packet as "source:port > destination:port protocol payloadLength".
  var text: String {
    guard flags.contains(.hasNetworkLayer) else {
      return flags.contains(.isOpaqueWireless) ? "opaque \(macs) \(payloadLength)" : "none"
    }
    let first = IPAddress(high: firstHigh, low: firstLow)
    let second = IPAddress(high: secondHigh, low: secondLow)
    let (firstPort, secondPort) = (portsAndProtocol >> 48, portsAndProtocol >> 32 & 0xFFFF)
    return flags.contains(.isReversed)
      ? "\(second):\(secondPort) > \(first):\(firstPort) \(protocolNumber) \(payloadLength)"
      : "\(first):\(firstPort) > \(second):\(secondPort) \(protocolNumber) \(payloadLength)"
  }

  private var macs: String {
    let (first, second) = (MACAddress(bits: firstLow), MACAddress(bits: secondLow))
    return flags.contains(.isReversed) ? "\(second) > \(first)" : "\(first) > \(second)"
  }

  /// The tunnel's name.
  var tunnelName: String? { Tunnels.name(tunnel) }
}

/// The packet that most tests carry, and how it reads when decoded.
let media = Packet.udp(from: 5004, to: 6004, Packet.payload(100))
let mediaPacket = Packet.ipv4(from: "192.168.1.10", to: "203.0.113.9", media)
let mediaText = "192.168.1.10:5004 > 203.0.113.9:6004 17 100"

/// The same in IPv6.
let mediaPacketV6 = Packet.ipv6(from: "2001:db8::10", to: "2001:db8:9::1", media)
let mediaTextV6 = "2001:db8::10:5004 > 2001:db8:9::1:6004 17 100"
