// SPDX-License-Identifier: Apache-2.0

/// A TCP connection from SYN to FIN that carries turns of talk, with an acknowledgment after
/// every second segment (RFC 9293 3.8.6.3) and at the end of each turn.
final class TCPConversation: Conversation {
  enum Content {
    case bytes([UInt8])
    /// Count of random bytes.
    case random(Int)
    /// TLS application data records (RFC 8446 5.1) of this many bytes in all, headers aside.
    case records(Int)
  }

  struct Turn {
    var sender: Direction
    var content: Content
    /// Microseconds between the end of the turn before and this one.
    var delay: Int
  }

  private enum Phase {
    case synchronize
    case synchronizeAcknowledge
    case acknowledge
    case turns
    case finish
    case finishAcknowledge
    case lastAcknowledge
  }

  private struct Side {
    var nextSequenceNumber: UInt32
    var timestampOffset: UInt32
    var lastTimestamp: UInt32 = 0
  }

  /// RFC 8446 5.2: 2^14 plus content type and tag.
  private static let recordLength = 16_384 + 17

  private let flow: Flow
  private let turns: [Turn]
  private let roundTrip: Int
  private let segmentSpacing: Int
  private let segmentLength: Int
  private var phase = Phase.synchronize
  private var sides: [Side]
  private var turn = 0
  /// Bytes of the turn's content already sent.
  private var offset = 0
  private var recordRemaining = 0
  private var unacknowledgedSegments = 0
  private var owesAcknowledgment = false

  /// A connection whose `roundTrip` and `segmentSpacing` (between segments of one turn) are in
  /// microseconds.
  init(
    flow: Flow, turns: [Turn], roundTrip: Int, segmentSpacing: Int, random: inout SplitMix64
  ) {
    self.flow = flow
    self.turns = turns
    self.roundTrip = roundTrip
    self.segmentSpacing = segmentSpacing
    segmentLength = flow.endpoints[0].address.isIPv6 ? 1_428 : 1_448
    sides = [random.next(), random.next()].map {
      Side(
        nextSequenceNumber: UInt32(truncatingIfNeeded: $0),
        timestampOffset: UInt32(truncatingIfNeeded: $0 >> 32))
    }
  }

  private func begin(
    _ direction: Direction, flags: UInt8, at time: UInt64, frame: FrameBuilder
  ) {
    let own = direction.rawValue
    let peer = direction.reversed.rawValue
    let value = sides[own].timestampOffset &+ UInt32(truncatingIfNeeded: time / 1000)
    sides[own].lastTimestamp = value
    let acknowledges = flags & 0x10 != 0
    frame.beginTCP(
      flow, direction,
      FrameBuilder.TCPFields(
        sequenceNumber: sides[own].nextSequenceNumber,
        acknowledgmentNumber: acknowledges ? sides[peer].nextSequenceNumber : 0, flags: flags,
        window: flags & 0x02 != 0 ? 64_240 : 502, timestampValue: value,
        timestampEcho: acknowledges ? sides[peer].lastTimestamp : 0))
    // SYN and FIN take one sequence number each.
    if flags & 0x03 != 0 { sides[own].nextSequenceNumber &+= 1 }
  }

  func step(at time: UInt64, _ network: Network) throws(FileError) -> UInt64? {
    let frame = network.frame
    let delay: Int?
    switch phase {
    case .synchronize:
      begin(.fromOriginator, flags: 0x02, at: time, frame: frame)
      phase = .synchronizeAcknowledge
      delay = roundTrip
    case .synchronizeAcknowledge:
      begin(.fromResponder, flags: 0x12, at: time, frame: frame)
      phase = .acknowledge
      delay = 60
    case .acknowledge:
      begin(.fromOriginator, flags: 0x10, at: time, frame: frame)
      phase = turns.isEmpty ? .finish : .turns
      delay = turns.first?.delay ?? roundTrip
    case .turns:
      delay = stepTurn(at: time, frame, &network.random)
    case .finish:
      begin(.fromOriginator, flags: 0x11, at: time, frame: frame)
      phase = .finishAcknowledge
      delay = roundTrip
    case .finishAcknowledge:
      begin(.fromResponder, flags: 0x11, at: time, frame: frame)
      phase = .lastAcknowledge
      delay = 50
    case .lastAcknowledge:
      begin(.fromOriginator, flags: 0x10, at: time, frame: frame)
      delay = nil
    }
    try network.send(flow, at: time)
    return delay.map { time + UInt64(max($0, 1)) }
  }

  private func stepTurn(
    at time: UInt64, _ frame: FrameBuilder, _ random: inout SplitMix64
  ) -> Int {
    let current = turns[turn]
    if owesAcknowledgment {
      begin(current.sender.reversed, flags: 0x10, at: time, frame: frame)
      owesAcknowledgment = false
      unacknowledgedSegments = 0
      guard isAtEnd(current) else { return segmentSpacing }
      turn += 1
      offset = 0
      guard turn < turns.count else {
        phase = .finish
        return roundTrip
      }
      return turns[turn].delay
    }
    // PSH goes with the last segment of a turn; it is known before the bytes are.
    let remaining = length(current) - offset
    begin(
      current.sender, flags: remaining <= segmentLength ? 0x18 : 0x10, at: time, frame: frame)
    switch current.content {
    case .bytes(let bytes):
      let end = min(offset + segmentLength, bytes.count)
      frame.append(bytes[offset..<end])
      offset = end
    case .random(let count):
      let sent = min(segmentLength, count - offset)
      frame.appendRandom(sent, random: &random)
      offset += sent
    case .records(let count):
      appendRecords(count, frame, &random)
    }
    sides[current.sender.rawValue].nextSequenceNumber &+= UInt32(frame.payloadLength)
    unacknowledgedSegments += 1
    owesAcknowledgment = unacknowledgedSegments == 2 || isAtEnd(current)
    return owesAcknowledgment ? 40 + random.below(120) : segmentSpacing
  }

  private func length(_ turn: Turn) -> Int {
    switch turn.content {
    case .bytes(let bytes): bytes.count
    case .random(let count), .records(let count): count
    }
  }

  private func isAtEnd(_ turn: Turn) -> Bool { offset >= length(turn) }

  private func appendRecords(_ count: Int, _ frame: FrameBuilder, _ random: inout SplitMix64) {
    var room = segmentLength
    // A record header is never cut in two: the segment ends early instead.
    while offset < count, recordRemaining > 0 || room > 5 {
      if recordRemaining == 0 {
        recordRemaining = min(Self.recordLength, count - offset)
        frame.append([0x17, 0x03, 0x03])
        frame.append16(UInt16(recordRemaining))
        room -= 5
      }
      let part = min(room, recordRemaining)
      guard part > 0 else { break }
      frame.appendRandom(part, random: &random)
      room -= part
      recordRemaining -= part
      offset += part
    }
  }
}
