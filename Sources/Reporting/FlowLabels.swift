// SPDX-License-Identifier: Apache-2.0

public import ProtocolRecognition
public import VideoDetection

/// What recognition and detection say of one flow.
public struct FlowLabel: Sendable, Hashable {
  /// Rank of the flow.
  public var flowID: Int
  /// What the flow speaks, as printed.
  public var service: String?
  /// Name of the server as the client asked for it; hostile text.
  public var serverName: String?
  /// The greater verdict of its two directions.
  public var verdict: VideoVerdict
  /// What the flow's own bytes told of its ends; hostile texts.
  public var facts: [FlowFact] = []

  /// Makes a label.
  public init(
    flowID: Int, service: String? = nil, serverName: String? = nil,
    verdict: VideoVerdict = .noEvidence
  ) {
    self.flowID = flowID
    self.service = service
    self.serverName = serverName
    self.verdict = verdict
  }
}

/// Labels of those flows of which something was learnt.
public struct FlowLabels: Sendable {
  private let labels: [FlowLabel]

  /// Makes labels; of several with one flow the first given is kept.
  ///
  /// - Complexity: O(*n* log *n*).
  public init(_ labels: [FlowLabel]) {
    if Self.isInOrder(labels) {
      self.labels = labels
      return
    }
    let ranked = labels.enumerated().sorted {
      ($0.element.flowID, $0.offset) < ($1.element.flowID, $1.offset)
    }
    var kept: [FlowLabel] = []
    kept.reserveCapacity(ranked.count)
    for (_, label) in ranked where kept.last?.flowID != label.flowID { kept.append(label) }
    self.labels = kept
  }

  private static func isInOrder(_ labels: [FlowLabel]) -> Bool {
    for index in labels.indices.dropFirst() where labels[index - 1].flowID >= labels[index].flowID {
      return false
    }
    return true
  }

  /// The label of a flow; an empty one without evidence where nothing was learnt.
  ///
  /// - Complexity: O(log *n*).
  public subscript(flowID: Int) -> FlowLabel {
    var low = 0
    var high = labels.count
    while low < high {
      let middle = (low + high) / 2
      if labels[middle].flowID < flowID { low = middle + 1 } else { high = middle }
    }
    guard labels.indices.contains(low), labels[low].flowID == flowID else {
      return FlowLabel(flowID: flowID)
    }
    return labels[low]
  }
}
