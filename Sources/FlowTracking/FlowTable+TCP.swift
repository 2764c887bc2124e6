// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import PacketDecoding

extension FlowTable {
  private static var fin: UInt8 { 0x01 }
  private static var syn: UInt8 { 0x02 }
  private static var reset: UInt8 { 0x04 }
  private static var acknowledgment: UInt8 { 0x10 }

  /// A sequence number this far from the expected one belongs to no stream that was followed
  /// (a window is at most 1 GiB, RFC 7323 §2.3): the direction starts anew.
  private static var maximumJump: Int32 { 1 << 30 }

  /// Flows of a shard whose closed windows are counted though they are ordinary otherwise.
  ///
  /// A flood of such segments would cost three times the memory of other floods (measured with
  /// `Tests/Attacks/attack zero_windows`). Later flows keep the mark in their history.
  private static var disordersForWindows: Int { 4_096 }

  /// Follows the sequence numbers of one segment; returns its payload bytes not seen before.
  @inline(never)
  mutating func updateTCP(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, _ direction: FlowDirection,
    bytes: Span<UInt8>, into events: inout [FlowEvent]
  ) -> UInt32 {
    let flags = packets[index].tcpFlags
    let length = packets[index].payloadLength
    noteHistory(packets, index, at: place, direction)
    entries[place].tcpFlags[direction] |= flags
    if flags & Self.acknowledgment != 0, entries[place].state.contains(.hasWaiting) {
      releaseAcknowledged(
        packets[index].acknowledgmentNumber, at: place, direction.reversed, packet: index,
        into: &events)
    }
    var sequence = packets[index].sequenceNumber
    if flags & Self.syn != 0 { sequence = sequence &+ 1 }
    var newBytes: UInt32 = 0
    if !entries[place].knowsSequence(direction) {
      if length == 0, flags & (Self.syn | Self.fin | Self.acknowledgment) == 0 { return 0 }
      entries[place].state.insert(.sequenceKnown(direction))
      origins[place].initialSequence[direction] = sequence
      entries[place].sides[direction].nextSequence = sequence
    }
    if length > 0 {
      newBytes = placePayload(
        packets, index, sequence: sequence, at: place, direction, bytes: bytes, into: &events)
    }
    if flags & Self.fin != 0 {
      let afterPayload = sequence &+ length
      if afterPayload == entries[place].sides[direction].nextSequence {
        entries[place].sides[direction].nextSequence = afterPayload &+ 1
      }
      entries[place].state.insert(.finished(direction))
    }
    if flags & Self.reset != 0 { entries[place].state.insert(.wasReset) }
    if packets[index].window == 0, flags & (Self.reset | Self.syn | Self.fin) == 0 {
      let isOrdinary = entries[place].detail == 0 && entries[place].traffic == 0
      if !isOrdinary || disorders.count < Self.disordersForWindows, mayHaveDisorder(place) {
        disorders[disorderIndex(place)].zeroWindows[direction] &+= 1
      }
      note(.zeroWindow, at: place, direction)
    }
    return newBytes
  }

  @inline(__always)
  private mutating func noteHistory(
    _ packets: Span<DecodedPacket>, _ index: Int, at place: Int, _ direction: FlowDirection
  ) {
    let flags = packets[index].tcpFlags
    if flags & (Self.syn | Self.fin | Self.reset) != 0 {
      entries[place].noteControl(flags, direction, &origins[place])
    } else if packets[index].payloadLength == 0, flags & Self.acknowledgment != 0 {
      note(.acknowledgment, at: place, direction)
    }
    if packets[index].payloadLength > 0 { note(.data, at: place, direction) }
  }

  /// Places a segment's payload in the stream; returns the number of bytes not seen before.
  @inline(__always)
  private mutating func placePayload(
    _ packets: Span<DecodedPacket>, _ index: Int, sequence: UInt32, at place: Int,
    _ direction: FlowDirection, bytes: Span<UInt8>, into events: inout [FlowEvent]
  ) -> UInt32 {
    let length = packets[index].payloadLength
    let ahead = Int32(bitPattern: sequence &- entries[place].sides[direction].nextSequence)
    if ahead == 0 {
      entries[place].sides[direction].nextSequence = sequence &+ length
      if entries[place].interest[direction] != .none {
        emit(packets, index, skipping: 0, at: place, direction, into: &events)
      }
      if entries[place].state.contains(.hasWaiting) {
        releaseWaiting(place, direction, packet: index, into: &events)
      }
      return length
    }
    return placeOutOfOrder(
      packets, index, sequence: sequence, ahead: ahead, at: place, direction, bytes: bytes,
      into: &events)
  }

