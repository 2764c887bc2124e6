// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import FlowTracking
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// Something that happened beside the traffic of a finding: a mark under its lane.
struct TimelineEvent: Sendable, Hashable {
  /// What happened, the most telling first: where two fall together, the first is drawn.
  enum Kind: String, Sendable, CaseIterable {
    /// A host outside opened a connection to the sender.
    case inbound
    /// A name was answered with the address of the destination.
    case dns
    /// The first packet.
    case began
    /// A picture from which decoding can begin.
    case keyFrame = "key"
    /// No capture file covers the time that follows.
    case gap

    /// What stands for it in a terminal.
    var symbol: Character {
      switch self {
      case .inbound: "▼"
      case .dns: "◆"
      case .began: "▲"
      case .keyFrame: "╵"
      case .gap: "×"
      }
    }

    /// What it is called in a legend.
    var words: String {
      switch self {
      case .inbound: "connection from outside"
      case .dns: "DNS answer"
      case .began: "begins"
      case .keyFrame: "key frame"
      case .gap: "gap in the capture"
      }
    }
  }

  /// What happened.
  var kind: Kind
  /// When, in nanoseconds since 1970.
  var time: Int64
  /// What happened, in words; parts from packets are not escaped.
  var text: String
}

/// The events of all findings of an analysis.
struct TimelineEvents {
  /// Answers and connections that a lane shows at most, each.
  static let maximumEventsOfKind = 16
  /// Key frames that a lane shows at most.
  static let maximumKeyFrames = 128

  private let analysis: Analysis
  private var answers: [IPAddress: [TimelineEvent]] = [:]
  private var connections: [IPAddress: [TimelineEvent]] = [:]
  private var streams: [Int: [MediaStream]] = [:]

  /// Looks through names, streams and flows once.
  ///
  /// - Complexity: O(*n*) in the names, streams and flows.
  init(_ analysis: Analysis) {
    self.analysis = analysis
    let wanted = Set(analysis.findings.map(\.destination.address))
    for name in analysis.names {
      guard let packet = name.packet, wanted.contains(name.address) else { continue }
      let event = TimelineEvent(
        kind: .dns, time: packet.time,
        text: "\(name.source) answer: \(name.name) is \(name.address)")
      Self.add(event, to: &answers[name.address, default: []])
    }
    for stream in analysis.mediaStreams where !stream.keyFrameTimes.isEmpty {
      streams[stream.flowID, default: []].append(stream)
    }
    let senders = Set(analysis.findings.map(\.sourceAddress))
    let outside = Set(analysis.destinations.map(\.address))
    guard !senders.isEmpty, !outside.isEmpty else { return }
    for flow in analysis.flows
    where senders.contains(flow.responderAddress) && outside.contains(flow.originatorAddress) {
      guard flow.protocolNumber == 6 else { continue }
      let event = TimelineEvent(
        kind: .inbound, time: flow.firstPacket.time,
        text: "\(flow.originatorAddress) connects"
          + (flow.hasPorts ? " to port \(flow.responderPort)" : ""))
      Self.add(event, to: &connections[flow.responderAddress, default: []])
    }
  }

  private static func add(_ event: TimelineEvent, to list: inout [TimelineEvent]) {
    if list.count < maximumEventsOfKind { list.append(event) }
  }

  /// The events of findings that share a lane, in time order.
  ///
  /// - Complexity: O(*n*) in their flows and the bounds of this type.
  func events(of findings: [Finding]) -> [TimelineEvent] {
    var seen: Set<TimelineEvent> = []
    var result: [TimelineEvent] = []
    func add(_ events: [TimelineEvent]) {
      for event in events where seen.insert(event).inserted { result.append(event) }
    }
    var keyFrames: [TimelineEvent] = []
    for finding in findings {
      add([TimelineEvent(kind: .began, time: finding.firstTime, text: "begins")])
      add(answers[finding.destination.address] ?? [])
      add(connections[finding.sourceAddress] ?? [])
      for id in finding.flows where keyFrames.count < Self.maximumKeyFrames {
        for stream in streams[id] ?? [] where stream.sourceAddress == finding.sourceAddress {
          keyFrames += stream.keyFrameTimes.map {
            TimelineEvent(kind: .keyFrame, time: $0, text: "key frame")
          }
        }
      }
    }
    add(Array(keyFrames.prefix(Self.maximumKeyFrames)))
    return result.enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }.map(\.element)
  }
}
