// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
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
///
/// A label is made when it is asked for, so that millions of flows cost nothing where no report
/// lists them.
public struct FlowLabels: Sendable {
  /// What the labels of an analysis are made of.
  private struct Source: Sendable {
    var flows: FlowCollection
    var recognition: RecognitionIndex
    /// Verdicts of flows with an assessment, by id.
    var verdicts: [Int: VideoVerdict]
  }

  private let labels: [FlowLabel]
  private let source: Source?

  /// Makes labels; of several with one flow the first given is kept.
  ///
  /// - Complexity: O(*n* log *n*).
  public init(_ labels: [FlowLabel]) {
    source = nil
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

  /// Gives labels of what recognition learnt and of the verdicts by the ids of flows.
  package init(
    of flows: FlowCollection, recognition: RecognitionIndex, verdicts: [Int: VideoVerdict]
  ) {
    labels = []
    source = Source(flows: flows, recognition: recognition, verdicts: verdicts)
  }

  private static func isInOrder(_ labels: [FlowLabel]) -> Bool {
    for index in labels.indices.dropFirst() where labels[index - 1].flowID >= labels[index].flowID {
      return false
    }
    return true
  }

  /// The label of a flow; an empty one without evidence where nothing was learnt.
  ///
  /// - Complexity: O(1) on average; of labels that were given O(log *n*).
  public subscript(flowID: Int) -> FlowLabel {
    if let source { return Self.label(flowID, source) }
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

  private static func label(_ flowID: Int, _ source: Source) -> FlowLabel {
    var label = FlowLabel(flowID: flowID)
    guard source.flows.indices.contains(flowID - 1) else { return label }
    label.verdict = source.verdicts[flowID] ?? .noEvidence
    if let learnt = source.recognition.recognition(at: source.flows.place(flowID - 1)),
      learnt.service != nil || learnt.serverName != nil
    {
      label.service = learnt.service?.rawValue
      label.serverName = learnt.serverName
      label.facts = learnt.details
    }
    return label
  }
}
