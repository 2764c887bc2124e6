// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// Joins IP fragments in the order of the capture
/// ([RFC 791 §3.2](https://www.rfc-editor.org/rfc/rfc791#section-3.2),
/// [RFC 8200 §4.5](https://www.rfc-editor.org/rfc/rfc8200#section-4.5)).
///
/// The fragment that completes a datagram becomes the datagram: its transport, ports and payload,
/// which lies in `PacketBatch.joined`. The others keep their packet and bytes, but no payload.
/// Where bytes overlap, the first arrival wins.
///
/// A fragment whose ports are not known yet, or whose datagram may be a tunnel's, is held: the
/// first fragment, or the finished datagram, counts for it. What is held when a datagram is given
/// up is in `incompleteFragments`.
package struct Defragmenter: Sendable {
  /// How long a datagram may take, in nanoseconds of capture time (DESIGN.md §9;
  /// [RFC 1122 §3.3.2](https://www.rfc-editor.org/rfc/rfc1122#section-3.3.2) has 60 s at most).
  static let timeout: Int64 = 30_000_000_000
  /// How long after a datagram was finished its fragments are taken as copies: the window of the
  /// duplicate detector (DESIGN.md §3, FlowTracking).
  static let copyWindow: Int64 = 200_000_000
  /// The longest datagram, by the length fields of IPv4 and IPv6.
  static let maximumDatagramLength = 65_535

  private let decoder: PacketDecoder
  /// Most datagrams under way; the oldest leaves first.
  private let maximumDatagrams: Int
  /// Most bytes of datagrams under way.
  private let maximumByteCount: Int
  private var datagrams: [DatagramKey: Datagram] = [:]
  /// The keys in order of their first fragment; a key whose serial differs is stale.
  private var order = AgeQueue()
  private var finished: [DatagramKey: FinishedDatagram] = [:]
  private var finishedOrder = AgeQueue()
  private var serial: UInt64 = 0
  private var storedBytes = 0

  /// Number of fragments that belong to no flow, because their datagram was never complete.
  package private(set) var incompleteFragments: UInt64 = 0
  /// Their bytes on the wire.
  package private(set) var incompleteBytes: UInt64 = 0

  /// Datagrams that were given up, whether their fragments belong to a flow or not.
  package private(set) var incompleteDatagrams: UInt64 = 0

  /// Those of them that were given up because too many were under way.
  package private(set) var crowdedOut = BoundCount()

  /// Number of entries in both queues, for tests of the bounds.
  var queueLength: Int { order.count + finishedOrder.count }

  /// Makes a defragmenter whose joined datagrams are decoded as by `decoder`.
  package init(decoder: PacketDecoder, limits: MemoryLimits = .standard) {
    self.decoder = decoder
    maximumDatagrams = limits.fragmentedDatagrams
    maximumByteCount = limits.fragmentBytes
  }

  /// Joins the fragments of a batch with those of the batches before it.
  ///
  /// - Complexity: O(1) for a batch without fragments; else O(packets + bytes of fragments).
  package mutating func process(_ batch: inout PacketBatch) {
    guard batch.hasFragments else { return }
    let block = batch.block
    var joined = batch.joined
    batch.joined = []
    for index in batch.packets.indices {
      guard batch.packets[index].flags.contains(.isFragment) else { continue }
      var packet = batch.packets[index]
      take(&packet, in: block.bytes, joined: &joined, depth: 0)
      batch.packets[index] = packet
    }
    batch.joined = joined
  }

  /// Gives up what is still held, after the last batch.
  package mutating func finish() {
    while let (key, _) = order.popFirst() { giveUp(key) }
    finished = [:]
    finishedOrder = AgeQueue()
  }

  /// Takes one fragment whose payload lies in `bytes`.
  private mutating func take(
    _ packet: inout DecodedPacket, in bytes: Span<UInt8>, joined: inout [UInt8], depth: UInt8
  ) {
    let key = DatagramKey(packet, includesVLAN: decoder.includesVLANInKey)
    let (start, length) = (Int(packet.payloadOffset), Int(packet.payloadCapturedLength))
    let wireLength = Int(packet.payloadLength)
    packet.payloadLength = 0
    packet.payloadCapturedLength = 0
    expire(before: packet.time)
    if let copy = finished[key] {
      if packet.time &- copy.time <= Defragmenter.copyWindow, packet.time >= copy.firstTime {
        count(&packet, ports: copy.ports, isTunnel: copy.isTunnel)
        return
      }
      finished[key] = nil
    }
    let offset = Int(packet.fragment >> 3) &* 8
    guard start <= bytes.count, length <= bytes.count &- start,
      offset &+ wireLength <= Defragmenter.maximumDatagramLength
    else {
      packet.flags.insert(.isMalformed)
      count(&packet, ports: datagrams[key]?.ports, isTunnel: false)
      return
    }
    // Out of the dictionary while it is changed, so that its bytes are not copied.
    var datagram = datagrams.removeValue(forKey: key) ?? begin(key, packet)
    storedBytes &-= datagram.storedByteCount
    datagram.add(
      bytes.extracting(start..<start &+ length), at: offset, wireLength: wireLength,
      isLast: packet.fragment & 1 == 0)
    if offset == 0, !datagram.hasFirst { datagram.learn(packet) }
    guard !datagram.isComplete else {
      join(datagram, key, &packet, &joined, depth: depth)
      return
    }
    datagram.count(&packet, includesVLAN: decoder.includesVLANInKey)
    storedBytes &+= datagram.storedByteCount
    datagrams[key] = datagram
    while storedBytes > maximumByteCount || datagrams.count > maximumDatagrams {
      guard let (oldest, serial) = order.popFirst() else { return }
      guard datagrams[oldest]?.serial == serial else { continue }
      giveUp(oldest)
      crowdedOut.note(at: packet.time)
    }
  }

  private mutating func begin(_ key: DatagramKey, _ packet: DecodedPacket) -> Datagram {
    serial &+= 1
    order.append(key, serial)
    let current = serial
    order.compact(above: 4 * maximumDatagrams) {
      $1 == current || datagrams[$0]?.serial == $1
    }
    return Datagram(serial: serial, firstTime: packet.time, packet)
  }

  /// Makes `packet` the finished datagram.
  private mutating func join(
    _ datagram: Datagram, _ key: DatagramKey, _ packet: inout DecodedPacket,
    _ joined: inout [UInt8], depth: UInt8
  ) {
    let base = joined.count
    let captured = datagram.capturedPrefix
    joined.append(contentsOf: datagram.bytes[..<captured])
    let fragment = packet
    let isTunnel = datagram.isTunnel
    packet.restoreDirection()
    packet.flags.remove([.isFragment, .isLaterFragment])
    packet.protocolNumber = datagram.protocolNumber
    var state = DecodingState(
      packet, count: captured, wireCount: datagram.totalLength ?? captured)
    let bytes = datagram.bytes.span.extracting(0..<captured)
    let isIPv4 = IPAddress(high: packet.firstHigh, low: packet.firstLow).isIPv4
    let first: NextLayer =
      isIPv4
      ? .ipProtocol(packet.protocolNumber)
      : IPv6ExtensionHeaders.decode(packet.protocolNumber, bytes, &state)
    decoder.follow(first, bytes, &state)
    state.finish(bytes, includesVLAN: decoder.includesVLANInKey)
    packet = state.packet
    packet.payloadOffset = UInt32(truncatingIfNeeded: base &+ state.payloadStart)
    // Positions inside the joined bytes are none in the record; copies of the last fragment are
    // recognised by the fragment's own fingerprint.
    packet.macOffset = fragment.macOffset
    packet.flags.remove(.hasWirelessHeader)
    packet.flags.formUnion(fragment.flags.intersection(.hasWirelessHeader))
    packet.fingerprint = fragment.fingerprint
    datagram.handOver(to: &packet)
    if packet.flags.contains(.isFragment) {
      // A fragment inside a joined tunnel: it goes through the same, once more.
      takeInner(&packet, &joined, depth: depth)
    } else {
      packet.flags.insert(.isJoined)
    }
    serial &+= 1
    finished[key] = FinishedDatagram(
      firstTime: datagram.firstTime, time: fragment.time, ports: datagram.ports,
      isTunnel: isTunnel, serial: serial)
    finishedOrder.append(key, serial)
    finishedOrder.compact(above: 4 * maximumDatagrams) {
      finished[$0]?.serial == $1
    }
  }

  /// A joined datagram that is itself a fragment of an inner one.
  private mutating func takeInner(
    _ packet: inout DecodedPacket, _ joined: inout [UInt8], depth: UInt8
  ) {
    guard depth < Tunnels.maximumDepth else {
      count(&packet, ports: nil, isTunnel: true)
      return
    }
    // Only its own bytes are copied: with all that was joined in the batch, tunnels of fragments
    // would cost time by the square of their number.
    let (start, length) = (Int(packet.payloadOffset), Int(packet.payloadCapturedLength))
    guard start <= joined.count, length <= joined.count &- start else {
      count(&packet, ports: nil, isTunnel: true)
      return
    }
    let copy = Array(joined[start..<start &+ length])
    packet.payloadOffset = 0
    take(&packet, in: copy.span, joined: &joined, depth: depth &+ 1)
  }

  /// Counts a fragment outside any datagram under way.
  private mutating func count(
    _ packet: inout DecodedPacket, ports: Datagram.Ports?, isTunnel: Bool
  ) {
    if let ports, !isTunnel {
      packet.setPorts(ports, includesVLAN: decoder.includesVLANInKey)
      return
    }
    packet.flags.insert(.isHeldFragment)
    incompleteFragments &+= 1 &+ UInt64(packet.extraPackets)
    incompleteBytes &+= UInt64(packet.originalLength) &+ UInt64(packet.extraBytes)
    packet.extraPackets = 0
    packet.extraBytes = 0
  }

  /// Gives up datagrams that took too long.
  private mutating func expire(before time: Int64) {
    while let (key, serial) = order.first {
      if let datagram = datagrams[key], datagram.serial == serial {
        guard time &- datagram.firstTime > Defragmenter.timeout else { break }
        giveUp(key)
      }
      _ = order.popFirst()
    }
    while let (key, serial) = finishedOrder.first {
      if let copy = finished[key], copy.serial == serial {
        guard time &- copy.time > Defragmenter.copyWindow || finished.count > maximumDatagrams
        else { break }
        finished[key] = nil
      }
      _ = finishedOrder.popFirst()
    }
  }

  private mutating func giveUp(_ key: DatagramKey) {
    guard let datagram = datagrams.removeValue(forKey: key) else { return }
    storedBytes &-= datagram.storedByteCount
    incompleteDatagrams &+= 1
    incompleteFragments &+= UInt64(datagram.heldPackets)
    incompleteBytes &+= UInt64(datagram.heldBytes)
  }
}

/// What remains of a datagram that was joined, to know copies of its fragments.
private struct FinishedDatagram: Sendable {
  let firstTime: Int64
  let time: Int64
  let ports: Datagram.Ports?
  let isTunnel: Bool
  let serial: UInt64
}
