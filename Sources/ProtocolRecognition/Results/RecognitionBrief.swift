// SPDX-License-Identifier: Apache-2.0

/// What a pass over all flows asks of what was recognised of one: numbers without references, so
/// that asking costs nearly nothing; ``FlowRecognition`` has the rest.
package struct RecognitionBrief: Sendable, BitwiseCopyable {
  /// Nothing was learnt of the flow.
  package static let none = RecognitionBrief()

  /// Place among the recognitions of its shard, `FlowLog.none` where there is none.
  var index = FlowLog.none
  /// Number of the server's name among the log's texts.
  var serverName = FlowLog.none
  /// What the flow speaks; `nil` when nothing was certain.
  package var service: Service?
  /// Which way media was asked to run.
  package var intent: MediaIntent?
  /// Whether its facts tell events: downloads, changes of a configuration.
  package var tellsEvents = false
  /// Whether it was changed after the capture had been read.
  var isAmended = false
}

extension FlowRecognitions {
  /// Appends the briefs of the shard's flows, up to the last one that was recognised.
  package func appendBriefs(to briefs: inout [RecognitionBrief]) {
    let start = briefs.count
    let count = records.reduce(0) { Swift.max($0, Int($1.flow) + 1) }
    briefs.append(contentsOf: repeatElement(.none, count: count))
    guard let log = log?.log else { return appendAmended(to: &briefs, start) }
    for index in records.indices {
      let record = records[index]
      var brief = RecognitionBrief()
      brief.index = UInt32(truncatingIfNeeded: index)
      brief.serverName = record.serverName
      brief.service = record.service
      brief.intent = record.intent
      brief.tellsEvents = log.tellsEvents(record)
      briefs[start + Int(record.flow)] = brief
    }
    if !amendments.isEmpty { appendAmended(to: &briefs, start) }
  }

  private func appendAmended(to briefs: inout [RecognitionBrief], _ start: Int) {
    for index in indices where log == nil || amendments[index] != nil {
      let flow = self[index]
      var brief = RecognitionBrief()
      brief.index = UInt32(truncatingIfNeeded: index)
      brief.service = flow.service
      brief.intent = flow.intent
      brief.tellsEvents = flow.details.contains { $0.kind.isEvent }
      brief.isAmended = true
      briefs[start + Int(flow.flow)] = brief
    }
  }

  /// The whole of what was learnt.
  package func recognition(_ brief: RecognitionBrief) -> FlowRecognition? {
    brief.index == FlowLog.none ? nil : self[Int(brief.index)]
  }

  /// Looks at the bytes of the server's name, of none where there is no name.
  package func withServerName(of brief: RecognitionBrief, _ look: (Span<UInt8>) -> Void) {
    if brief.isAmended {
      let name = self[Int(brief.index)].serverName ?? ""
      look(name.utf8.span)
    } else if let log, brief.serverName != FlowLog.none {
      log.withText(brief.serverName, look)
    } else {
      look(Span())
    }
  }
}

extension FlowFact.Kind {
  /// Whether it is something that happened and not what an end is.
  var isEvent: Bool {
    switch self {
    case .download, .firmwareDownload, .configurationWrite: true
    default: false
    }
  }
}