  @inline(never)
  private mutating func placeOutOfOrder(
    _ packets: Span<DecodedPacket>, _ index: Int, sequence: UInt32, ahead: Int32, at place: Int,
    _ direction: FlowDirection, bytes: Span<UInt8>, into events: inout [FlowEvent]
  ) -> UInt32 {
    let length = packets[index].payloadLength
    let follows = entries[place].interest[direction] != .none
    guard mayHaveDisorder(place) else {
      return placeUntold(
        packets, index, sequence: sequence, ahead: ahead, at: place, direction, into: &events)
    }
    let disorder = disorderIndex(place)
    if ahead > Self.maximumJump || ahead < -Self.maximumJump {
      flush(place, direction, packet: index, into: &events)
      disorders[disorder].gaps[direction] &+= 1
      note(.gap, at: place, direction)
      origins[place].initialSequence[direction] =
        sequence
        &- (entries[place].sides[direction].nextSequence
          &- origins[place].initialSequence[direction])
      entries[place].sides[direction].nextSequence = sequence &+ length
      if follows { emit(packets, index, skipping: 0, at: place, direction, into: &events) }
      return length
    }
    if ahead > 0 {
      // Segments wait whether or not anyone follows the bytes: interest falls between batches, and
      // what is counted must not depend on where those end.
      wait(packets, index, sequence: sequence, at: place, direction, bytes: bytes)
      if disorders[disorder].waiting(direction).isFull {
        skipHole(place, direction, packet: index, into: &events)
      }
      if waitingBudget.isExceeded {
        giveUpWaiting(at: packets[index].time, packet: index, into: &events)
      }
      return length
    }
    let known = UInt32(bitPattern: 0 &- ahead)
    if known >= length {
      if length == 1, known == 1, packets[index].tcpFlags & 0x07 == 0 {
        disorders[disorder].keepAlives[direction] &+= 1
        disorders[disorder].retransmittedBytes[direction] &+= 1
        return 0
      }
      let filled = disorders[disorder].holes[direction].fill(from: sequence, length: length)
      if filled > 0 {
        disorders[disorder].outOfOrder[direction] &+= 1
        let missing = disorders[disorder].missingBytes[direction]
        disorders[disorder].missingBytes[direction] = missing &- min(UInt64(filled), missing)
      }
      if filled < length {
        disorders[disorder].retransmittedBytes[direction] &+= UInt64(length &- filled)
        note(.retransmission, at: place, direction)
      }
      return filled
    }
    disorders[disorder].retransmittedBytes[direction] &+= UInt64(known)
    note(.retransmission, at: place, direction)
    entries[place].sides[direction].nextSequence = sequence &+ length
    if follows { emit(packets, index, skipping: known, at: place, direction, into: &events) }
    releaseWaiting(place, direction, packet: index, into: &events)
    return length &- known
  }

  /// Places a segment out of order of a flow whose disorder cannot be told any more: what is ahead
  /// is taken as it comes, with the gap before it.
  private mutating func placeUntold(
    _ packets: Span<DecodedPacket>, _ index: Int, sequence: UInt32, ahead: Int32, at place: Int,
    _ direction: FlowDirection, into events: inout [FlowEvent]
  ) -> UInt32 {
    let length = packets[index].payloadLength
    disordersLeftOut.note(at: packets[index].time)
    let next = entries[place].sides[direction].nextSequence
    let isJump = ahead > Self.maximumJump || ahead < -Self.maximumJump
    var known: UInt32 = 0
    if isJump {
      note(.gap, at: place, direction)
      origins[place].initialSequence[direction] =
        sequence &- (next &- origins[place].initialSequence[direction])
    } else if ahead > 0 {
      note(.gap, at: place, direction)
      emitGap(
        UInt32(bitPattern: ahead), streamOffset: streamOffset(next, place, direction), at: place,
        direction, packet: index, into: &events)
    } else {
      note(.retransmission, at: place, direction)
      known = UInt32(bitPattern: 0 &- ahead)
      guard known < length else { return 0 }
    }
    entries[place].sides[direction].nextSequence = sequence &+ length
    if entries[place].interest[direction] != .none {
      emit(packets, index, skipping: known, at: place, direction, into: &events)
    }
    return length &- known
  }

  /// Notes that `count` bytes from the next expected one on were not captured.
  private mutating func passOver(_ count: UInt32, at place: Int, _ direction: FlowDirection) {
    let disorder = disorderIndex(place)
    disorders[disorder].gaps[direction] &+= 1
    disorders[disorder].missingBytes[direction] &+= UInt64(count)
    disorders[disorder].holes[direction].open(
      at: entries[place].sides[direction].nextSequence, length: count)
    note(.gap, at: place, direction)
  }

