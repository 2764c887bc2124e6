// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import ProtocolRecognition

/// Names of destinations: server names first, then names by DNS.
struct NameBook {
  /// Names kept an address.
  static let maximumNames = 4
  /// Hosts remembered as asking for names.
  private static let maximumAskers = 1 << 16

  /// Names by address, each kind in the order in which they were first seen.
  private struct Names {
    private var index = AddressIndex()
    private var names: [[String]] = []

    subscript(address: IPAddress) -> [String] { index[address].map { names[$0] } ?? [] }

    mutating func add(_ name: String, of address: IPAddress) {
      guard !name.isEmpty else { return }
      let place = place(of: address)
      guard names[place].count < NameBook.maximumNames, !names[place].contains(name) else {
        return
      }
      names[place].append(name)
    }

    /// Adds a text of a store; a string is made of new ones only.
    mutating func add(_ name: UInt32, in texts: TextStore, of address: IPAddress) {
      let place = place(of: address)
      guard names[place].count < NameBook.maximumNames else { return }
      for known in names[place] where Self.areSame(known.utf8.span, texts.bytes(name)) { return }
      let text = texts[name]
      if !text.isEmpty, !names[place].contains(text) { names[place].append(text) }
    }

    private mutating func place(of address: IPAddress) -> Int {
      if let place = index[address] { return place }
      index.set(names.count, for: address)
      names.append([])
      return names.count - 1
    }

    private static func areSame(_ lhs: Span<UInt8>, _ rhs: Span<UInt8>) -> Bool {
      guard lhs.count == rhs.count else { return false }
      for index in lhs.indices where lhs[index] != rhs[index] { return false }
      return true
    }
  }

  private var serverNames = Names()
  private var lookedUp = Names()
  /// Hosts whose look-ups the capture shows.
  private var askers = AddressIndex()

  /// Adds the name by which a client asked for a server.
  mutating func addServerName(_ name: String, of address: IPAddress) {
    serverNames.add(name, of: address)
  }

  /// Adds names looked up for the `wanted` addresses.
  mutating func addLookUps(_ results: [RecognitionResult], wanted: AddressIndex) {
    for result in results {
      for name in result.names where name.source == .dns {
        if askers.count < Self.maximumAskers { askers.set(0, for: name.place.listener) }
        if wanted[name.address] != nil {
          lookedUp.add(name.name, in: result.texts, of: name.address)
        }
      }
    }
  }

  /// Whether the capture shows that a host looked names up.
  func showsLookUps(of address: IPAddress) -> Bool { askers[address] != nil }

  /// Names of an address.
  func names(of address: IPAddress) -> [String] {
    var names = serverNames[address]
    let others = lookedUp[address]
    if names.isEmpty, others.count < 2 { return others }
    for name in others.sorted() where names.count < Self.maximumNames {
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}
