// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding
package import ProtocolRecognition

/// A name that was announced for an address: `names` of the analysis.
public struct AnnouncedName: Sendable, Hashable {
  /// The name; hostile text.
  public var name: String
  /// The address it stands for.
  public var address: IPAddress
  /// How it was learnt: `dns`, `mdns`, `llmnr`, `netbios`, `dhcp`, `pcapng`.
  public var source: String
  /// The packet that announced it first; `nil` for names of the capture file itself.
  public var packet: PacketReference?

  /// Makes a name.
  public init(name: String, address: IPAddress, source: String, packet: PacketReference?) {
    self.name = name
    self.address = address
    self.source = source
    self.packet = packet
  }
}

/// Names announced for addresses: those of the capture files first, then in order of packets.
///
/// Put in order and made to text as they are iterated over, because most reports list none.
public struct AnnouncedNames: Sequence, Sendable {
  /// Where a name stands.
  private struct Place {
    var number: UInt64
    var shard: Int
    var index: Int
  }

  private let first: [AnnouncedName]
  private let recognition: [RecognitionResult]

  /// Holds names as they are.
  public init(_ names: [AnnouncedName]) { self.init(names, recognition: []) }

  /// Adds to the `first` names those of all shards, in order of shards.
  package init(_ first: [AnnouncedName], recognition: [RecognitionResult]) {
    self.first = first
    self.recognition = recognition
  }

  /// Number of names.
  public var count: Int { recognition.reduce(first.count) { $0 + $1.names.count } }

  /// Goes over the names once.
  ///
  /// - Complexity: O(*n* log *n*) before the first name.
  public func makeIterator() -> some IteratorProtocol<AnnouncedName> {
    var places: [Place] = []
    places.reserveCapacity(count - first.count)
    for (shard, result) in recognition.enumerated() {
      for (index, name) in result.names.enumerated() {
        places.append(Place(number: name.place.number, shard: shard, index: index))
      }
    }
    // A packet's own names keep their order.
    places.sort { ($0.number, $0.shard, $0.index) < ($1.number, $1.shard, $1.index) }
    let recognition = recognition
    let announced = places.lazy.map { place in
      let name = recognition[place.shard].names[place.index]
      return AnnouncedName(
        name: recognition[place.shard].texts[name.name], address: name.address,
        source: name.source.text, packet: name.place.packet)
    }
    return [AnyCollection(first), AnyCollection(announced)].joined().makeIterator()
  }
}

extension NameSource {
  /// The name of the source in results.
  fileprivate var text: String {
    switch self {
    case .dns: "dns"
    case .multicastDNS: "mdns"
    case .llmnr: "llmnr"
    case .netBIOS: "netbios"
    case .dhcp: "dhcp"
    }
  }
}
