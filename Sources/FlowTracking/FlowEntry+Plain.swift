// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// What a plain packet asks for.
enum PlainPacket {
  /// The packet is not plain: nothing was counted.
  case notPlain
  /// It was counted and that is all.
  case counted
  /// It was counted, and a consumer wants its payload.
  case wanted
}

/// The shortcut for what nearly every packet is: neither the first of its direction nor joined of
/// fragments; of TCP the segment that was expected, without SYN, FIN or RST.
///
/// It counts what `FlowTable.updateAny` counts, in a third of the instructions, because it
/// looks the entry up once and its direction up once.
extension FlowEntry {
  /// TCP flags that are not plain: RST, SYN, FIN.
  private static var controlFlags: UInt8 { 0x07 }
  static var acknowledgmentFlag: UInt8 { 0x10 }

  /// Counts a plain packet.
  @inline(__always)
  mutating func countPlain(
    _ packets: Span<DecodedPacket>, _ index: Int, _ direction: FlowDirection
  ) -> PlainPacket {
    switch direction {
    case .fromOriginator:
      Self.countPlain(
        packets, index, known: .originatorSequenceKnown, historyShift: 0, state, historySeen,
        interest.originator, last: &lastTime.originator, wire: &wireBytes.originator,
        payload: &payloadBytes.originator, number: &self.packets.originator,
        next: &nextSequence.originator, tcpFlags: &tcpFlags.originator, cut: &truncatedPackets)
    case .fromResponder:
      Self.countPlain(
        packets, index, known: .responderSequenceKnown, historyShift: 1, state, historySeen,
        interest.responder, last: &lastTime.responder, wire: &wireBytes.responder,
        payload: &payloadBytes.responder, number: &self.packets.responder,
        next: &nextSequence.responder, tcpFlags: &tcpFlags.responder, cut: &truncatedPackets)
    }
  }

  @inline(__always)
  private static func countPlain(
    _ packets: Span<DecodedPacket>, _ index: Int, known: FlowState, historyShift: UInt32,
    _ state: FlowState,
    _ historySeen: UInt32, _ interest: FlowInterest, last: inout Int64, wire: inout UInt64,
    payload: inout UInt64, number: inout UInt32, next: inout UInt32, tcpFlags: inout UInt8,
    cut: inout UInt32
  ) -> PlainPacket {
    let length = packets[index].payloadLength
    guard last != .min, number != .max,
      !packets[index].has(PacketBits.isFragment | PacketBits.isJoined)
    else { return .notPlain }
    let isTruncated = packets[index].has(PacketBits.isTruncated)
    if packets[index].protocolNumber == 6 {
      let flags = packets[index].tcpFlags
      let letter: ConnectionHistory.Letter = length > 0 ? .data : .acknowledgment
      let bit = 1 as UInt32 &<< (UInt32(letter.rawValue) &* 2 &+ historyShift)
      guard packets[index].has(PacketBits.hasTransportHeader),
        flags & (controlFlags | acknowledgmentFlag) == acknowledgmentFlag,
        packets[index].window != 0,
        historySeen & bit != 0,
        state.rawValue & (known.rawValue | FlowState.hasWaiting.rawValue)
          == known.rawValue
      else { return .notPlain }
      if length > 0 {
        // A consumer must be told of what the snap length cut off.
        let isWhole = packets[index].payloadCapturedLength == length
        guard packets[index].sequenceNumber == next, isWhole || interest == .none else {
          return .notPlain
        }
        next = next &+ length
      }
      tcpFlags |= flags
    }
    number &+= 1
    wire &+= UInt64(packets[index].originalLength)
    payload &+= UInt64(length)
    if packets[index].time > last { last = packets[index].time }
    if isTruncated { cut &+= 1 }
    guard length > 0, interest != .none else { return .counted }
    switch packets[index].protocolNumber {
    case 6, 17, 136: return .wanted
    default: return .counted
    }
  }

  /// Whether the direction of the packet just counted has carried enough that its seconds are kept.
  @inline(__always)
  func isHeavy(_ direction: FlowDirection, threshold: UInt64) -> Bool {
    state.contains(.hasTimeBins)
      || payloadBytes[direction] >= threshold && !state.contains(.isRemainder)
  }
}

/// The second shortcut: packets in order that begin something, such as a direction, a connection or
/// its end. One in two of a capture of short connections is one.
extension FlowEntry {
  private static var fin: UInt8 { 0x01 }
  private static var syn: UInt8 { 0x02 }
  private static var reset: UInt8 { 0x04 }

