// SPDX-License-Identifier: Apache-2.0

internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// What came before a device's first outbound video: facts in order of time, no cause.
struct PriorEventRule {
  /// Events of one kind that are listed: the last ones before the video.
  static let maximumOfKind = 6

  private var byHost: [IPAddress: [EventLog.Entry]] = [:]
  private var names: [IPAddress: [NamedAddress]] = [:]

  private struct NamedAddress {
    var name: String
    var address: IPAddress
    var packet: PacketReference
  }

  /// Prepares for the devices with these addresses.
  init(_ log: EventLog, _ recognition: [RecognitionResult], hosts: Set<IPAddress>) {
    guard !hosts.isEmpty else { return }
    for entry in log.entries where hosts.contains(entry.host) {
      byHost[entry.host, default: []].append(entry)
    }
    for result in recognition {
      for name in result.names where name.source == .dns && hosts.contains(name.place.listener) {
        names[name.place.listener, default: []].append(
          NamedAddress(
            name: result.texts[name.name], address: name.address, packet: name.place.packet))
      }
    }
  }

  /// Events of a device before `time`, without the flows that carry the video itself.
  func events(of addresses: [IPAddress], before time: Int64, without flows: Set<Int>)
    -> [PriorEvent]
  {
    var events: [PriorEvent] = []
    for address in addresses {
      for entry in byHost[address] ?? []
      where entry.firstTime < time && !entry.flows.contains(where: flows.contains) {
        events.append(Self.event(entry, time))
      }
      var seen: Set<String> = []
      let asked = (names[address] ?? []).sorted {
        ($0.packet.time, $0.name) < ($1.packet.time, $1.name)
      }
      for name in asked
      where name.packet.time < time && seen.insert(name.name.lowercased()).inserted {
        events.append(
          PriorEvent(
            kind: .newName, time: name.packet.time,
            text: "asked for \(name.name) for the first time in the capture and got "
              + "\(name.address), " + Self.before(name.packet.time, time),
            peer: name.address, name: name.name, packets: [name.packet]))
      }
    }
    var result: [PriorEvent] = []
    for kind in PriorEvent.Kind.allCases {
      let ofKind = events.filter { $0.kind == kind }.sorted(by: Self.isEarlier)
      result += ofKind.suffix(Self.maximumOfKind)
    }
    return result.sorted(by: Self.isEarlier)
  }

  private static func isEarlier(_ lhs: PriorEvent, _ rhs: PriorEvent) -> Bool {
    if lhs.time != rhs.time { return lhs.time < rhs.time }
    if lhs.kind != rhs.kind { return lhs.kind.rawValue < rhs.kind.rawValue }
    return lhs.text < rhs.text
  }

  private static func before(_ time: Int64, _ video: Int64) -> String {
    NumberText.duration(Double(max(0, video &- time)) / 1e9) + " before"
  }

  private static func event(_ entry: EventLog.Entry, _ video: Int64) -> PriorEvent {
    var text: String
    switch entry.kind {
    case .inboundConnection:
      text = "\(entry.peer) connected from outside"
      if entry.port > 0 { text += " to port \(entry.port)" }
      if let service = entry.name { text += " (\(service))" }
      text += " and was answered"
    case .configurationWrite:
      text = "\(entry.peer) changed its configuration: \(entry.name ?? "")"
    case .download, .firmwareDownload:
      text = entry.kind == .firmwareDownload ? "loaded firmware" : "loaded data"
      if let name = entry.name { text += " from \(name)" }
      let host = entry.name?.split(separator: "/").first.map(String.init) ?? ""
      if let domain = CameraDomains.shared.domain(of: host) {
        text += ", a domain of \(domain.vendor)"
      }
      text += " (\(entry.peer)), \(NumberText.bytes(entry.bytes)) received"
    case .newName: text = entry.name ?? ""
    }
    if entry.count > 1 { text += ", \(entry.count) times in the capture" }
    return PriorEvent(
      kind: entry.kind, time: entry.firstTime, text: text + ", " + before(entry.firstTime, video),
      peer: entry.peer, name: entry.name,
      bytes: entry.kind == .download || entry.kind == .firmwareDownload ? entry.bytes : nil,
      packets: [entry.firstPacket])
  }
}