  // MARK: Ordered bytes

  private func streamOffset(_ sequence: UInt32, _ place: Int, _ direction: FlowDirection) -> UInt32
  {
    sequence &- origins[place].initialSequence[direction]
  }

  /// Hands out a segment's payload but its first `skipping` bytes; what the snap length cut off
  /// becomes a gap.
  @inline(__always)
  private mutating func emit(
    _ packets: Span<DecodedPacket>, _ index: Int, skipping: UInt32, at place: Int,
    _ direction: FlowDirection, into events: inout [FlowEvent]
  ) {
    let original = packets[index].payloadLength &- skipping
    let captured = packets[index].payloadCapturedLength
    let available = captured > skipping ? captured &- skipping : 0
    let end = entries[place].sides[direction].nextSequence
    let offset = streamOffset(end &- original, place, direction)
    if available > 0 {
      events.append(
        FlowEvent(
          kind: .bytes, direction: direction, source: packets[index].isJoined ? .joined : .block,
          flow: UInt32(truncatingIfNeeded: place), packet: UInt32(truncatingIfNeeded: index),
          offset: packets[index].payloadOffset &+ skipping, length: available,
          originalLength: original, streamOffset: offset))
    }
    if available < original {
      emitGap(
        original &- available, streamOffset: offset &+ available, at: place, direction,
        packet: index, into: &events)
    }
  }

  private func emitGap(
    _ count: UInt32, streamOffset: UInt32, at place: Int, _ direction: FlowDirection, packet: Int,
    into events: inout [FlowEvent]
  ) {
    guard entries[place].interest[direction] != .none else { return }
    events.append(
      FlowEvent(
        kind: .gap, direction: direction, source: .block,
        flow: UInt32(truncatingIfNeeded: place), packet: UInt32(truncatingIfNeeded: packet),
        offset: 0, length: count, originalLength: count, streamOffset: streamOffset))
  }

  private mutating func wait(
    _ packets: Span<DecodedPacket>, _ index: Int, sequence: UInt32, at place: Int,
    _ direction: FlowDirection, bytes: Span<UInt8>
  ) {
    let disorder = disorderIndex(place)
    var copy: [UInt8] = []
    if entries[place].interest[direction] != .none {
      let start = min(Int(packets[index].payloadOffset), bytes.count)
      let end = min(start + Int(packets[index].payloadCapturedLength), bytes.count)
      copy.reserveCapacity(end - start)
      for position in start..<end { copy.append(bytes[position]) }
    }
    var waiting = disorders[disorder].takeWaiting(direction)
    let before = waiting.cost
    waiting.insert(
      .init(
        sequence: sequence, originalLength: packets[index].payloadLength,
        capturedLength: packets[index].payloadCapturedLength, bytes: copy))
    waitingBudget.change(from: before, to: waiting.cost)
    if before == 0 { enqueueWaiting(place, direction) }
    disorders[disorder].setWaiting(waiting, direction)
    entries[place].state.insert(.hasWaiting)
  }

  /// Remembers that a direction began to wait, and forgets those that wait no more.
  private mutating func enqueueWaiting(_ place: Int, _ direction: FlowDirection) {
    waitingBudget.enqueue(place, direction)
    guard waitingBudget.isQueueStale else { return }
    let queue = waitingBudget.takeQueue()
    for (place, direction) in queue {
      let disorder = self.disorder(of: place)
      guard disorder >= 0, !disorders[disorder].waiting(direction).isEmpty else { continue }
      waitingBudget.enqueue(place, direction)
    }
    waitingBudget.enqueue(place, direction)
  }

  /// Gives up the holes of the streams that have waited longest, until the rest fits.
  @inline(never)
  private mutating func giveUpWaiting(
    at time: Int64, packet: Int, into events: inout [FlowEvent]
  ) {
    while waitingBudget.isExceeded, let (place, direction) = waitingBudget.dequeue() {
      let disorder = self.disorder(of: place)
      guard disorder >= 0, !disorders[disorder].waiting(direction).isEmpty else { continue }
      waitingBudget.noteGivenUp(at: time)
      flush(place, direction, packet: packet, into: &events)
    }
  }

  /// Hands out the waiting segments that the stream has reached.
  @inline(__always)
  private mutating func releaseWaiting(
    _ place: Int, _ direction: FlowDirection, packet: Int, into events: inout [FlowEvent]
  ) {
    let disorder = self.disorder(of: place)
    guard disorder >= 0, !disorders[disorder].waiting(direction).isEmpty else { return }
    release(place, direction, packet: packet, into: &events)
  }

