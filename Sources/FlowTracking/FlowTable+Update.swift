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

  /// Time of the flow's last packet.
  @inline(__always)
  var lastTime: Int64 { max(sides.originator.lastTime, sides.responder.lastTime) }

  /// Whether the flow was quiet for so long that it may be over; no timeout is shorter.
  @inline(__always)
  func isIdle(at time: Int64) -> Bool {
    time &- lastTime > 5_000_000_000
  }

  @inline(__always)
  func knowsSequence(_ direction: FlowDirection) -> Bool {
    state.contains(.sequenceKnown(direction))
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
    let number = entries[place].sides[direction].packets
    let more = 1 &+ UInt32(packets[index].extraPackets)
    entries[place].sides[direction].packets = number &+ more
    if number > UInt32.max &- more { origins[place].packetCarry[direction] &+= 1 }
    entries[place].sides[direction].wireBytes &+=
      UInt64(packets[index].originalLength) &+ UInt64(packets[index].extraBytes)
    entries[place].sides[direction].payloadBytes &+= UInt64(packets[index].payloadLength)
    let time = packets[index].time
    if time > entries[place].sides[direction].lastTime {
      if entries[place].sides[direction].lastTime == .min {
        noteFirstPacket(packets, index, at: place, direction)
      }
      entries[place].sides[direction].lastTime = time
    }
    if packets[index].has(PacketBits.isTruncated) {
      entries[place].truncatedPackets &+= 1
    }
  }

  /// Counts a packet of the flow at `place` that is no copy; what was not counted changed nothing.
  ///
  /// A call of its own: among the state of the loop around it, a third of its instructions would
  /// save and restore registers (measured).
  @inline(never)
  mutating func count(_ packets: Span<DecodedPacket>, _ index: Int, at place: Int) -> PacketOutcome
  {
    entries[place].count(
      packets, index, &origins, place, threshold: configuration.timeBinThreshold)
  }

  /// Tells consumers of a packet that was counted, and keeps the seconds of its flow.
  @inline(__always)
  mutating func tell(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, _ outcome: PacketOutcome,
    bytes: Span<UInt8>, _ batch: borrowing PacketBatch, into events: inout [FlowEvent]
  ) {
    if outcome.includes([.isFirst, .isFirstPayload, .hasWrapped]) {
      noteBeginning(packets, index, at: place, outcome, bytes: bytes, batch)
    }
    let direction = entries[place].direction(of: packets[index])
    if outcome.contains(.isWanted) {
      let isStream = packets[index].protocolNumber == 6
      events.append(
        FlowEvent(
          kind: isStream ? .bytes : .datagram, direction: direction, source: .block,
          flow: UInt32(truncatingIfNeeded: place), packet: UInt32(truncatingIfNeeded: index),
          offset: packets[index].payloadOffset, length: packets[index].payloadCapturedLength,
          originalLength: packets[index].payloadLength,
          streamOffset: isStream
            ? packets[index].sequenceNumber &- origins[place].initialSequence[direction] : 0))
    }
    if outcome.contains(.isHeavy) {
      updateDetail(packets, index, at: place, direction, packets[index].payloadLength, batch)
    }
  }

  /// Notes what only few packets of a flow leave behind.
  @inline(never)
  private mutating func noteBeginning(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, _ outcome: PacketOutcome,
    bytes: Span<UInt8>, _ batch: borrowing PacketBatch
  ) {
    let direction = entries[place].direction(of: packets[index])
    if outcome.contains(.isFirst) {
      origins[place].link[direction] = batch.link(packets, index, bytes)
      if packets[index].time > .min { origins[place].firstTime[direction] = packets[index].time }
    }
    if outcome.contains(.isFirstPayload) {
      noteFirstPayload(packets, index, bytes, batch, at: place)
    }
    if outcome.contains(.hasWrapped) { origins[place].packetCarry[direction] &+= 1 }
  }

  /// Counts a packet that is not in order, and tells what of it consumers want to see.
  @inline(never)
  mutating func update(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, bytes: Span<UInt8>,
    _ batch: borrowing PacketBatch, into events: inout [FlowEvent]
  ) {
    if packets[index].protocolNumber == 6,
      packets[index].payloadLength >= FirstPayload.minimumSegment,
      entries[place].historySeen & ConnectionHistory.dataBits == 0
    {
      noteFirstPayload(packets, index, bytes, batch, at: place)
    }
    let direction = entries[place].direction(of: packets[index])
    let newPayload = updateAny(
      packets, index, at: place, direction, bytes: bytes, batch, into: &events)
    if entries[place].isHeavy(direction, threshold: configuration.timeBinThreshold) {
      updateDetail(packets, index, at: place, direction, newPayload, batch)
    }
  }

  /// Counts a packet of any kind; returns its payload bytes not seen before.
  @inline(never)
  private mutating func updateAny(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, _ direction: FlowDirection,
    bytes: Span<UInt8>, _ batch: borrowing PacketBatch, into events: inout [FlowEvent]
  ) -> UInt32 {
    if entries[place].sides[direction].lastTime == .min {
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
            originalLength: newPayload, streamOffset: 0))
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
      startDetail(place, at: time)
      return
    }
    let traffic = trafficIndex(place)
    var ring = traffics[traffic].add(
      time: time, direction: direction, wireBytes: packets[index].originalLength,
      newPayloadBytes: newPayload, payloadBytes: packets[index].payloadLength,
      binCount: &timeBinCount, packet: batch.reference(index))
    if timeBinCount > limits.timeBins { joinTimeBins(traffic, at: time) }
    guard ring != 0 else { return }
    if ring == RhythmState.candidate {
      startRhythm(traffic: traffic, place: place, direction, time: time)
      ring = traffics[traffic].rhythm[direction].ring
    }
    updateRhythm(ring, newPayload, time: time, reference: batch.reference(index))
  }

  /// Joins seconds of a flow where all flows together keep too many and it has more than its share.
  @inline(never)
  mutating func joinTimeBins(_ traffic: Int, at time: Int64) {
    let share = max(FlowTraffic.leastTimeBins, limits.timeBins / max(1, traffics.count))
    while timeBinCount > limits.timeBins, traffics[traffic].timeBins.bins.count > share {
      if traffics[traffic].joinTimeBins(at: time, &timeBinCount) { timeBinsJoined.note(at: time) }
    }
  }

  /// Begins to keep the flow's seconds; all that was carried so far goes to its first second.
  private mutating func startDetail(_ place: Int, at time: Int64) {
    guard traffics.count < limits.traffics else {
      if !entries[place].state.contains(.lacksTraffic) {
        entries[place].state.insert(.lacksTraffic)
        trafficsLeftOut.note(at: time)
      }
      return
    }
    let entry = entries[place]
    let origin = origins[place]
    let first = origin.earliestTime
    var bin = TimeBin()
    bin.packets = (
      entry.sides.originator.packets, entry.sides.responder.packets
    )
    bin.wireBytes = (
      UInt32(clamping: entry.sides.originator.wireBytes),
      UInt32(clamping: entry.sides.responder.wireBytes)
    )
    bin.payloadBytes = (
      UInt32(clamping: entry.sides.originator.payloadBytes),
      UInt32(clamping: entry.sides.responder.payloadBytes)
    )
    let detail = Int(entry.detail) &- 1
    let copy = detail < 0 ? -1 : Int(details[detail].copies) &- 1
    let copied = copy < 0 ? Directions<UInt64>(0) : copies[copy].payloadBytes
    let disorder = self.disorder(of: place)
    let repeated = disorder < 0 ? Directions<UInt64>(0) : disorders[disorder].retransmittedBytes
    var new = Directions<UInt64>(0)
    for direction in FlowDirection.allCases {
      let less = repeated[direction] &+ copied[direction]
      let payload = entry.sides[direction].payloadBytes
      new[direction] = payload &- min(less, payload)
    }
    bin.newPayloadBytes = (UInt32(clamping: new.originator), UInt32(clamping: new.responder))
    let traffic = traffics.append(FlowTraffic(from: first, carrying: bin))
    timeBinCount &+= 1
    entries[place].traffic = UInt32(truncatingIfNeeded: traffic &+ 1)
    entries[place].state.insert(.hasTimeBins)
    if !configuration.measuresRhythm { traffics[traffic].leaveRhythm() }
    for direction in FlowDirection.allCases where new[direction] > 0 {
      traffics[traffic].carryIntoBurst(
        direction: direction, bytes: new[direction], firstTime: origin.firstTime[direction],
        lastTime: entry.sides[direction].lastTime,
        packet: PacketReference(file: origin.firstFile, frame: origin.firstFrame, time: first))
      traffics[traffic].rhythm[direction].spanStart = origin.firstTime[direction]
      traffics[traffic].rhythm[direction].spanBytes = new[direction]
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