  /// Counts a packet in order.
  ///
  /// `bytes` are those of the block.
  mutating func countOrdered(
    _ packets: Span<DecodedPacket>, _ index: Int, _ direction: FlowDirection,
    _ origin: inout FlowOrigin, bytes: Span<UInt8>, _ batch: borrowing PacketBatch
  ) -> PlainPacket {
    let length = packets[index].payloadLength
    guard self.packets[direction] != .max,
      !packets[index].has(PacketBits.isFragment | PacketBits.isJoined)
    else { return .notPlain }
    // A remainder has no sequence of its own.
    let isSegment =
      packets[index].protocolNumber == 6 && packets[index].has(PacketBits.hasTransportHeader)
      && !state.contains(.isRemainder)
    if isSegment {
      guard countSegment(packets, index, direction, &origin) else { return .notPlain }
    }
    let time = packets[index].time
    if lastTime[direction] == .min {
      origin.link[direction] = batch.link(packets, index, bytes)
      if time > .min { origin.firstTime[direction] = time }
    }
    if time > lastTime[direction] { lastTime[direction] = time }
    self.packets[direction] &+= 1
    wireBytes[direction] &+= UInt64(packets[index].originalLength)
    payloadBytes[direction] &+= UInt64(length)
    if packets[index].has(PacketBits.isTruncated) { truncatedPackets &+= 1 }
    guard length > 0, interest[direction] != .none else { return .counted }
    switch packets[index].protocolNumber {
    case 6: return isSegment ? .wanted : .counted
    case 17, 136: return .wanted
    default: return .counted
    }
  }

  /// Follows the sequence numbers of a segment in order; `false` when it is not, with nothing
  /// changed.
  @inline(__always)
  private mutating func countSegment(
    _ packets: Span<DecodedPacket>, _ index: Int, _ direction: FlowDirection,
    _ origin: inout FlowOrigin
  ) -> Bool {
    let flags = packets[index].tcpFlags
    let length = packets[index].payloadLength
    let knows = knowsSequence(direction)
    var sequence = packets[index].sequenceNumber
    guard !state.contains(.hasWaiting), packets[index].window != 0 || flags & 0x07 != 0 else {
      return false
    }
    if length > 0 {
      let isWhole = packets[index].payloadCapturedLength == length || interest[direction] == .none
      guard flags & Self.syn == 0, isWhole, !knows || sequence == nextSequence[direction] else {
        return false
      }
    }
    if flags & 0x07 != 0 {
      noteControl(flags, direction, &origin)
    } else if length == 0, flags & Self.acknowledgmentFlag != 0 {
      note(.acknowledgment, direction, &origin)
    }
    if length > 0 { note(.data, direction, &origin) }
    tcpFlags[direction] |= flags
    if flags & Self.syn != 0 { sequence = sequence &+ 1 }
    if !knows {
      if length == 0, flags & (Self.syn | Self.fin | Self.acknowledgmentFlag) == 0 { return true }
      state.insert(
        direction == .fromOriginator ? .originatorSequenceKnown : .responderSequenceKnown)
      origin.initialSequence[direction] = sequence
      nextSequence[direction] = sequence
    }
    let end = sequence &+ length
    if length > 0 { nextSequence[direction] = end }
    if flags & Self.fin != 0 {
      if end == nextSequence[direction] { nextSequence[direction] = end &+ 1 }
      state.insert(direction == .fromOriginator ? .originatorFinished : .responderFinished)
    }
    if flags & Self.reset != 0 { state.insert(.wasReset) }
    return true
  }

  /// Notes a letter of the flow's history the first time it occurs in a direction.
  @inline(__always)
  mutating func note(
    _ letter: ConnectionHistory.Letter, _ direction: FlowDirection, _ origin: inout FlowOrigin
  ) {
    let bit = ConnectionHistory.bit(letter, direction)
    guard historySeen & bit == 0 else { return }
    historySeen |= bit
    origin.history.append(letter, direction)
  }

  /// Notes the letters of SYN, FIN and RST.
  @inline(__always)
  mutating func noteControl(
    _ flags: UInt8, _ direction: FlowDirection, _ origin: inout FlowOrigin
  ) {
    if flags & (Self.syn | Self.reset) == Self.syn | Self.reset {
      note(.inconsistent, direction, &origin)
    } else if flags & (Self.syn | Self.fin) == Self.syn | Self.fin {
      note(.multipleFlags, direction, &origin)
    } else if flags & Self.syn != 0 {
      note(flags & Self.acknowledgmentFlag != 0 ? .synAck : .syn, direction, &origin)
    }
    if flags & (Self.syn | Self.fin) == Self.fin { note(.fin, direction, &origin) }
    if flags & (Self.syn | Self.reset) == Self.reset { note(.reset, direction, &origin) }
  }
}

extension PacketBatch {
  /// `FlowOrigin.link` of a packet's sender; `bytes` are those of the block.
  @inline(__always)
  func link(_ packets: Span<DecodedPacket>, _ index: Int, _ bytes: Span<UInt8>) -> UInt64 {
    var address = FlowOrigin.noLink
    let start = Int(packets[index].recordOffset) &+ Int(packets[index].macOffset)
    let end = Int(packets[index].recordOffset) &+ Int(packets[index].capturedLength)
    if packets[index].has(PacketBits.hasWirelessHeader) {
      if let source = macAddresses(index)?.source { address = source.bits << 16 }
    } else if packets[index].macOffset != 0xFFFF, start &+ 12 <= end, end <= bytes.count {
      let header = bytes.extracting(start..<start &+ 12)
      address = 0
      for offset in 6..<12 { address = address << 8 | UInt64(header[offset]) }
      address <<= 16
    }
    return address & ~0xFFFF | UInt64(packets[index].timeToLive) << 8
      | UInt64(packets[index].trafficClass)
  }
}
