// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import HostInventory
internal import VideoDetection

/// `analyze --format ndjson`: one JSON object a line, each with its kind under `record`.
///
/// The objects are those of the JSON: `finding`, `story`, `camera_verdict`, `media_stream`, `device`,
/// `destination`, `limitation`, in this order.
public enum AnalysisNDJSON {
  /// Writes the records.
  public static func write(
    _ analysis: Analysis, selection: Selection = Selection(), to sink: ReportSink
  ) {
    let matcher = selection.matcher(for: analysis)
    func line(_ record: String, _ value: (inout JSONWriter) -> Void) {
      if sink.hasFailed { return }
      var json = JSONWriter(sink, lineDepth: 0)
      json.object { json in
        json.member("record", record)
        json.key(named: record)
        value(&json)
      }
      json.end()
    }
    for finding in analysis.findings where matcher.matches(finding) {
      line("finding") { $0.value(finding) }
    }
    for story in analysis.stories { line("story") { $0.value(story) } }
    for verdict in analysis.cameraVerdicts { line("camera_verdict") { $0.value(verdict) } }
    for stream in analysis.mediaStreams { line("media_stream") { $0.value(stream) } }
    for device in analysis.devices { line("device") { $0.value(device) } }
    for destination in analysis.destinations { line("destination") { $0.value(destination) } }
    for limitation in analysis.limitations { line("limitation") { $0.value(limitation) } }
  }
}
