// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import Exfiltration
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding

/// Who sent how much to whom: devices, the operators they sent to, and the countries of those.
struct TrafficMap {
  /// A device, an operator or a country.
  struct Node {
    /// The first line beside it.
    var title: String
    /// The second line.
    var note: String
    /// Bytes through it.
    var bytes: UInt64 = 0
  }

  /// Bytes from one node to one of the next column.
  struct Link {
    /// Index in the column before.
    var from: Int
    /// Index in the column after.
    var to: Int
    /// Bytes sent.
    var bytes: UInt64
    /// The greatest severity of findings that tell of them; `nil` without one.
    var severity: Severity?
  }

  /// Nodes of a column at most; the rest is drawn as one.
  static let maximumNodes = 14

  /// Devices, operators, countries.
  private(set) var columns: [[Node]] = []
  /// Links of the first to the second, and of the second to the third column.
  private(set) var links: [[Link]] = []

  /// Sums what the inside sent to the outside.
  ///
  /// - Complexity: O(*n*) in the flows.
  init(_ analysis: Analysis, _ selection: Selection = Selection()) {
    let sums = Self.sums(analysis, selection)
    var severities: [Pair: Severity] = [:]
    for finding in analysis.findings {
      guard let device = finding.device else { continue }
      let pair = Pair(device: device, address: finding.destination.address)
      if finding.severity > severities[pair] ?? .info { severities[pair] = finding.severity }
    }
    let places = Dictionary(
      analysis.destinations.map { ($0.address, $0) }, uniquingKeysWith: { first, _ in first })
    var devices = Names()
    var operators = Names()
    var countries = Names()
    var routes: [Route] = []
    for (pair, bytes) in sums where bytes > 0 {
      guard let place = places[pair.address] else { continue }
      let device = devices.index(pair.device, Self.node(ofDevice: pair.device, analysis))
      let network = operators.index(place.asn.map { "AS\($0)" } ?? "?", Self.node(ofNetwork: place))
      let country = countries.index(place.country ?? "?", Self.node(ofCountry: place))
      devices.nodes[device].bytes &+= bytes
      operators.nodes[network].bytes &+= bytes
      countries.nodes[country].bytes &+= bytes
      routes.append(
        Route(
          device: device, network: network, country: country, bytes: bytes,
          severity: severities[pair]))
    }
    let orders = [
      devices.order("more devices"), operators.order("more operators"),
      countries.order("more countries"),
    ]
    columns = orders.map(\.nodes)
    links = [
      Self.joined(routes.map { ($0.device, $0.network, $0) }, orders[0], orders[1]),
      Self.joined(routes.map { ($0.network, $0.country, $0) }, orders[1], orders[2]),
    ]
  }

  /// Whether nothing was sent outside.
  var isEmpty: Bool { links.first?.isEmpty ?? true }

  private struct Pair: Hashable {
    var device: String
    var address: IPAddress
  }

  private struct Route {
    var device: Int
    var network: Int
    var country: Int
    var bytes: UInt64
    var severity: Severity?
  }

  /// The nodes of a column in order of their names' first use.
  private struct Names {
    var nodes: [Node] = []
    private var indices: [String: Int] = [:]

    mutating func index(_ name: String, _ node: @autoclosure () -> Node) -> Int {
      if let index = indices[name] { return index }
      indices[name] = nodes.count
      nodes.append(node())
      return nodes.count - 1
    }

    /// The nodes by size, those beyond the bound as one, and where each went.
    func order(_ rest: String) -> (nodes: [Node], places: [Int]) {
      let ranked = nodes.enumerated().sorted {
        $0.element.bytes == $1.element.bytes
          ? $0.offset < $1.offset : $0.element.bytes > $1.element.bytes
      }
      var places = Array(repeating: 0, count: nodes.count)
      var kept: [Node] = []
      let bound =
        ranked.count > TrafficMap.maximumNodes ? TrafficMap.maximumNodes - 1 : ranked.count
      for (rank, entry) in ranked.enumerated() {
        places[entry.offset] = min(rank, bound)
        if rank < bound {
          kept.append(entry.element)
        } else if rank == bound {
          kept.append(
            Node(title: "\(ranked.count - bound) \(rest)", note: "", bytes: entry.element.bytes))
        } else {
          kept[bound].bytes &+= entry.element.bytes
        }
      }
      return (kept, places)
    }
  }

  private static func sums(
    _ analysis: Analysis, _ selection: Selection
  ) -> [(key: Pair, value: UInt64)] {
    var devices: [IPAddress: String] = [:]
    for device in analysis.devices {
      for address in device.addresses where devices[address] == nil { devices[address] = device.id }
    }
    let outside = Set(analysis.destinations.map(\.address))
    let matcher = selection.matcher(for: analysis)
    var order: [Pair: Int] = [:]
    var sums: [(key: Pair, value: UInt64)] = []
    for flow in analysis.flows {
      if !selection.isEmpty, !matcher.matches(flow, analysis.flowLabels[flow.id]) { continue }
      for direction in [FlowDirection.fromOriginator, .fromResponder] {
        let isForward = direction == .fromOriginator
        let receiver = isForward ? flow.responderAddress : flow.originatorAddress
        guard outside.contains(receiver),
          let device = devices[isForward ? flow.originatorAddress : flow.responderAddress]
        else { continue }
        let pair = Pair(device: device, address: receiver)
        let bytes = flow.counters(direction).newPayloadBytes
        if let index = order[pair] {
          sums[index].value &+= bytes
        } else {
          order[pair] = sums.count
          sums.append((pair, bytes))
        }
      }
    }
    return sums
  }

  private static func joined(
    _ routes: [(Int, Int, Route)], _ left: (nodes: [Node], places: [Int]),
    _ right: (nodes: [Node], places: [Int])
  ) -> [Link] {
    struct Key: Hashable {
      var from: Int
      var to: Int
      var severity: Int
    }
    var sums: [Key: Link] = [:]
    for (from, to, route) in routes {
      let key = Key(
        from: left.places[from], to: right.places[to], severity: route.severity?.rank ?? -1)
      sums[
        key,
        default: Link(from: key.from, to: key.to, bytes: 0, severity: route.severity)
      ].bytes &+= route.bytes
    }
    return sums.values.sorted {
      ($0.from, $0.to, -($0.severity?.rank ?? -1)) < ($1.from, $1.to, -($1.severity?.rank ?? -1))
    }
  }

  private static func node(ofDevice id: String, _ analysis: Analysis) -> Node {
    guard let device = analysis.devices.first(where: { $0.id == id }) else {
      return Node(title: id, note: "")
    }
    let role = device.roles.first.flatMap { $0.role == .unknown ? nil : $0.role.rawValue }
    let words = [device.vendor, role].compactMap { $0 }.joined(separator: " ")
    return Node(
      title: "\(id) \(device.addresses.first.map(\.description) ?? "")", note: words)
  }

  private static func node(ofNetwork place: DestinationSummary) -> Node {
    guard let number = place.asn else { return Node(title: "operator not known", note: "") }
    return Node(title: "AS\(number)", note: place.asName ?? "")
  }

  private static func node(ofCountry place: DestinationSummary) -> Node {
    guard let code = place.country else { return Node(title: "country not known", note: "") }
    return Node(
      title: CountryCode(code)?.name.map { "\(code) \($0)" } ?? code, note: place.scope.rawValue)
  }
}
