// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// Which flows are listed, and in which order.
public struct FlowList: Sendable {
  /// What the flows are sorted by.
  public enum Order: String, Sendable, CaseIterable {
    /// First packet, the earliest first.
    case first
    /// Wire bytes of both directions, the most first.
    case bytes
    /// Packets of both directions, the most first.
    case packets
    /// Time from first to last packet, the longest first.
    case duration
  }

  /// What the flows are sorted by; equal ones by first packet.
  public var order: Order
  /// Number of flows listed at most; `nil` for all.
  public var limit: Int?
  /// Which flows are listed.
  public var selection: Selection

  /// Makes a list of all flows in order of their first packets.
  public init(order: Order = .first, limit: Int? = nil, selection: Selection = Selection()) {
    self.order = order
    self.limit = limit
    self.selection = selection
  }

  /// Positions of the listed flows, lazily where nothing must be sorted or selected.
  ///
  /// - Complexity: O(*n* log *n*) where sorted, else O(1).
  func positions(in analysis: Analysis) -> any Sequence<Int> {
    let all = analysis.flows.indices
    if order == .first, selection.isEmpty { return all.prefix(limit ?? all.count) }
    var ranked: [(rank: Double, position: Int)] = []
    let matcher = selection.matcher(for: analysis)
    for position in all {
      let flow = analysis.flows[position]
      guard matcher.matches(flow, analysis.flowLabels[flow.id]) else { continue }
      ranked.append((rank(of: flow), position))
    }
    if order != .first {
      ranked.sort { $0.rank == $1.rank ? $0.position < $1.position : $0.rank > $1.rank }
    }
    return ranked.prefix(limit ?? ranked.count).map(\.position)
  }

  /// The listed flows with their labels.
  func rows(of analysis: Analysis) -> some Sequence<FlowRow> {
    let positions = AnySequence(positions(in: analysis))
    return positions.lazy.map { position in
      let flow = analysis.flows[position]
      return FlowRow(flow: flow, label: analysis.flowLabels[flow.id])
    }
  }

  private func rank(of flow: Flow) -> Double {
    switch order {
    case .first: 0
    case .bytes: Double(flow.originator.wireBytes &+ flow.responder.wireBytes)
    case .packets: Double(flow.originator.packets &+ flow.responder.packets)
    case .duration: flow.durationSeconds
    }
  }
}
