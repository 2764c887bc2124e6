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
    /// The first name of each address, empty for none, and those after it, which few have.
    private var first: [String] = []
    private var others: [Int: [String]] = [:]

    subscript(address: IPAddress) -> [String] {
      guard let place = index[address], !first[place].isEmpty else { return [] }
      guard !others.isEmpty, let more = others[place] else { return [first[place]] }
      return [first[place]] + more
    }

    mutating func add(_ name: String, of address: IPAddress) {
      guard !name.isEmpty else { return }
      append(name, at: place(of: address))
    }

    /// Adds a text of a store; a string is made of new ones only.
    mutating func add(_ name: UInt32, in texts: TextStore, of address: IPAddress) {
      let place = place(of: address)
      if Self.areSame(first[place].utf8.span, texts.bytes(name)) { return }
      append(texts[name], at: place)
    }

    private mutating func append(_ name: String, at place: Int) {
      if name.isEmpty || first[place] == name { return }
      if first[place].isEmpty {
        first[place] = name
        return
      }
      let known = others[place] ?? []
      guard known.count < NameBook.maximumNames - 1, !known.contains(name) else { return }
      others[place, default: []].append(name)
    }

    private mutating func place(of address: IPAddress) -> Int {
      if let place = index[address] { return place }
      index.set(first.count, for: address)
      first.append("")
      return first.count - 1
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

  /// Adds the name by which a client asked for a server; an address in its place is none.
  mutating func addServerName(_ name: String, of address: IPAddress) {
    guard IPAddress(name) == nil else { return }
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
    var others = lookedUp[address]
    if others.isEmpty { return names }
    if others.count > 1 {
      others.sort()
    } else if names.isEmpty {
      return others
    }
    for name in others where names.count < Self.maximumNames {
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}
