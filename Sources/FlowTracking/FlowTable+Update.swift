// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import PacketDecoding

extension FlowEntry {
  /// The direction of a packet of this flow.
  @inline(__always)
  func direction(of packet: borrowing DecodedPacket) -> FlowDirection {
    packet.has(PacketBits.isReversed) == state.contains(.originatorIsSecond)
      ? .fromOriginator : .fromResponder
  }

  /// Whether the flow was quiet for so long that it may be over; no timeout is shorter.
  @inline(__always)
  func isIdle(at time: Int64) -> Bool {
    time &- max(lastTime.originator, lastTime.responder) > 5_000_000_000
  }

  @inline(__always)
  func knowsSequence(_ direction: FlowDirection) -> Bool {
    state.contains(
      direction == .fromOriginator ? .originatorSequenceKnown : .responderSequenceKnown)
  }

  var endpoints: FlowEndpoints {
    let first = IPAddress(high: firstHigh, low: firstLow)
    let second = IPAddress(high: secondHigh, low: secondLow)
    let firstPort = UInt16(truncatingIfNeeded: portsAndProtocol >> 48)
    let secondPort = UInt16(truncatingIfNeeded: portsAndProtocol >> 32)
    let isSwapped = state.contains(.originatorIsSecond)
    return FlowEndpoints(
      originatorAddress: isSwapped ? second : first, responderAddress: isSwapped ? first : second,
      originatorPort: isSwapped ? secondPort : firstPort,
      responderPort: isSwapped ? firstPort : secondPort,
      protocolNumber: UInt8(truncatingIfNeeded: portsAndProtocol))
  }
}

extension FlowTable {
  /// Counts a packet to its direction.
  @inline(__always)
  mutating func count(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, _ direction: FlowDirection
  ) {
    let number = entries[place].packets[direction]
    let more = 1 &+ UInt32(packets[index].extraPackets)
    entries[place].packets[direction] = number &+ more
    if number > UInt32.max &- more { origins[place].packetCarry[direction] &+= 1 }
    entries[place].wireBytes[direction] &+=
      UInt64(packets[index].originalLength) &+ UInt64(packets[index].extraBytes)
    entries[place].payloadBytes[direction] &+= UInt64(packets[index].payloadLength)
    let time = packets[index].time
    if time > entries[place].lastTime[direction] {
      if entries[place].lastTime[direction] == .min {
        noteFirstPacket(packets, index, at: place, direction)
      }
      entries[place].lastTime[direction] = time
    }
    if packets[index].has(PacketBits.isTruncated) {
      entries[place].truncatedPackets &+= 1
    }
  }

  /// Counts a packet that is not a copy, and tells what of it consumers want to see.
  @inline(__always)
  mutating func update(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, bytes: Span<UInt8>,
    _ batch: borrowing PacketBatch, into events: inout [FlowEvent]
  ) {
    let direction = entries[place].direction(of: packets[index])
    var newPayload = packets[index].payloadLength
    var outcome = entries[place].countPlain(packets, index, direction)
    if outcome == .notPlain {
      outcome = countOrdered(packets, index, at: place, direction, bytes: bytes, batch)
    }
    if outcome == .wanted {
      let isStream = packets[index].protocolNumber == 6
      events.append(
        FlowEvent(
          kind: isStream ? .bytes : .datagram, direction: direction, source: .block,
          flow: UInt32(truncatingIfNeeded: place), packet: UInt32(truncatingIfNeeded: index),
          offset: packets[index].payloadOffset, length: packets[index].payloadCapturedLength,
          originalLength: newPayload,
          streamOffset: isStream
            ? packets[index].sequenceNumber &- origins[place].initialSequence[direction] : 0,
          attachment: entries[place].attachment))
    } else if outcome == .notPlain {
      newPayload = updateAny(
        packets, index, at: place, direction, bytes: bytes, batch, into: &events)
    }
    if entries[place].isHeavy(direction, threshold: configuration.timeBinThreshold) {
      updateDetail(packets, index, at: place, direction, newPayload, batch)
    }
  }

  @inline(never)
  private mutating func countOrdered(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, _ direction: FlowDirection,
    bytes: Span<UInt8>, _ batch: borrowing PacketBatch
  ) -> PlainPacket {
    if packets[index].protocolNumber == 6,
      packets[index].payloadLength >= FirstPayload.minimumSegment,
      entries[place].historySeen & ConnectionHistory.dataBits == 0
    {
      noteFirstPayload(packets, index, bytes, batch, at: place)
    }
    return entries[place].countOrdered(
      packets, index, direction, &origins[place], bytes: bytes, batch)
  }

