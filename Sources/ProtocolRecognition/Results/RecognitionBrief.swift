// SPDX-License-Identifier: Apache-2.0

/// What a pass over all flows asks of what was recognised of one: numbers without references, so
/// that asking costs nearly nothing; ``FlowRecognition`` has the rest.
package struct RecognitionBrief: Sendable, BitwiseCopyable {
  /// Nothing was learnt of the flow.
  package static let none = RecognitionBrief()

  /// Place among the recognitions of its shard, `FlowLog.none` where there is none.
  var index = FlowLog.none
  /// Number of the server's name among the shard's texts.
  var serverName = FlowLog.none
  /// What the flow speaks; `nil` when nothing was certain.
  package var service: Service?
  /// Which way media was asked to run.
  package var intent: MediaIntent?
  /// Whether its facts tell events: downloads, changes of a configuration.
  package var tellsEvents = false
  /// Whether it was changed after the capture had been read, so that only the whole recognition has
  /// the server's name.
  package fileprivate(set) var isAmended = false

  /// Number of the server's name among the texts of its shard, `nil` where it has none there.
  package var serverNameText: UInt32? { serverName == FlowLog.none ? nil : serverName }
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

  /// Texts, among them the names of servers by the numbers that briefs have.
  package var texts: TextStore { log?.log.texts ?? TextStore() }
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