  @inline(never)
  private mutating func release(
    _ place: Int, _ direction: FlowDirection, packet: Int, into events: inout [FlowEvent]
  ) {
    let disorder = disorderIndex(place)
    var waiting = disorders[disorder].takeWaiting(direction)
    let before = waiting.cost
    var wasReordered = false
    while !waiting.isEmpty {
      let next = entries[place].sides[direction].nextSequence
      let ahead = Int32(bitPattern: waiting.firstSequence &- next)
      guard ahead <= 0, let segment = waiting.removeFirst() else { break }
      wasReordered = true
      let known = UInt32(bitPattern: 0 &- ahead)
      guard known < segment.originalLength else {
        // Counted as new when it arrived, but all of it came another way since.
        disorders[disorder].retransmittedBytes[direction] &+= UInt64(segment.originalLength)
        continue
      }
      if known > 0 { disorders[disorder].retransmittedBytes[direction] &+= UInt64(known) }
      entries[place].sides[direction].nextSequence = segment.sequence &+ segment.originalLength
      emit(segment, skipping: known, at: place, direction, packet: packet, into: &events)
    }
    waitingBudget.change(from: before, to: waiting.cost)
    // Not the empty array's room too: most flows never wait again.
    disorders[disorder].setWaiting(waiting.isEmpty ? WaitingSegments() : waiting, direction)
    if disorders[disorder].nothingWaits { entries[place].state.remove(.hasWaiting) }
    if wasReordered { disorders[disorder].outOfOrder[direction] &+= 1 }
  }

  private mutating func emit(
    _ segment: WaitingSegments.Segment, skipping: UInt32, at place: Int,
    _ direction: FlowDirection, packet: Int, into events: inout [FlowEvent]
  ) {
    let available = Int(segment.bytes.count) - Int(skipping)
    let original = segment.originalLength &- skipping
    let offset = streamOffset(segment.sequence &+ skipping, place, direction)
    var handed: UInt32 = 0
    if available > 0, entries[place].interest[direction] != .none {
      handed = UInt32(available)
      events.append(
        FlowEvent(
          kind: .bytes, direction: direction, source: .arena,
          flow: UInt32(truncatingIfNeeded: place), packet: UInt32(truncatingIfNeeded: packet),
          offset: UInt32(truncatingIfNeeded: arena.count), length: handed,
          originalLength: original, streamOffset: offset))
      arena.append(contentsOf: segment.bytes[Int(skipping)...])
    }
    if handed < original {
      emitGap(
        original &- handed, streamOffset: offset &+ handed, at: place, direction, packet: packet,
        into: &events)
    }
  }

  /// Gives up the oldest hole: its bytes are not in the capture.
  private mutating func skipHole(
    _ place: Int, _ direction: FlowDirection, packet: Int, into events: inout [FlowEvent]
  ) {
    let disorder = disorderIndex(place)
    guard !disorders[disorder].waiting(direction).isEmpty else { return }
    let next = entries[place].sides[direction].nextSequence
    let missing = disorders[disorder].waiting(direction).firstSequence &- next
    if Int32(bitPattern: missing) > 0 {
      passOver(missing, at: place, direction)
      emitGap(
        missing, streamOffset: streamOffset(next, place, direction), at: place, direction,
        packet: packet, into: &events)
      entries[place].sides[direction].nextSequence = next &+ missing
    }
    release(place, direction, packet: packet, into: &events)
  }

  /// A receiver that acknowledges bytes has them: where they are not captured, they never will be.
  @inline(__always)
  private mutating func releaseAcknowledged(
    _ acknowledgment: UInt32, at place: Int, _ direction: FlowDirection, packet: Int,
    into events: inout [FlowEvent]
  ) {
    let disorder = self.disorder(of: place)
    while disorder >= 0, !disorders[disorder].waiting(direction).isEmpty,
      Int32(bitPattern: acknowledgment &- disorders[disorder].waiting(direction).firstSequence) > 0
    {
      skipHole(place, direction, packet: packet, into: &events)
    }
  }

  private mutating func flush(
    _ place: Int, _ direction: FlowDirection, packet: Int, into events: inout [FlowEvent]
  ) {
    let disorder = self.disorder(of: place)
    while disorder >= 0, !disorders[disorder].waiting(direction).isEmpty {
      skipHole(place, direction, packet: packet, into: &events)
    }
  }

  /// Hands out all that waits, with its gaps.
  mutating func flushWaiting(_ place: Int, packet: Int, into events: inout [FlowEvent]) {
    guard entries[place].state.contains(.hasWaiting) else { return }
    flush(place, .fromOriginator, packet: packet, into: &events)
    flush(place, .fromResponder, packet: packet, into: &events)
  }
}
