// SPDX-License-Identifier: Apache-2.0

/// What fragments of one datagram share
/// ([RFC 791 §3.2](https://www.rfc-editor.org/rfc/rfc791#section-3.2),
/// [RFC 8200 §4.5](https://www.rfc-editor.org/rfc/rfc8200#section-4.5): IPv6 leaves out the
/// protocol).
struct DatagramKey: Hashable, Sendable {
  let sourceHigh: UInt64
  let sourceLow: UInt64
  let destinationHigh: UInt64
  let destinationLow: UInt64
  let identification: UInt32
  let protocolNumber: UInt8
  let vlan: UInt16

  init(_ packet: DecodedPacket, includesVLAN: Bool) {
    var packet = packet
    packet.restoreDirection()
    sourceHigh = packet.firstHigh
    sourceLow = packet.firstLow
    destinationHigh = packet.secondHigh
    destinationLow = packet.secondLow
    identification = packet.identification
    let isIPv4 = IPAddress(high: sourceHigh, low: sourceLow).isIPv4
    protocolNumber = isIPv4 ? packet.protocolNumber : 0
    vlan = includesVLAN ? packet.vlan : DecodedPacket.noVLAN
  }
}

/// A datagram of which fragments are still missing.
struct Datagram: Sendable {
  /// Ports by direction.
  struct Ports: Sendable {
    let source: UInt16
    let destination: UInt16
  }

  /// A piece that arrived: its place on the wire and how far it was captured.
  struct Piece: Sendable {
    var start: Int
    var end: Int
    var capturedEnd: Int
  }

  let serial: UInt64
  let firstTime: Int64
  /// The bytes at their places; what was not captured is zero.
  private(set) var bytes: [UInt8] = []
  /// Pieces in order of place, without overlaps.
  private(set) var pieces: [Piece] = []
  /// Number of bytes that the pieces cover.
  private var coveredLength = 0
  /// Whether the fragment with the transport header has arrived.
  private(set) var hasFirst = false
  /// Length, once the last fragment has said it.
  private(set) var totalLength: Int?
  /// Ports of the first fragment, once it has arrived; 0 for protocols without ports.
  private(set) var ports: Ports?
  /// The transport, as the first fragment to arrive says, or the datagram's first one.
  private(set) var protocolNumber: UInt8
  /// Whether the datagram may hold another packet, so that its flow is known only at the end.
  private(set) var isTunnel = false
  /// Fragments that the finished datagram, or the first fragment, will count for.
  private(set) var heldPackets: UInt16 = 0
  private(set) var heldBytes: UInt32 = 0

  init(serial: UInt64, firstTime: Int64, _ packet: DecodedPacket) {
    self.serial = serial
    self.firstTime = firstTime
    protocolNumber = packet.protocolNumber
    isTunnel = Tunnels.mayCarry(
      ipProtocol: packet.protocolNumber, sourcePort: 0, destinationPort: 0)
    if !isTunnel, !IPProtocols.hasPorts(packet.protocolNumber) {
      ports = Ports(source: 0, destination: 0)
    }
  }

  /// Whether every byte up to the end has arrived.
  var isComplete: Bool {
    guard let totalLength, coveredLength >= totalLength else { return false }
    var end = 0
    for piece in pieces {
      guard piece.start <= end else { return false }
      end = piece.end
    }
    return end >= totalLength
  }

  /// Number of bytes of memory that count against `MemoryLimits.fragmentBytes`.
  var storedByteCount: Int { bytes.count &+ pieces.count &* MemoryLayout<Piece>.stride }

  /// Number of bytes from the start that were captured without a hole.
  var capturedPrefix: Int {
    var end = 0
    for piece in pieces {
      guard piece.start == end else { break }
      end = piece.capturedEnd
      if piece.capturedEnd < piece.end { break }
    }
    return min(end, totalLength ?? end, bytes.count)
  }

  /// Takes the flow from the fragment that holds the transport header.
  mutating func learn(_ packet: DecodedPacket) {
    hasFirst = true
    let known = packet.ports
    ports = Ports(source: known.source, destination: known.destination)
    protocolNumber = packet.protocolNumber
    isTunnel = Tunnels.mayCarry(
      ipProtocol: protocolNumber, sourcePort: known.source, destinationPort: known.destination)
  }

