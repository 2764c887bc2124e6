// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// Names of destinations by the numbers of their addresses: server names first, then names by DNS.
struct NameBook: Sendable {
  /// Names kept an address.
  static let maximumNames = 4
  /// Hosts remembered as asking for names.
  private static let maximumAskers = 1 << 16

  /// Names by number, of each destination the first few, in whatever order they are added.
  private struct Names: Sendable {
    /// A name with its place in the order of first sight.
    private struct Named: Sendable {
      var order = UInt64.max
      /// Number plus one, 0 for none.
      var name: UInt32 = 0

      var number: Int { Int(name) &- 1 }
    }

    /// The name of each destination that was added first, and others, which few have: as many as
    /// may be shown, the earliest.
    private var first: [Named] = []
    private var others: [Int: [Named]] = [:]

    /// The names of a destination in order of first sight.
    subscript(destination: Int) -> [Int] {
      guard destination < first.count, first[destination].name > 0 else { return [] }
      let known = [first[destination]] + (others[destination] ?? [])
      return known.sorted { $0.order < $1.order }.prefix(NameBook.maximumNames).map(\.number)
    }

    /// Whether a destination has more than one name.
    func hasSeveral(_ destination: Int) -> Bool {
      !others.isEmpty && others[destination] != nil
    }

    /// The name of a destination that was added first.
    func first(of destination: Int) -> Int? {
      guard destination < first.count, first[destination].name > 0 else { return nil }
      return first[destination].number
    }

    /// Adds a name of a destination; `table` has its text.
    mutating func add(_ name: Int, of destination: Int, at order: UInt64, _ table: NameTable) {
      if destination >= first.count {
        first.append(
          contentsOf: repeatElement(Named(), count: destination &+ 1 &- first.count))
      }
      let new = Named(order: order, name: UInt32(truncatingIfNeeded: name &+ 1))
      if first[destination].name == 0 {
        first[destination] = new
      } else if first[destination].name == new.name {
        first[destination].order = min(first[destination].order, order)
      } else if table.areSame(first[destination].number, name) {
        if order < first[destination].order { first[destination] = new }
      } else {
        addOther(new, of: destination, table)
      }
    }

    private mutating func addOther(_ new: Named, of destination: Int, _ table: NameTable) {
      var known = others[destination] ?? []
      if let index = known.firstIndex(where: { table.areSame($0.number, new.number) }) {
        if new.order < known[index].order { known[index] = new }
      } else if known.count < NameBook.maximumNames {
        known.append(new)
      } else if let last = known.indices.max(by: { known[$0].order < known[$1].order }),
        new.order < known[last].order
      {
        known[last] = new
      }
      others[destination] = known
    }

    /// Adds all names of another book, whose names have other `numbers` here.
    mutating func add(_ other: Names, _ numbers: [Int], _ table: NameTable) {
      for destination in other.first.indices where other.first[destination].name > 0 {
        let named = other.first[destination]
        add(numbers[named.number], of: destination, at: named.order, table)
      }
      for (destination, names) in other.others {
        for named in names { add(numbers[named.number], of: destination, at: named.order, table) }
      }
    }
  }

  private var table: NameTable
  private var serverNames = Names()
  private var lookedUp = Names()
  /// Names that were looked up so far.
  private var lookUps: UInt64 = 0

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

  /// The number of an announced name by its number among the texts of a shard.
  mutating func name(ofAnnounced text: UInt32, shard: Int) -> Int {
    table.number(ofAnnounced: text, shard: shard)
  }

  /// What is known of a name.
  func facts(_ name: Int) -> NameTable.Facts { table.facts(name) }

  /// The text of a name.
  func text(_ name: Int) -> String { table[name] }

  /// Adds the name by which a client asked for a server, in the order of first packets; an address in
  /// its place is none.
  mutating func addServerName(_ name: Int, of destination: Int, at order: UInt64) {
    if table.facts(name).isAddress { return }
    serverNames.add(name, of: destination, at: order, table)
  }

  /// Adds a name that was looked up for a destination, after those before.
  mutating func addLookUp(_ name: Int, of destination: Int) {
    lookUps += 1
    if table.facts(name).isEmpty { return }
    lookedUp.add(name, of: destination, at: lookUps, table)
  }

  /// Adds the names of servers of another book.
  mutating func addServerNames(of other: NameBook) {
    serverNames.add(other.serverNames, table.numbers(of: other.table), table)
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
