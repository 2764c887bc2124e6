// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import PacketDecoding
import TestSupport

/// Bytes as a frame of some link layer, down to the transport.
enum DecodingTarget {
  /// Decodes one frame.
  ///
  /// The head chooses the link layer; the rest is the frame. The bits of the head above the index
  /// say that the frame was longer on the wire.
  static func decode(_ bytes: [UInt8]) {
    var reader = InputReader(bytes)
    let head = Int(reader.byte())
    let linkType = FuzzInput.linkTypes[head % FuzzInput.linkTypes.count]
    let frame = Array(bytes.dropFirst())
    guard frame.count <= 1 << 16 else { return }
    let wireLength = frame.count + (head / FuzzInput.linkTypes.count) * 700
    for includesVLAN in [false, true] {
      let packet = decode(frame, linkType, wireLength, includesVLAN)
      check(packet, frame.count)
    }
  }

  private static func decode(
    _ frame: [UInt8], _ linkType: UInt32, _ wireLength: Int, _ includesVLAN: Bool
  ) -> DecodedPacket {
    let block = Block(byteCount: max(frame.count, 1))
    block.copy(from: frame.span)
    let record = CaptureRecord(
      time: 1, offset: 0, capturedLength: UInt32(frame.count), originalLength: UInt32(wireLength),
      interface: 0)
    let batch = PacketDecoder(includesVLANInKey: includesVLAN).decode(
      RecordBatch(
        block: block, records: [record], file: 0, firstFrame: 1, fileOffset: 0,
        linkTypes: [LinkType(rawValue: linkType)]))
    precondition(batch.recordCount == 1, "packets of one record")
    precondition(
      batch.packets.reduce(0) { $0 &+ UInt64($1.originalLength) } == UInt64(wireLength),
      "the record's bytes are counted once")
    for index in batch.packets.indices {
      _ = batch.macAddresses(index)
      check(batch.packets[index], frame.count)
    }
    return batch.packets[0]
  }

  static func check(_ packet: DecodedPacket, _ count: Int) {
    let end = Int(packet.payloadOffset) + Int(packet.payloadCapturedLength)
    precondition(
      packet.payloadCapturedLength == 0 || end <= count, "the payload reaches outside its frame")
    precondition(
      packet.payloadCapturedLength <= packet.payloadLength, "more captured than there was")
    precondition(packet.shard < 64, "no such shard")
  }
}
