// SPDX-License-Identifier: Apache-2.0

/// Notes by which recognizers say that the other end of a flow passes media on to viewers who are
/// not in the capture (camera-protocols.md B1, B2, B9).
package enum RelayNote {
  /// EZVIZ and Hik-Connect: the servers that hand streams to viewers (VTM, VTDU).
  package static let ezviz = "relay of EZVIZ and Hik-Connect (VTM/VTDU)"
  /// Dahua: the agent that joins two ends which cannot reach each other.
  package static let dahua = "relay of Dahua's P2P (agent)"
  /// CS2 Network's P2P: a server to which relay messages go.
  package static let pppp = "relay of CS2 P2P (RLY)"
  /// Begins a note that names the agent of a relay elsewhere; `ADDRESS:PORT` follows.
  package static let dahuaAgent = "Dahua relay agent "

  /// The relay that a fact says the other end is; `nil` for other facts.
  package static func relay(_ fact: FlowFact) -> String? {
    guard fact.kind == .note else { return nil }
    return [ezviz, dahua, pppp].first { $0 == fact.text }
  }

  /// The address of an agent that a fact names.
  package static func agent(_ fact: FlowFact) -> Substring? {
    guard fact.kind == .note, fact.text.hasPrefix(dahuaAgent) else { return nil }
    let end = fact.text.dropFirst(dahuaAgent.count)
    return end.lastIndex(of: ":").map { end[..<$0] } ?? end
  }
}
