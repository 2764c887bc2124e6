// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

extension PacketDecoder {
  /// Most packets that one A-MSDU gives: twice the largest limit that a station can state (32, IEEE
  /// 802.11-2020 §9.4.2.26); the bytes of any more stay with the first.
  static let maximumSubframes = 64

  /// Puts a packet for each further subframe of an A-MSDU behind the one of the first; returns
  /// their flags.
  ///
  /// The record's bytes are shared out: a further subframe counts its own (header, content and
  /// filling), the first one what is left, so that the sum is the record's.
  ///
  /// - Complexity: O(packets + subframes²) a batch; batches without an A-MSDU do not come here.
  @inline(never)
  func addSubframes(to batch: inout PacketBatch, of records: RecordBatch) -> PacketFlags {
    let decoders = records.linkTypes.map { LinkLayers.index(of: $0.rawValue) }
    let bytes = records.block.bytes
    var packets: [DecodedPacket] = []
    var offsets: [UInt32] = []
    var flags: PacketFlags = []
    packets.reserveCapacity(batch.packets.count)
    offsets.reserveCapacity(batch.packets.count)
    for (index, packet) in batch.packets.enumerated() {
      let first = packets.count
      let place = UInt32(truncatingIfNeeded: index)
      packets.append(packet)
      offsets.append(place)
      guard packet.flags.includes(.hasNextSubframe) else { continue }
      let record = records.records[index]
      let start = Int(record.offset)
      let frame = bytes.extracting(start..<start &+ Int(record.capturedLength))
      var number = 1
      while number < Self.maximumSubframes,
        packets[packets.count - 1].flags
          .includes(.hasNextSubframe),
        let subframe = decodeSubframe(
          number, frame, record, decoder: decoders[Int(record.interface)])
      {
        packets[first].originalLength &-= subframe.originalLength
        packets[first].capturedLength &-= subframe.capturedLength
        flags.formUnion(subframe.flags)
        packets.append(subframe)
        offsets.append(place)
        number &+= 1
      }
      packets[first].noteWhetherCut()
    }
    batch.packets = packets
    batch.frameOffsets = offsets
    return flags
  }

  /// The packet of one subframe, `nil` where there is none.
  private func decodeSubframe(
    _ number: Int, _ frame: Span<UInt8>, _ record: CaptureRecord, decoder: Int
  ) -> DecodedPacket? {
    var state = DecodingState(count: frame.count, wireCount: Int(record.originalLength))
    state.packet = DecodedPacket(record)
    state.wantedSubframe = number
    follow(LinkLayers.decode(decoder, frame, &state), frame, &state)
    state.finish(frame, includesVLAN: includesVLANInKey)
    guard let subframe = state.subframe, subframe.lowerBound < frame.count else { return nil }
    var packet = state.packet
    packet.payloadOffset = record.offset &+ UInt32(truncatingIfNeeded: state.payloadStart)
    let start = UInt32(truncatingIfNeeded: subframe.lowerBound)
    packet.recordOffset = record.offset &+ start
    packet.originalLength = UInt32(truncatingIfNeeded: subframe.count)
    packet.capturedLength = min(packet.originalLength, record.capturedLength &- start)
    if packet.macOffset != DecodedPacket.noMAC {
      packet.macOffset &-= UInt16(truncatingIfNeeded: start)
    }
    packet.noteWhetherCut()
    return packet
  }
}

extension DecodedPacket {
  /// Whether a part of a record was cut is not what the record says.
  fileprivate mutating func noteWhetherCut() {
    if capturedLength < originalLength {
      flags.insert(.isTruncated)
    } else {
      flags.remove(.isTruncated)
    }
  }
}
