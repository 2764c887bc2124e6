// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import PacketDecoding

/// When a flow is over, and what happens then.
extension FlowTable {
  /// Whether the packet cannot belong to the flow any more.
  mutating func isOver(
    _ place: Int, _ packets: Span<DecodedPacket>, _ index: Int
  ) -> Bool {
    if entries[place].isIdle(at: packets[index].time), hasExpired(place, at: packets[index].time) {
      return true
    }
    return packets[index].tcpFlags & 0x12 == 0x02 && packets[index].protocolNumber == 6
      && startsNewConnection(place, packets, index)
  }

  /// Whether a flow that was quiet for a while has ended by its timeout or its state.
  ///
  /// Mutating: a table that is only borrowed is copied to be passed on.
  @inline(never)
  private mutating func hasExpired(_ place: Int, at time: Int64) -> Bool {
    let number = entries[place].endpoints.protocolNumber
    let idle = time &- entries[place].lastTime
    if let timeout = idleTimeout(number), idle > timeout { return true }
    let state = entries[place].state
    return number == 6 && (state.contains(.closed) || state.contains(.wasReset))
  }

  /// Whether a SYN opens another connection of the same five-tuple: it comes from a known side and
  /// its sequence number is not the one that opened the flow.
  @inline(never)
  private mutating func startsNewConnection(
    _ place: Int, _ packets: Span<DecodedPacket>, _ index: Int
  ) -> Bool {
    let entry = entries[place]
    let direction = entry.direction(of: packets[index])
    guard entry.knowsSequence(direction) else {
      return entry.state.contains(.closed) || entry.state.contains(.wasReset)
    }
    return origins[place].initialSequence[direction] != packets[index].sequenceNumber &+ 1
  }

  @inline(never)
  mutating func endReason(
    _ place: Int, _ packets: Span<DecodedPacket>, _ index: Int
  ) -> FlowEndReason {
    let state = entries[place].state
    if state.contains(.closed) { return .closed }
    if state.contains(.wasReset) { return .reset }
    return packets[index].tcpFlags & 0x12 == 0x02 && packets[index].protocolNumber == 6
      ? .newConnection : .idle
  }

  @inline(__always)
  private func idleTimeout(_ protocolNumber: UInt8) -> Int64? {
    let seconds: Int64? =
      switch protocolNumber {
      case 17, 132, 136: configuration.idleTimeouts.udp
      case 1, 58: configuration.idleTimeouts.icmp
      default: configuration.idleTimeouts.tcp
      }
    return seconds.map { $0 &* 1_000_000_000 }
  }

  @inline(never)
  mutating func end(
    _ place: Int, because reason: FlowEndReason, batch: borrowing PacketBatch, packet: Int,
    into events: inout [FlowEvent]
  ) {
    flushWaiting(place, packet: packet, into: &events)
    finish(place, because: reason)
    events.append(
      FlowEvent(
        kind: .ended, direction: .fromOriginator, source: .block,
        flow: UInt32(truncatingIfNeeded: place), packet: UInt32(truncatingIfNeeded: packet),
        offset: 0, length: 0, originalLength: 0, streamOffset: 0))
  }

  private mutating func finish(_ place: Int, because reason: FlowEndReason) {
    entries[place].state.insert(.hasEnded)
    origins[place].endReason = reason.code
    guard entries[place].state.contains(.hasTimeBins) else { return }
    let traffic = trafficIndex(place)
    traffics[traffic].returnCurrentBin()
    traffics[traffic].closeBurst(.fromOriginator)
    traffics[traffic].closeBurst(.fromResponder)
    finishRhythm(traffic: traffic)
  }

  /// Ends all flows that are still open: the capture is over.
  ///
  /// Segments that still wait are handed out with their gaps; `events` name packet 0. No packet may
  /// follow.
  package mutating func finish(into events: inout [FlowEvent]) {
    arena.removeAll(keepingCapacity: true)
    forgetKeys()
    for place in 0..<entries.count where !entries[place].state.contains(.hasEnded) {
      flushWaiting(place, packet: 0, into: &events)
      let state = entries[place].state
      finish(
        place,
        because: state.contains(.closed)
          ? .closed : state.contains(.wasReset) ? .reset : .endOfCapture)
    }
    // Nothing is measured any more, and what is judged next needs the room.
    rhythmRings = RhythmRings(maximum: 0)
  }

  /// Gives back the bytes that the events of `finish` pointed at.
  package mutating func forgetStreams() { arena = [] }

  /// How long after both ends have finished what was lost before may come again: the least time
  /// after which TCP repeats, RFC 6298 §2.4.
  private static var repetitionTime: Int64 { 1_000_000_000 }

  /// Whether nothing new is to come of a flow from `time` on, and none of its bytes wait: the next
  /// packet of its five-tuple starts another flow, or both its ends have finished.
  ///
  /// Who does not keep to TCP may send bytes after that.
  package mutating func isOver(_ flow: UInt32, at time: Int64) -> Bool {
    let place = Int(flow)
    guard place < entries.count else { return false }
    let state = entries[place].state
    guard !state.contains(.hasWaiting) else { return false }
    let idle = time &- entries[place].lastTime
    if state.contains(.closed), idle > Self.repetitionTime { return true }
    return entries[place].isIdle(at: time) && hasExpired(place, at: time)
  }
}
