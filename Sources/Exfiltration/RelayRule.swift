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

  /// Servers of a host, in order of first contact.
  private var contacts: [IPAddress: [IPAddress]] = [:]
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
    let isSignalling =
      flow.protocolNumber == 17
      && Double(max(flow.originator.newPayloadBytes, flow.responder.newPayloadBytes))
        < ExposureThresholds.volumeFloor.value
    if isSignalling { add(host: flow.originatorAddress, server: flow.responderAddress) }
  }

  /// The kind of the maker's relay that an address is.
  func relay(_ address: IPAddress) -> String? { relays[address] }

  /// Notes that `host` spoke to `server` by a protocol that ``isOfRelay(_:)``.
  mutating func add(host: IPAddress, server: IPAddress) {
    guard contacts[host]?.contains(server) != true,
      contacts[host, default: []].count < Self.maximumServers
    else { return }
    contacts[host, default: []].append(server)
  }

  /// What the contacts say of media sent to `destination`: enough servers beside it make the P2P
  /// pattern.
  func reason(
    _ host: IPAddress, to destination: IPAddress, asn: (IPAddress) -> UInt32?
  ) -> String? {
    let servers = contacts[host] ?? []
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
