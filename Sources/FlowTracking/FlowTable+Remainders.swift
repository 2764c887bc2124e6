// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import PacketDecoding

/// Flows beyond the bound (DESIGN.md §9): they are counted to remainders, which are entries of the
/// table like any flow's, so that no sum loses a byte.
///
/// A remainder stands for all flows of one inside host, one outside network, one protocol and one
/// port. No consumer sees its payload, and it is never over.
extension FlowTable {
  /// The remainder that a packet without a flow of its own is counted to.
  @inline(never)
  mutating func remainder(
    of packets: Span<DecodedPacket>, _ index: Int, _ batch: borrowing PacketBatch
  ) -> Int {
    foldedPackets.note(at: packets[index].time)
    let detailed = RemainderKey(packets[index])
    if let place = findRemainder(detailed) { return place }
    // Beyond the bound of remainders, one for each protocol.
    let hasRoom = remainderCount < limits.remainders
    let key = hasRoom ? detailed : RemainderKey(protocolNumber: packets[index].protocolNumber)
    if !hasRoom, let place = findRemainder(key) { return place }
    return appendRemainder(key, packets, index, batch)
  }

  private func remainderTag(_ key: RemainderKey) -> UInt64 {
    isDefended ? secrets.tag(key) : Self.tag(key.hash, seed)
  }

  private mutating func findRemainder(_ key: RemainderKey) -> Int? {
    let tag = remainderTag(key)
    var slot = Int(truncatingIfNeeded: tag)
    while true {
      let word = slots[slot]
      if word == 0 { return nil }
      if word >> 32 == tag {
        let place = Int(truncatingIfNeeded: word & 0xFFFF_FFFF) &- 1
        if key.isKey(of: entries[place]) { return place }
      }
      slot &+= 1
    }
  }

  private mutating func appendRemainder(
    _ key: RemainderKey, _ packets: Span<DecodedPacket>, _ index: Int,
    _ batch: borrowing PacketBatch
  ) -> Int {
    let packet = packets[index]
    var entry = FlowEntry(
      firstHigh: key.firstHigh, firstLow: key.firstLow, secondHigh: key.secondHigh,
      secondLow: key.secondLow, portsAndProtocol: key.portsAndProtocol)
    entry.state = .isRemainder
    // The side with the port that is kept answers.
    if key.isServiceFirst { entry.state.insert(.originatorIsSecond) }
    entry.interest = Directions(.none)
    remainderCount &+= 1
    let place = entries.append(entry)
    _ = origins.append(
      FlowOrigin(
        firstFrame: batch.frame(of: index),
        firstNumber: batch.firstNumber &+ UInt64(index), firstFile: batch.file,
        vlan: packet.vlan, tunnel: packet.tunnel,
        originatorBasis: OriginatorBasis.wellKnownPort.code,
        endReason: FlowEndReason.endOfCapture.code))
    insert(place, tag: remainderTag(key))
    return place
  }
}

/// What the flows of a remainder share.
struct RemainderKey {
  /// No packet's key has this bit: the VLAN lies above it and the protocol below.
  private static let mark: UInt64 = 1 << 15

  var firstHigh: UInt64 = 0
  var firstLow: UInt64 = 0
  var secondHigh: UInt64 = 0
  var secondLow: UInt64 = 0
  var portsAndProtocol: UInt64
  /// Whether the port that is kept belongs to the first endpoint.
  var isServiceFirst = false

  /// What flows of a protocol share when nothing else is told apart.
  init(protocolNumber: UInt8) {
    portsAndProtocol = UInt64(protocolNumber) | Self.mark
  }

  /// The key of a packet's remainder, the same in both directions: addresses that are nobody's own
  /// are kept, of others their network, and of the ports the smaller one.
  init(_ packet: DecodedPacket) {
    let first = Self.network(packet.firstHigh, packet.firstLow)
    let second = Self.network(packet.secondHigh, packet.secondLow)
    (firstHigh, firstLow) = first
    (secondHigh, secondLow) = second
    let firstPort = packet.portsAndProtocol >> 48
    let secondPort = packet.portsAndProtocol >> 32 & 0xFFFF
    isServiceFirst = firstPort < secondPort
    portsAndProtocol = packet.portsAndProtocol & 0xFFFF_FFFF | Self.mark
    portsAndProtocol |= isServiceFirst ? firstPort << 48 : secondPort << 32
  }

  /// An inside address, or the /24 or /48 of another one.
  ///
  /// Inside is what no one owns (RFC 1918, RFC 4193, RFC 3927, RFC 4291 §2.5.6): what the operator
  /// calls so is not known while packets run.
  private static func network(_ high: UInt64, _ low: UInt64) -> (UInt64, UInt64) {
    if high == 0, low >> 32 == 0xFFFF {
      let address = UInt32(truncatingIfNeeded: low)
      let isInside =
        address >> 24 == 10 || address >> 20 == 0xAC1 || address >> 16 == 0xC0A8
        || address >> 16 == 0xA9FE
      return (0, isInside ? low : low & ~0xFF)
    }
    let isInside = high >> 57 == 0xFC >> 1 || high >> 54 == 0xFE80 >> 6
    return isInside ? (high, low) : (high & ~0xFFFF, 0)
  }

  /// The hash by which it is found; the table adds its seed.
  var hash: UInt64 {
    var hash = portsAndProtocol
    for word in [firstHigh, firstLow, secondHigh, secondLow] {
      let product = (hash ^ word).multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
      hash = product.high ^ product.low &+ 0x9E37_79B9_7F4A_7C15
    }
    return hash
  }

  func isKey(of entry: borrowing FlowEntry) -> Bool {
    (firstHigh ^ entry.firstHigh) | (firstLow ^ entry.firstLow)
      | (secondHigh ^ entry.secondHigh) | (secondLow ^ entry.secondLow)
      | (portsAndProtocol ^ entry.portsAndProtocol) == 0
  }
}
