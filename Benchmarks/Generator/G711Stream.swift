// SPDX-License-Identifier: Apache-2.0

/// One direction of a telephone call: G.711 in 20 ms packets,
/// [RFC 3551](https://www.rfc-editor.org/rfc/rfc3551) 4.5.14.
final class G711Stream: Conversation {
  private static let samplesPerPacket = 160
  private static let interval: UInt64 = 20_000
  private static let keptAtStart = 10

  private let flow: Flow
  private let direction: Direction
  private let index: Int
  private let ssrc: UInt32
  private let payloadType: UInt8
  private let packetGoal: Int
  private let start: UInt64
  private var sequenceNumber: UInt16
  private var timestamp: UInt32
  private var sentPackets = 0

  init(
    flow: Flow, direction: Direction, index: Int, ssrc: UInt32, payloadType: UInt8,
    packetGoal: Int, start: UInt64, random: inout SplitMix64
  ) {
    self.flow = flow
    self.direction = direction
    self.index = index
    self.ssrc = ssrc
    self.payloadType = payloadType
    self.packetGoal = packetGoal
    self.start = start
    let word = random.next()
    sequenceNumber = UInt16(truncatingIfNeeded: word)
    timestamp = UInt32(truncatingIfNeeded: word >> 32)
  }

  func step(at time: UInt64, _ network: Network) throws(FileError) -> UInt64? {
    let frame = network.frame
    frame.beginUDP(flow, direction)
    frame.append(0x80)
    frame.append(payloadType | (sentPackets == 0 ? 0x80 : 0))
    frame.append16(sequenceNumber)
    frame.append32(timestamp)
    frame.append32(ssrc)
    frame.appendRandom(Self.samplesPerPacket, random: &network.random)
    sequenceNumber &+= 1
    timestamp &+= UInt32(Self.samplesPerPacket)
    sentPackets += 1
    let isLast = sentPackets == packetGoal
    let fate = try network.send(
      flow, at: time, mayBeLost: sentPackets > Self.keptAtStart && !isLast)
    network.truth.streams[index].count(fate, payloadBytes: Self.samplesPerPacket, at: time)
    guard !isLast else { return nil }
    let due = start + UInt64(sentPackets) * Self.interval
    return max(due + UInt64(network.random.below(1_500)), time + 60)
  }
}
