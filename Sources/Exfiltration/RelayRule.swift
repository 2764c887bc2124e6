// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// Servers that a device keeps contact with so that others can reach it, apart from those that get
/// its media.
struct RelayRule {
  /// Servers that are kept a device.
  static let maximumServers = 64

  /// Relays kept in all.
  static let maximumRelays = 4_096

  /// Whether a camera registers by a protocol with a server that introduces viewers to it; of those
  /// of Hikvision and Dahua by the datagrams.
  static func isOfRelay(_ service: Service) -> Bool {
    switch service {
    case .stun, .pppp, .tutk, .hikvision, .dahua: true
    default: false
    }
  }

  /// Whether a flow of such a protocol goes to the outside, so that it has to be added.
  static func isWanted(
    _ service: Service?, from originator: SurveyPlace, to responder: SurveyPlace
  ) -> Bool {
    guard let service, originator.isInside, !responder.isInside, !responder.isGroup else {
      return false
    }
    return isOfRelay(service)
  }

  /// A server that a host kept contact with.
  private struct Contact {
    var server: IPAddress
    /// UDP ports of the host, the first few.
    var ports: [UInt16]
    /// The most that went either way in one flow.
    var bytes: UInt64
    var firstTime: Int64
  }

  /// Ports kept a contact: peer-to-peer libraries open one or a few.
  private static let maximumPorts = 8

  /// Servers of a host, in order of first contact.
  private var contacts: [IPAddress: [Contact]] = [:]
  /// Makers' relays by their address: what kind.
  private var relays: [IPAddress: String] = [:]

  /// Learns from a flow to the outside what it says of relays and of servers that introduce viewers.
  ///
  /// Flows of more than the volume floor are no mere signalling.
  mutating func add(_ flow: Flow, _ recognition: FlowRecognition) {
    guard let service = recognition.service, Self.isOfRelay(service) else { return }
    for fact in recognition.details where relays.count < Self.maximumRelays {
      if let relay = RelayNote.relay(fact) { relays[flow.responderAddress] = relay }
      if let agent = RelayNote.agent(fact).flatMap({ IPAddress(String($0)) }) {
        relays[agent] = RelayNote.dahua
      }
    }
    let bytes = max(flow.originator.newPayloadBytes, flow.responder.newPayloadBytes)
    guard flow.protocolNumber == 17, Double(bytes) < ExposureThresholds.volumeFloor.value else {
      return
    }
    add(
      host: flow.originatorAddress, server: flow.responderAddress, port: flow.originatorPort,
      bytes: bytes, at: flow.firstPacket.time)
  }

  /// The kind of the maker's relay that an address is.
  func relay(_ address: IPAddress) -> String? { relays[address] }

  /// Notes that `host` spoke to `server` by a protocol that ``isOfRelay(_:)``.
  mutating func add(
    host: IPAddress, server: IPAddress, port: UInt16, bytes: UInt64, at time: Int64
  ) {
    var known = contacts[host] ?? []
    if let index = known.firstIndex(where: { $0.server == server }) {
      known[index].bytes = max(known[index].bytes, bytes)
      known[index].firstTime = min(known[index].firstTime, time)
      if !known[index].ports.contains(port), known[index].ports.count < Self.maximumPorts {
        known[index].ports.append(port)
      }
    } else if known.count < Self.maximumServers {
      known.append(Contact(server: server, ports: [port], bytes: bytes, firstTime: time))
    }
    contacts[host] = known
  }

  /// Media sent in datagrams, for ``role(_:)``.
  struct Session {
    var host: IPAddress
    /// The host's port.
    var port: UInt16
    var destination: IPAddress
    var bytes: UInt64
    var firstTime: Int64
    /// Whether the flow itself speaks a protocol that introduces peers.
    var isPeerProtocol: Bool
    /// Whether the destination has a name, and whether the capture shows the host's look-ups.
    var isNamed: Bool
    var showsLookUps: Bool
  }

  /// Tells the media peer of a session from the servers that arranged it, as far as the capture
  /// does; `nil` for what is no peer-to-peer session.
  ///
  /// Servers are found by name and get little; the peer gets the media, from the very port that spoke
  /// to the servers, because that port is the one they opened (hole punching, RFC 5128 §3.3).
  func role(_ session: Session) -> String? {
    let before = (contacts[session.host] ?? []).filter {
      $0.server != session.destination && $0.firstTime <= session.firstTime
    }
    let samePort = before.filter { $0.ports.contains(session.port) }
    guard session.isPeerProtocol || !samePort.isEmpty else { return nil }
    let servers = samePort.isEmpty ? before : samePort
    var text =
      "P2P: \(session.destination) is the media peer: \(NumberText.bytes(session.bytes)) went to it"
    if !servers.isEmpty {
      let shown = servers.prefix(4).map(\.server.description).joined(separator: ", ")
      let most = servers.map(\.bytes).max() ?? 0
      text +=
        ", after contact\(samePort.isEmpty ? "" : " from the same port") with "
        + "\(NumberText.count(servers.count, "signalling server")) (\(shown); at most "
        + "\(NumberText.bytes(most)) each way)"
    }
    if session.isNamed {
      return text + "; it has a name, so that it is a server that passes the media on or keeps it"
    }
    return text
      + (session.showsLookUps
        ? "; its address was not looked up but came by signalling, as that of a viewer does" : "")
      + "; whether it is the viewer's own address or a relay's, the capture does not tell"
  }

  /// What the contacts say of media sent to `destination`: enough servers beside it make the P2P
  /// pattern.
  func reason(
    _ host: IPAddress, to destination: IPAddress, asn: (IPAddress) -> UInt32?
  ) -> String? {
    let servers = (contacts[host] ?? []).map(\.server)
    let others = servers.filter { $0 != destination }
    let isServer = servers.count != others.count
    let operatorHere = asn(destination)
    let sameOperator = operatorHere != nil && others.contains { asn($0) == operatorHere }
    guard
      Double(servers.count) >= ExposureThresholds.contactServers.value || isServer && sameOperator
    else { return nil }
    let shown = others.prefix(4).map(\.description).joined(separator: ", ")
    return "P2P: the device keeps contact with \(NumberText.count(servers.count, "server")) that "
      + "introduce viewers" + (shown.isEmpty ? "" : " (\(shown))")
      + "; they are signalling, not viewers"
  }
}
