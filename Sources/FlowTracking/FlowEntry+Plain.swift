// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// What became of a packet that an entry was offered.
struct PacketOutcome: OptionSet, BitwiseCopyable {
  let rawValue: UInt8

  /// The packet was counted; where not, nothing was changed.
  static let isCounted = PacketOutcome(rawValue: 1 << 0)
  /// A consumer wants the payload of the packet counted.
  static let isWanted = PacketOutcome(rawValue: 1 << 1)
  /// The flow's seconds are kept, or have to be from now on.
  static let isHeavy = PacketOutcome(rawValue: 1 << 2)
  /// The packet is of another flow.
  static let isStranger = PacketOutcome(rawValue: 1 << 3)
  /// The flow may have been over before the packet.
  static let mayBeOver = PacketOutcome(rawValue: 1 << 4)
  /// The direction's number of packets began again at 0.
  static let hasWrapped = PacketOutcome(rawValue: 1 << 5)
  /// The packet is the first of its direction.
  static let isFirst = PacketOutcome(rawValue: 1 << 6)
  /// The packet has the first payload of its TCP flow.
  static let isFirstPayload = PacketOutcome(rawValue: 1 << 7)

  /// Whether any of the outcomes is among these.
  @inline(__always)
  func includes(_ other: PacketOutcome) -> Bool { rawValue & other.rawValue != 0 }
}

/// The shortcut for what nearly every packet is: neither joined of fragments nor, of TCP, out of
/// order or cut where someone follows the bytes.
///
/// It counts what `FlowTable.updateAny` counts, in a third of the instructions, because it
/// looks the entry up once and its direction up once.
extension FlowEntry {
  private static var fin: UInt8 { 0x01 }
  private static var syn: UInt8 { 0x02 }
  private static var reset: UInt8 { 0x04 }
  private static var acknowledgment: UInt8 { 0x10 }
  /// TCP flags that begin or end something: RST, SYN, FIN.
  private static var controlFlags: UInt8 { 0x07 }

  /// What a packet is to the entry that it is offered.
  @inline(__always)
  func outcome(of packets: Span<DecodedPacket>, _ index: Int) -> PacketOutcome {
    guard packets[index].hasKey(of: self) else { return .isStranger }
    let isOpening = packets[index].tcpFlags & 0x12 == 0x02
    return isOpening || isIdle(at: packets[index].time) ? .mayBeOver : []
  }

  /// Counts a packet of this flow that is no copy, if it is in order.
  ///
  /// `origins[place]` is the entry's.
  @inline(__always)
  mutating func count(
    _ packets: Span<DecodedPacket>, _ index: Int, _ origins: inout Slabs<FlowOrigin>, _ place: Int,
    threshold: UInt64
  ) -> PacketOutcome {
    guard !packets[index].has(PacketBits.isFragment | PacketBits.isJoined) else { return [] }
    let direction = direction(of: packets[index])
    let length = packets[index].payloadLength
    var outcome = PacketOutcome.isCounted
    var isStream = true
    if packets[index].protocolNumber == 6, !countPlainSegment(packets, index, direction) {
      if length >= FirstPayload.minimumSegment, historySeen & ConnectionHistory.dataBits == 0 {
        outcome.insert(.isFirstPayload)
      }
      // A remainder has no sequence of its own.
      isStream =
        packets[index].has(PacketBits.hasTransportHeader) && !state.contains(.isRemainder)
      if isStream {
        guard countSegment(packets, index, direction, &origins, place) else { return [] }
      }
    }
    let time = packets[index].time
    if sides[direction].lastTime == .min { outcome.insert(.isFirst) }
    if time > sides[direction].lastTime { sides[direction].lastTime = time }
    let payloadBytes = sides[direction].payloadBytes &+ UInt64(length)
    sides[direction].payloadBytes = payloadBytes
    sides[direction].wireBytes &+= UInt64(packets[index].originalLength)
    sides[direction].packets &+= 1
    if sides[direction].packets == 0 { outcome.insert(.hasWrapped) }
    truncatedPackets &+= packets[index].has(PacketBits.isTruncated) ? 1 : 0
    if state.contains(.hasTimeBins) || payloadBytes >= threshold && !state.contains(.isRemainder) {
      outcome.insert(.isHeavy)
    }
    if length > 0, interest[direction] != .none, isStream, packets[index].carriesPayload {
      outcome.insert(.isWanted)
    }
    return outcome
  }

