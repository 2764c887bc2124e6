// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import FlowTracking
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// What happened to hosts of the inside beside what they sent: who dialled them, what they loaded,
/// what was changed on them.
///
/// Kept a peer and not a flow, so that it stays small in captures with millions of flows.
struct EventLog {
  /// Payload from outside that counts as a download without a file name.
  static let downloadFloor = ExposureThresholds.downloadFloor

  /// Something that happened once or more between a host and a peer.
  struct Entry {
    var kind: PriorEvent.Kind
    var host: IPAddress
    var peer: IPAddress
    /// The host's port for inbound connections, the peer's otherwise; 0 where it is not known.
    var port: UInt16
    /// File, operation or server name.
    var name: String?
    var firstTime: Int64
    /// When the last one of them began.
    var lastTime: Int64
    var firstPacket: PacketReference
    var bytes: UInt64
    var count: Int
    /// Flows, the first few.
    var flows: [Int]
  }

  private struct Key: Hashable {
    var kind: PriorEvent.Kind
    var host: IPAddress
    var peer: IPAddress
    var port: UInt16
    var name: String?
  }

  private(set) var entries: [Entry] = []
  private(set) var overflow = BoundCount()
  /// Entries kept; later ones are counted and left out.
  private let maximum: Int
  private var indices: [Key: Int] = [:]

  init(maximum: Int) { self.maximum = maximum }

  /// Whether a flow may leave something, so that it has to be added.
  static func isWanted(
    _ flow: FlowGlance, _ brief: RecognitionBrief, _ originator: AddressAttribution.Scope,
    _ responder: AddressAttribution.Scope
  ) -> Bool {
    guard originator == .inside || responder == .inside else { return false }
    return brief.tellsEvents
      || originator != .inside && flow.responder.payloadBytes > 0
      || responder != .inside
        && Double(flow.responder.newPayloadBytes) >= Self.downloadFloor.value
  }

  /// Looks at a flow; most leave nothing, and what was recognised is not asked for.
  mutating func add(
    _ flow: Flow, _ brief: RecognitionBrief, _ originator: AddressAttribution.Scope,
    _ responder: AddressAttribution.Scope, _ recognition: RecognitionIndex
  ) {
    guard originator == .inside || responder == .inside else { return }
    let told = brief.tellsEvents ? recognition.recognition(at: flow.place) : nil
    if responder == .inside {
      if originator != .inside, flow.responder.payloadBytes > 0, flow.mayBeVisit {
        note(
          .inboundConnection, flow, host: flow.responderAddress, peer: flow.originatorAddress,
          port: flow.responderPort, name: brief.service?.rawValue, at: flow.firstPacket,
          bytes: flow.originator.newPayloadBytes)
      }
      for fact in told?.details(where: { $0 == .configurationWrite }) ?? []
      where fact.direction == .fromOriginator {
        note(
          .configurationWrite, flow, host: flow.responderAddress, peer: flow.originatorAddress,
          port: flow.responderPort, name: fact.text, at: fact.packet, bytes: 0)
      }
    }
    guard originator == .inside else { return }
    var isNamed = false
    for fact in told?.details(where: { $0 == .download || $0 == .firmwareDownload }) ?? []
    where fact.direction == .fromOriginator {
      isNamed = true
      let host = told?.serverName ?? flow.responderAddress.description
      note(
        fact.kind == .download ? .download : .firmwareDownload, flow,
        host: flow.originatorAddress, peer: flow.responderAddress, port: flow.responderPort,
        name: host + fact.text, at: fact.packet, bytes: flow.responder.newPayloadBytes)
    }
    let received = flow.responder.newPayloadBytes
    guard !isNamed, responder != .inside, Double(received) >= Self.downloadFloor.value,
      received / 4 > flow.originator.newPayloadBytes
    else { return }
    note(
      .download, flow, host: flow.originatorAddress, peer: flow.responderAddress,
      port: flow.responderPort, name: recognition.recognition(at: flow.place)?.serverName,
      at: flow.firstPacket, bytes: received)
  }

  private mutating func note(
    _ kind: PriorEvent.Kind, _ flow: Flow, host: IPAddress, peer: IPAddress, port: UInt16,
    name: String?, at packet: PacketReference, bytes: UInt64
  ) {
    let key = Key(kind: kind, host: host, peer: peer, port: port, name: name)
    if let index = indices[key] {
      entries[index].bytes &+= bytes
      entries[index].count += 1
      entries[index].lastTime = max(entries[index].lastTime, packet.time)
      if packet.time < entries[index].firstTime {
        entries[index].firstTime = packet.time
        entries[index].firstPacket = packet
      }
      if entries[index].flows.count < 8 { entries[index].flows.append(flow.id) }
      return
    }
    guard entries.count < maximum else {
      overflow.note(at: packet.time)
      return
    }
    indices[key] = entries.count
    entries.append(
      Entry(
        kind: kind, host: host, peer: peer, port: port, name: name, firstTime: packet.time,
        lastTime: packet.time, firstPacket: packet, bytes: bytes, count: 1, flows: [flow.id]))
  }
}

extension Flow {
  /// Whether it may be a visit, unlike look-ups, time requests and echoes, which are answered too.
  fileprivate var mayBeVisit: Bool {
    switch protocolNumber {
    case 1, 58: false
    case 17: ![53, 123, 5_353].contains(originatorPort)
    default: true
    }
  }
}
