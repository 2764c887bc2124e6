// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import FlowTracking
internal import HostInventory
public import PacketDecoding
internal import VideoDetection

/// What is printed (`--select`): all terms must hold; nothing is analysed differently.
public struct Selection: Sendable, Hashable {
  /// One condition.
  public enum Term: Sendable, Hashable {
    /// Sent by, or to, the device with this id or address.
    case device(String)
    /// Sent to, or by, this address.
    case destination(IPAddress)
    /// An end outside in this country.
    case country(String)
    /// An end outside in this AS.
    case asn(UInt32)
    /// A verdict at least this sure.
    case verdict(VideoVerdictRank)
    /// A finding at least this severe.
    case severity(SeverityRank)
    /// The flow with this id.
    case flow(Int)
  }

  /// Position of a verdict in the order of strength.
  public typealias VideoVerdictRank = Int
  /// Position of a severity in the order.
  public typealias SeverityRank = Int

  /// The conditions.
  public var terms: [Term]

  /// Selects everything.
  public init() { terms = [] }

  /// Whether everything is selected.
  public var isEmpty: Bool { terms.isEmpty }

  /// Reads conditions such as `device=D1,verdict>=likely`; `nil` where one cannot be understood.
  public init?(_ text: String) {
    terms = []
    for part in text.split(separator: ",") {
      guard let mark = part.firstIndex(of: "="), let term = Self.term(part, mark) else {
        return nil
      }
      terms.append(term)
    }
    if terms.isEmpty { return nil }
  }

  private static func term(_ part: Substring, _ mark: Substring.Index) -> Term? {
    let value = String(part[part.index(after: mark)...])
    switch part[..<mark] {
    case "device": return value.isEmpty ? nil : .device(value)
    case "destination": return IPAddress(value).map(Term.destination)
    case "country":
      return value.utf8.count == 2 ? .country(value.uppercased()) : nil
    case "asn":
      return UInt32(value.uppercased().hasPrefix("AS") ? String(value.dropFirst(2)) : value)
        .map(Term.asn)
    case "verdict>": return VideoVerdict(rawValue: value).map { .verdict($0.strength) }
    case "severity>": return Severity(rawValue: value).map { .severity($0.rank) }
    case "flow": return Int(value).map(Term.flow)
    default: return nil
    }
  }

  /// Prepares the selection for one analysis.
  func matcher(for analysis: Analysis) -> SelectionMatcher {
    SelectionMatcher(self, analysis)
  }
}

/// A selection with the addresses it stands for in one analysis.
struct SelectionMatcher {
  private let terms: [Selection.Term]
  private var addresses: [Int: Set<IPAddress>] = [:]
  private var severities: [Int: Int] = [:]

  init(_ selection: Selection, _ analysis: Analysis) {
    terms = selection.terms
    for (index, term) in terms.enumerated() {
      switch term {
      case .device(let name):
        let address = IPAddress(name)
        let matching = analysis.devices.filter { device in
          device.id == name || (address.map { device.addresses.contains($0) } ?? false)
        }
        var found = Set(matching.flatMap(\.addresses))
        if let address { found.insert(address) }
        addresses[index] = found
      case .destination(let address): addresses[index] = [address]
      case .country(let code):
        addresses[index] = Set(
          analysis.destinations.filter { $0.country == code }.map(\.address))
      case .asn(let number):
        addresses[index] = Set(analysis.destinations.filter { $0.asn == number }.map(\.address))
      case .severity:
        for finding in analysis.findings {
          for flow in finding.flows {
            severities[flow] = max(severities[flow] ?? 0, finding.severity.rank)
          }
        }
      default: break
      }
    }
  }

  /// Whether a flow is selected.
  func matches(_ flow: Flow, _ label: FlowLabel) -> Bool {
    terms.indices.allSatisfy { index in
      switch terms[index] {
      case .device, .destination, .country, .asn:
        let wanted = addresses[index] ?? []
        return wanted.contains(flow.originatorAddress) || wanted.contains(flow.responderAddress)
      case .verdict(let strength): return label.verdict.strength >= strength
      case .severity(let rank): return (severities[flow.id] ?? -1) >= rank
      case .flow(let id): return flow.id == id
      }
    }
  }

  /// Whether a finding is selected.
  func matches(_ finding: Finding) -> Bool {
    terms.indices.allSatisfy { index in
      switch terms[index] {
      case .device, .destination:
        let wanted = addresses[index] ?? []
        return wanted.contains(finding.sourceAddress)
          || wanted.contains(finding.destination.address)
      case .country(let code): return finding.destination.country == code
      case .asn(let number): return finding.destination.asn == number
      case .verdict(let strength): return finding.video.verdict.strength >= strength
      case .severity(let rank): return finding.severity.rank >= rank
      case .flow(let id): return finding.flows.contains(id)
      }
    }
  }
}