  /// Adds the bytes that no earlier fragment has brought.
  ///
  /// - Complexity: O(pieces + bytes).
  mutating func add(_ data: Span<UInt8>, at offset: Int, wireLength: Int, isLast: Bool) {
    if isLast, totalLength == nil { totalLength = offset &+ wireLength }
    var start = offset
    let end = offset &+ wireLength
    var index = 0
    while start < end {
      while index < pieces.count, pieces[index].end <= start { index &+= 1 }
      if index < pieces.count, pieces[index].start <= start {
        start = pieces[index].end
        continue
      }
      let limit = index < pieces.count ? min(end, pieces[index].start) : end
      let captured = min(max(offset &+ data.count, start), limit)
      insert(data, from: start &- offset, to: captured &- offset, at: start)
      pieces.insert(Piece(start: start, end: limit, capturedEnd: captured), at: index)
      coveredLength &+= limit &- start
      start = limit
    }
  }

  private mutating func insert(_ data: Span<UInt8>, from: Int, to: Int, at place: Int) {
    guard from < to else { return }
    let end = place &+ to &- from
    if bytes.count < end {
      bytes.append(contentsOf: repeatElement(0, count: end &- bytes.count))
    }
    for index in from..<to { bytes[place &+ index &- from] = data[index] }
  }

  /// Gives a fragment its flow, or holds it until the flow is known.
  mutating func count(_ packet: inout DecodedPacket, includesVLAN: Bool) {
    guard let ports, !isTunnel else {
      packet.flags.insert(.isHeldFragment)
      heldPackets.add(1)
      heldPackets.add(packet.extraPackets)
      heldBytes.add(packet.originalLength)
      heldBytes.add(packet.extraBytes)
      packet.extraPackets = 0
      packet.extraBytes = 0
      return
    }
    packet.setPorts(ports, includesVLAN: includesVLAN)
    handOver(to: &packet)
    heldPackets = 0
    heldBytes = 0
  }

  /// Lets `packet` count for what is held.
  func handOver(to packet: inout DecodedPacket) {
    packet.extraPackets.add(heldPackets)
    packet.extraBytes.add(heldBytes)
  }
}

extension FixedWidthInteger {
  /// Adds without passing the largest value.
  fileprivate mutating func add(_ other: Self) {
    let (sum, overflow) = addingReportingOverflow(other)
    self = overflow ? .max : sum
  }
}

extension DecodedPacket {
  /// Puts a fragment into the flow of its datagram.
  mutating func setPorts(_ ports: Datagram.Ports, includesVLAN: Bool) {
    restoreDirection()
    orderKey(sourcePort: ports.source, destinationPort: ports.destination)
    if includesVLAN { addVLANToKey() }
  }
}

/// Keys in the order in which they were added.
struct AgeQueue: Sendable {
  private var entries: [(key: DatagramKey, serial: UInt64)] = []
  private var head = 0

  /// Number of entries, stale ones included.
  var count: Int { entries.count - head }

  /// The oldest entry.
  var first: (key: DatagramKey, serial: UInt64)? {
    head < entries.count ? entries[head] : nil
  }

  mutating func append(_ key: DatagramKey, _ serial: UInt64) {
    entries.append((key, serial))
  }

  /// Drops the entries that are stale, once there are many more than can be live.
  ///
  /// - Complexity: O(1) an entry that was added.
  mutating func compact(above count: Int, keeping isLive: (DatagramKey, UInt64) -> Bool) {
    guard entries.count &- head > count else { return }
    entries = entries[head...].filter { isLive($0.key, $0.serial) }
    head = 0
  }

  mutating func popFirst() -> (key: DatagramKey, serial: UInt64)? {
    guard head < entries.count else { return nil }
    let entry = entries[head]
    head &+= 1
    // Half of the array is spent: moving the rest costs O(1) an entry.
    if head > 64, head &* 2 > entries.count {
      entries.removeFirst(head)
      head = 0
    }
    return entry
  }
}