  /// Whether the direction of the packet just counted has carried enough that its seconds are kept.
  func isHeavy(_ direction: FlowDirection, threshold: UInt64) -> Bool {
    state.contains(.hasTimeBins)
      || sides[direction].payloadBytes >= threshold && !state.contains(.isRemainder)
  }

  /// Follows a segment that begins and ends nothing; `false` when it does, or is not in order, with
  /// nothing changed.
  @inline(__always)
  private mutating func countPlainSegment(
    _ packets: Span<DecodedPacket>, _ index: Int, _ direction: FlowDirection
  ) -> Bool {
    let length = packets[index].payloadLength
    let flags = packets[index].tcpFlags
    let letter: ConnectionHistory.Letter = length > 0 ? .data : .acknowledgment
    let known = FlowState.sequenceKnown(direction).rawValue
    guard packets[index].has(PacketBits.hasTransportHeader),
      flags & (Self.controlFlags | Self.acknowledgment) == Self.acknowledgment,
      packets[index].window != 0,
      historySeen & ConnectionHistory.bit(letter, direction) != 0,
      state.rawValue & (known | FlowState.hasWaiting.rawValue) == known
    else { return false }
    if length > 0 {
      // A consumer must be told of what the snap length cut off.
      let isWhole = packets[index].payloadCapturedLength == length
      guard packets[index].sequenceNumber == sides[direction].nextSequence,
        isWhole || interest[direction] == .none
      else { return false }
      sides[direction].nextSequence &+= length
    }
    tcpFlags[direction] |= flags
    return true
  }

  /// Follows the sequence numbers of a segment in order; `false` when it is not, with nothing
  /// changed.
  @inline(__always)
  private mutating func countSegment(
    _ packets: Span<DecodedPacket>, _ index: Int, _ direction: FlowDirection,
    _ origins: inout Slabs<FlowOrigin>, _ place: Int
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
      guard flags & Self.syn == 0, isWhole, !knows || sequence == sides[direction].nextSequence
      else {
        return false
      }
    }
    switch flags & 0x17 {
    case Self.acknowledgment:
      if length == 0 { note(.acknowledgment, direction, &origins[place]) }
    case Self.syn: note(.syn, direction, &origins[place])
    case Self.syn | Self.acknowledgment: note(.synAck, direction, &origins[place])
    case Self.fin, Self.fin | Self.acknowledgment: note(.fin, direction, &origins[place])
    case Self.reset, Self.reset | Self.acknowledgment: note(.reset, direction, &origins[place])
    default: noteControl(flags, direction, &origins[place])
    }
    if length > 0 { note(.data, direction, &origins[place]) }
    tcpFlags[direction] |= flags
    if flags & Self.syn != 0 { sequence = sequence &+ 1 }
    if !knows {
      if length == 0, flags & (Self.syn | Self.fin | Self.acknowledgment) == 0 { return true }
      state.insert(.sequenceKnown(direction))
      origins[place].initialSequence[direction] = sequence
      sides[direction].nextSequence = sequence
    }
    let end = sequence &+ length
    if length > 0 { sides[direction].nextSequence = end }
    if flags & Self.fin != 0 {
      if end == sides[direction].nextSequence { sides[direction].nextSequence = end &+ 1 }
      state.insert(.finished(direction))
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
  @inline(never)
  mutating func noteControl(
    _ flags: UInt8, _ direction: FlowDirection, _ origin: inout FlowOrigin
  ) {
    if flags & (Self.syn | Self.reset) == Self.syn | Self.reset {
      note(.inconsistent, direction, &origin)
    } else if flags & (Self.syn | Self.fin) == Self.syn | Self.fin {
      note(.multipleFlags, direction, &origin)
    } else if flags & Self.syn != 0 {
      note(flags & Self.acknowledgment != 0 ? .synAck : .syn, direction, &origin)
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
      // The last two bytes of the destination's address and the source's.
      address = bytes.bigEndian64(at: start &+ 4) &<< 16
    }
    return address & ~0xFFFF | UInt64(packets[index].timeToLive) << 8
      | UInt64(packets[index].trafficClass)
  }
}
