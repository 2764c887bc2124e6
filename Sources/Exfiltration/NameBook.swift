// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import ProtocolRecognition

/// Names of destinations: server names first, then names by DNS.
struct NameBook {
  /// Names kept an address.
  static let maximumNames = 4

  private var serverNames: [IPAddress: [String]] = [:]
  private var lookedUp: [IPAddress: [String]] = [:]
  /// Hosts whose look-ups the capture shows.
  private var askers: Set<IPAddress> = []

  /// Adds the name by which a client asked for a server.
  mutating func addServerName(_ name: String, of address: IPAddress) {
    Self.add(name, to: &serverNames[address, default: []])
  }

  /// Adds names looked up for the `wanted` addresses.
  mutating func addLookUps(_ results: [RecognitionResult], wanted: Set<IPAddress>) {
    for result in results {
      for name in result.names where name.source == .dns {
        if askers.count < 1 << 16 { askers.insert(name.place.listener) }
        guard wanted.contains(name.address) else { continue }
        Self.add(result.texts[name.name], to: &lookedUp[name.address, default: []])
      }
    }
  }

  /// Whether the capture shows that a host looked names up.
  func showsLookUps(of address: IPAddress) -> Bool { askers.contains(address) }

  /// Names of an address.
  func names(of address: IPAddress) -> [String] {
    var names = serverNames[address] ?? []
    for name in (lookedUp[address] ?? []).sorted() where names.count < Self.maximumNames {
      if !names.contains(name) { names.append(name) }
    }
    return names
  }

  private static func add(_ name: String, to names: inout [String]) {
    guard !name.isEmpty, names.count < maximumNames, !names.contains(name) else { return }
    names.append(name)
  }
}