  /// Counts a packet of any kind; returns its payload bytes not seen before.
  @inline(never)
  private mutating func updateAny(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, _ direction: FlowDirection,
    bytes: Span<UInt8>, _ batch: borrowing PacketBatch, into events: inout [FlowEvent]
  ) -> UInt32 {
    if entries[place].lastTime[direction] == .min {
      origins[place].link[direction] = batch.link(packets, index, bytes)
    }
    count(packets, index, at: place, direction)
    let newPayload = packets[index].payloadLength
    switch packets[index].protocolNumber {
    case 6
    where packets[index].has(PacketBits.hasTransportHeader)
      && !entries[place].state.contains(.isRemainder):
      return packets[index].isJoined
        ? updateTCP(
          packets, index, at: place, direction, bytes: batch.joined.span, into: &events)
        : updateTCP(packets, index, at: place, direction, bytes: bytes, into: &events)
    case 17, 136:
      if newPayload > 0, entries[place].interest[direction] != .none {
        events.append(
          FlowEvent(
            kind: .datagram, direction: direction,
            source: packets[index].isJoined ? .joined : .block,
            flow: UInt32(truncatingIfNeeded: place), packet: UInt32(truncatingIfNeeded: index),
            offset: packets[index].payloadOffset, length: packets[index].payloadCapturedLength,
            originalLength: newPayload, streamOffset: 0, attachment: entries[place].attachment))
      }
    default: break
    }
    return newPayload
  }

  @inline(never)
  private mutating func noteFirstPacket(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, _ direction: FlowDirection
  ) {
    origins[place].firstTime[direction] = packets[index].time
  }

  @inline(never)
  private mutating func updateDetail(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, _ direction: FlowDirection,
    _ newPayload: UInt32, _ batch: borrowing PacketBatch
  ) {
    let time = packets[index].time
    guard entries[place].state.contains(.hasTimeBins) else {
      startDetail(place, detail: detailIndex(place))
      return
    }
    let detail = Int(entries[place].detail) &- 1
    details[detail].addToTimeBins(
      time: time, direction: direction, wireBytes: packets[index].originalLength,
      newPayloadBytes: newPayload, payloadBytes: packets[index].payloadLength)
    if newPayload > 0 {
      details[detail].addToBurst(
        time: time, direction: direction, bytes: newPayload, packet: batch.reference(index))
      updateRhythm(
        detail: detail, place: place, direction, newPayload, time: time,
        reference: batch.reference(index))
    }
  }

  /// Begins to keep the flow's seconds; all that was carried so far goes to its first second.
  private mutating func startDetail(_ place: Int, detail: Int) {
    let entry = entries[place]
    let origin = origins[place]
    let first = origin.earliestTime
    var bin = TimeBin()
    bin.packets = (
      entry.packets.originator, entry.packets.responder
    )
    bin.wireBytes = (
      UInt32(clamping: entry.wireBytes.originator), UInt32(clamping: entry.wireBytes.responder)
    )
    bin.payloadBytes = (
      UInt32(clamping: entry.payloadBytes.originator),
      UInt32(clamping: entry.payloadBytes.responder)
    )
    let repeated = details[detail].retransmittedBytes
    let copied = details[detail].duplicatePayloadBytes
    var new = Directions<UInt64>(0)
    for direction in FlowDirection.allCases {
      let less = repeated[direction] &+ copied[direction]
      new[direction] = entry.payloadBytes[direction] &- min(less, entry.payloadBytes[direction])
    }
    bin.newPayloadBytes = (UInt32(clamping: new.originator), UInt32(clamping: new.responder))
    details[detail].startTimeBins(at: first, carrying: bin)
    entries[place].state.insert(.hasTimeBins)
    for direction in FlowDirection.allCases where new[direction] > 0 {
      details[detail].carryIntoBurst(
        direction: direction, bytes: new[direction], firstTime: origin.firstTime[direction],
        lastTime: entry.lastTime[direction],
        packet: PacketReference(file: origin.firstFile, frame: origin.firstFrame, time: first))
      details[detail].rhythm[direction].spanStart = origin.firstTime[direction]
      details[detail].rhythm[direction].spanBytes = new[direction]
    }
  }
}

extension FlowOrigin {
  /// Time of the flow's first packet.
  var earliestTime: Int64 {
    if firstTime.originator == .min { return firstTime.responder }
    if firstTime.responder == .min { return firstTime.originator }
    return min(firstTime.originator, firstTime.responder)
  }
}
