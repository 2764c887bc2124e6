// SPDX-License-Identifier: Apache-2.0

internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// Servers that a device keeps contact with so that others can reach it, apart from those that get
/// its media.
struct RelayRule {
  /// Servers that are kept a device.
  static let maximumServers = 64

  /// Whether a camera registers by a protocol with a server that introduces viewers to it.
  static func isOfRelay(_ service: Service) -> Bool {
    switch service {
    case .stun, .pppp, .tutk: true
    default: false
    }
  }

  /// Servers of a host, in order of first contact.
  private var contacts: [IPAddress: [IPAddress]] = [:]

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
