// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import PacketDecoding
internal import VideoDetection

/// What a drawing of a timeline shows: its lanes, what stands beside them, the events below them.
struct TimelineLanes {
  /// Bins of a drawing at most, where one stands for a pixel or more.
  static let drawnBins = 280
  /// Findings that get a lane each; of more, those to one address share one, so that a drawing can
  /// be taken in at a glance.
  static let maximumFindings = 12

  /// The lanes and their bins.
  private(set) var timeline: Timeline
  /// One for each lane of the timeline, in their order.
  private(set) var labels: [TimelineLaneLabel] = []
  /// Times that no input covers.
  let gaps: [CaptureSummary.Gap]
  /// What findings share lanes by; `nil` where each has its own.
  let sharing: Sharing?

  /// What findings share a lane by.
  enum Sharing: String {
    /// The address that received.
    case destination
    /// The device that sent.
    case device
  }

  /// Prepares a drawing.
  ///
  /// - Parameters:
  ///   - analysis: What to draw.
  ///   - grouping: What the lanes stand for; `nil` is findings, which share lanes where there are
  ///     many.
  ///   - sharing: What findings share lanes by; `nil` shares by destination where there are many.
  ///   - binSeconds: Width of a bin; `nil` chooses one that gives at most `maximumBins` bins.
  ///   - maximumBins: Aim of the automatic width.
  ///   - selection: What is shown.
  init(
    _ analysis: Analysis, by grouping: Timeline.Grouping?, sharing: Sharing? = nil,
    binSeconds: Int64? = nil, maximumBins: Int = drawnBins, selection: Selection = Selection()
  ) {
    gaps = analysis.capture.gaps
    var timeline = Timeline(
      of: analysis, by: grouping ?? .finding, binSeconds: binSeconds, maximumBins: maximumBins,
      selection: selection)
    let areMany = timeline.lanes.count > Self.maximumFindings
    self.sharing = sharing ?? (grouping == nil && areMany ? .destination : nil)
    let events = TimelineEvents(analysis)
    let members = Members(analysis, grouping ?? .finding, self.sharing)
    if self.sharing != nil { timeline.joinLanes(members.name) }
    self.timeline = timeline
    labels = timeline.lanes.map { lane in
      let findings = members.findings(of: lane)
      var label =
        findings.first.flatMap { first in
          switch grouping {
          case nil, .finding: Self.label(of: findings, first)
          default: nil
          }
        } ?? Self.label(of: lane, isFlow: grouping == .flow)
      if let worst = findings.map(\.severity).max() { label.style = worst.rawValue }
      label.events = events.events(of: findings)
      return label
    }
  }

  /// A lane of one finding, or of several that share it.
  private static func label(of findings: [Finding], _ first: Finding) -> TimelineLaneLabel {
    let surest = findings.map(\.video.verdict).max() ?? first.video.verdict
    let worst = findings.map(\.severity).max() ?? first.severity
    let senders = findings.map { $0.device ?? $0.sourceAddress.description }
    let targets = findings.map { place($0) + [$0.destination.address.description] }
      .map { $0.joined(separator: " ") }
    return TimelineLaneLabel(
      title: "\(several(senders, "devices")) > \(several(targets, "destinations"))",
      note: (findings.count == 1 ? first.id : "\(findings.count) findings")
        + ", \(worst.rawValue), video \(surest.words)", style: worst.rawValue)
  }

  /// Country and AS of a destination outside.
  private static func place(_ finding: Finding) -> [String] {
    guard finding.exposure.level > .inside else { return [] }
    return [finding.destination.country, finding.destination.asn.map { "AS\($0)" }]
      .compactMap { $0 }
  }

  private static func several(_ names: [String], _ noun: String) -> String {
    let count = Set(names).count
    return count == 1 ? names.first ?? "" : "\(count) \(noun)"
  }

  private static func label(of lane: Timeline.Lane, isFlow: Bool) -> TimelineLaneLabel {
    var title = lane.group
    var notes: [String] = []
    if let source = lane.source, let destination = lane.destination {
      if isFlow {
        // The group is the number and the direction, which the addresses show.
        title = "flow \(lane.group.dropLast()) \(source) > \(destination)"
      } else {
        notes.append("\(source) > \(destination)")
      }
    }
    if let country = lane.destinationCountry, country != lane.group { notes.append(country) }
    if let number = lane.destinationASN, lane.group != "AS\(number)" { notes.append("AS\(number)") }
    let style: Severity =
      switch lane.verdict {
      case .certain: .high
      case .likely: .medium
      case .possible: .low
      case .noEvidence, .notAssessed: .info
      }
    return TimelineLaneLabel(
      title: title, note: notes.joined(separator: " "), style: style.rawValue)
  }
}

/// What stands beside a lane of a drawing; parts from packets are not escaped.
struct TimelineLaneLabel {
  /// The first line.
  var title: String
  /// The second line.
  var note: String
  /// Name of the colour: a severity.
  var style: String
  /// Marks below the lane.
  var events: [TimelineEvent] = []
}

/// Which findings the traffic of a lane is that of.
private struct Members {
  private var findings: [String: [Finding]] = [:]
  private var names: [String: String] = [:]
  private let grouping: Timeline.Grouping

  init(
    _ analysis: Analysis, _ grouping: Timeline.Grouping, _ sharing: TimelineLanes.Sharing?
  ) {
    self.grouping = grouping
    for finding in analysis.findings {
      for key in Self.keys(of: finding, grouping, sharing) {
        findings[key, default: []].append(finding)
        if sharing != nil { names[finding.id] = key }
      }
    }
  }

  /// The name of the lane that a finding's lane becomes part of.
  func name(_ lane: Timeline.Lane) -> String { names[lane.group] ?? lane.group }

  /// The findings of a lane, the worst first.
  func findings(of lane: Timeline.Lane) -> [Finding] {
    switch grouping {
    case .flow, .stream:
      // The group begins with the number of the flow.
      let flow = lane.group.prefix { $0.isASCII && $0.isNumber }
      return findings["\(flow) \(lane.source.map(\.description) ?? "")"] ?? []
    default: return findings[lane.group] ?? []
    }
  }

  private static func keys(
    of finding: Finding, _ grouping: Timeline.Grouping, _ sharing: TimelineLanes.Sharing?
  ) -> [String] {
    let destination = finding.destination
    switch sharing {
    case .destination: return [destination.address.description]
    case .device: return [finding.device ?? finding.sourceAddress.description]
    case nil: break
    }
    let isOutside = finding.exposure.level > .inside
    switch grouping {
    case .finding: return [finding.id]
    case .device: return finding.device.map { [$0] } ?? []
    case .destination: return [destination.address.description]
    case .country: return isOutside ? [destination.country ?? "unknown"] : []
    case .asn: return isOutside ? [destination.asn.map { "AS\($0)" } ?? "unknown"] : []
    case .flow, .stream: return finding.flows.map { "\($0) \(finding.sourceAddress)" }
    }
  }
}
