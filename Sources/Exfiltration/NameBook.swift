// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// Names of destinations by the numbers of their addresses: server names first, then names by DNS.
struct NameBook {
  /// Names kept an address.
  static let maximumNames = 4
  /// Hosts remembered as asking for names.
  private static let maximumAskers = 1 << 16

  /// Names by number, each kind in the order in which they were first seen.
  private struct Names {
    /// The first name of each destination plus one, 0 for none, and those after it, which few have.
    private var first: [UInt32] = []
    private var others: [Int: [Int]] = [:]

    subscript(destination: Int) -> [Int] {
      guard let name = first(of: destination) else { return [] }
      return [name] + (others[destination] ?? [])
    }

    /// Whether a destination has more than one name.
    func hasSeveral(_ destination: Int) -> Bool {
      !others.isEmpty && others[destination] != nil
    }

    /// The first name of a destination.
    func first(of destination: Int) -> Int? {
      guard destination < first.count, first[destination] > 0 else { return nil }
      return Int(first[destination]) &- 1
    }

    /// Adds a name that is the destination's first or known as that; `false` of another one.
    mutating func begin(with name: Int, _ destination: Int) -> Bool {
      while destination >= first.count { first.append(0) }
      if first[destination] == 0 { first[destination] = UInt32(truncatingIfNeeded: name &+ 1) }
      return Int(first[destination]) &- 1 == name
    }

    /// Adds a further name; `table` has its text.
    mutating func add(_ name: Int, of destination: Int, _ table: NameTable) {
      let known = self[destination]
      guard known.count < NameBook.maximumNames,
        !known.contains(where: { table.areSame($0, name) })
      else { return }
      others[destination, default: []].append(name)
    }
  }

  private var table: NameTable
  private var serverNames = Names()
  private var lookedUp = Names()

  init(_ recognition: [RecognitionResult]) { table = NameTable(recognition) }

  /// The number of the name by which a flow's client asked for the server; `nil` where it told none.
  ///
  /// Most ask by the name by which the server was asked for first, so that no more is compared.
  mutating func serverName(
    of brief: RecognitionBrief, at place: FlowPlace, _ recognition: RecognitionIndex,
    expectedOf destination: Int
  ) -> Int? {
    let number: Int
    if let text = brief.serverNameText {
      let shard = Int(place.shard)
      if let first = serverNames.first(of: destination),
        table.isName(first, theServer: text, shard: shard)
      {
        return first
      }
      number = table.number(ofServer: text, shard: shard)
    } else if brief.isAmended, let name = recognition.recognition(at: place)?.serverName {
      number = table.number(of: name.utf8.span)
    } else {
      return nil
    }
    return table.facts(number).isEmpty ? nil : number
  }

  /// Loads the name that ``serverName(of:at:_:expectedOf:)`` will compare.
  ///
  /// - Returns: A number to be kept, so that loading is not optimised away.
  func loadServerName(of brief: RecognitionBrief, at place: FlowPlace) -> UInt64 {
    brief.serverNameText.map { table.load(server: $0, shard: Int(place.shard)) } ?? 0
  }

  /// The number of an announced name by its number among the texts of a shard.
  mutating func name(ofAnnounced text: UInt32, shard: Int) -> Int {
    table.number(ofAnnounced: text, shard: shard)
  }

  /// What is known of a name.
  func facts(_ name: Int) -> NameTable.Facts { table.facts(name) }

  /// The text of a name.
  func text(_ name: Int) -> String { table[name] }

  /// Adds the name by which a client asked for a server; an address in its place is none.
  mutating func addServerName(_ name: Int, of destination: Int) {
    if table.facts(name).isAddress || serverNames.begin(with: name, destination) { return }
    serverNames.add(name, of: destination, table)
  }

  /// Adds a name that was looked up for a destination.
  mutating func addLookUp(_ name: Int, of destination: Int) {
    if table.facts(name).isEmpty || lookedUp.begin(with: name, destination) { return }
    lookedUp.add(name, of: destination, table)
  }

  /// Hosts that the capture shows looking names up.
  static func askers(_ results: [RecognitionResult]) -> AddressIndex {
    var askers = AddressIndex()
    for result in results {
      for name in result.names where name.source == .dns {
        if askers.count == Self.maximumAskers { return askers }
        _ = askers.number(of: name.place.listener)
      }
    }
    return askers
  }

  /// Names of a destination.
  func names(of destination: Int) -> [String] {
    if !serverNames.hasSeveral(destination), !lookedUp.hasSeveral(destination) {
      let other = lookedUp.first(of: destination)
      guard let server = serverNames.first(of: destination) else {
        return other.map { [table[$0]] } ?? []
      }
      guard let other, !table.areSame(server, other) else { return [table[server]] }
      return [table[server], table[other]]
    }
    var names = serverNames[destination].map { table[$0] }
    let others = lookedUp[destination].map { table[$0] }.sorted()
    for name in others where names.count < Self.maximumNames {
      if !names.contains(name) { names.append(name) }
    }
    return names
  }
}
