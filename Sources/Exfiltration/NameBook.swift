// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import ProtocolRecognition

/// Names of destinations by their numbers: server names first, then names by DNS.
struct NameBook {
  /// Names kept an address.
  static let maximumNames = 4
  /// Hosts remembered as asking for names.
  private static let maximumAskers = 1 << 16

  /// Names by number, each kind in the order in which they were first seen.
  private struct Names {
    /// The first name of each destination, empty for none, and those after it, which few have.
    private var first: [String] = []
    private var others: [Int: [String]] = [:]

    subscript(destination: Int) -> [String] {
      let name = first(of: destination)
      if name.isEmpty { return [] }
      return [name] + (others[destination] ?? [])
    }

    /// Whether a destination has more than one name.
    func hasSeveral(_ destination: Int) -> Bool {
      !others.isEmpty && others[destination] != nil
    }

    /// The first name of a destination, empty for none.
    func first(of destination: Int) -> String {
      destination < first.count ? first[destination] : ""
    }

    /// Whether a name is the first one of a destination.
    func begins(with name: Span<UInt8>, _ destination: Int) -> Bool {
      destination < first.count && Self.areSame(first[destination].utf8.span, name)
    }

    mutating func add(_ name: String, of destination: Int) {
      if destination >= first.count {
        first.append(contentsOf: repeatElement("", count: destination + 1 - first.count))
      }
      if name.isEmpty || first[destination] == name { return }
      if first[destination].isEmpty {
        first[destination] = name
        return
      }
      let known = others[destination] ?? []
      guard known.count < NameBook.maximumNames - 1, !known.contains(name) else { return }
      others[destination, default: []].append(name)
    }

    private static func areSame(_ lhs: Span<UInt8>, _ rhs: Span<UInt8>) -> Bool {
      guard lhs.count == rhs.count else { return false }
      for index in lhs.indices where lhs[index] != rhs[index] { return false }
      return true
    }
  }

  private var serverNames = Names()
  private var lookedUp = Names()

  /// Adds the name by which a client asked for a server; an address in its place is none.
  mutating func addServerName(_ name: Span<UInt8>, of destination: Int) {
    guard !serverNames.begins(with: name, destination), IPAddress(parsing: name) == nil else {
      return
    }
    serverNames.add(name.text(0..<name.count, limit: name.count), of: destination)
  }

  /// Adds names looked up for addresses that have a number.
  mutating func addLookUps(_ results: [RecognitionResult], _ destinations: AddressIndex) {
    for result in results {
      for name in result.names where name.source == .dns {
        guard let destination = destinations[name.address],
          !lookedUp.begins(with: result.texts.bytes(name.name), destination)
        else { continue }
        lookedUp.add(result.texts[name.name], of: destination)
      }
    }
  }

  /// Hosts that the capture shows looking names up.
  static func askers(_ results: [RecognitionResult]) -> AddressIndex {
    var askers = AddressIndex()
    for result in results {
      for name in result.names where name.source == .dns {
        if askers.count == Self.maximumAskers { return askers }
        askers.set(0, for: name.place.listener)
      }
    }
    return askers
  }

  /// Names of a destination.
  func names(of destination: Int) -> [String] {
    if !serverNames.hasSeveral(destination), !lookedUp.hasSeveral(destination) {
      let server = serverNames.first(of: destination)
      let other = lookedUp.first(of: destination)
      if server.isEmpty { return other.isEmpty ? [] : [other] }
      return other.isEmpty || other == server ? [server] : [server, other]
    }
    var names = serverNames[destination]
    var others = lookedUp[destination]
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
