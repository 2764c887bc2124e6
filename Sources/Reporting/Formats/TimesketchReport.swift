// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import PacketDecoding
internal import VideoDetection

/// `--format timesketch`: a CSV timeline that Timesketch imports, one line an event.
///
/// `message`, `datetime` (ISO 8601, microseconds, UTC) and `timestamp_desc` are what Timesketch
/// requires; `time` has all nine decimals.
public enum TimesketchReport {
  private struct Event {
    var time: Int64
    var description: String
    var message: String
    var finding: Finding?
    var story: Story?
    var packet: PacketReference?
  }

  /// Writes the events in time order.
  public static func write(
    _ analysis: Analysis, selection: Selection = Selection(), to sink: ReportSink
  ) {
    sink.write(
      "message,datetime,timestamp_desc,time,finding,severity,video_verdict,exposure,device,"
        + "source_ip,destination_ip,destination_port,destination_country,destination_asn,bytes,"
        + "file,frame,story\n")
    let events = events(of: analysis, selection).enumerated().sorted {
      ($0.element.time, $0.offset) < ($1.element.time, $1.offset)
    }
    for (_, event) in events {
      if sink.hasFailed { return }
      let stamp = Timestamp(nanoseconds: event.time)
      let finding = event.finding
      let fields: [ReportField] = [
        .hostile(event.message), .text("\(stamp.rfc3339.dropLast(4))+00:00"),
        .text(event.description), .time(event.time), .text(finding?.id),
        .text((finding?.severity ?? event.story?.severity)?.rawValue),
        .text(finding?.video.verdict.rawValue),
        .text(finding?.exposure.level.code), .text(finding?.device),
        .text(finding?.sourceAddress.description),
        .text(finding?.destination.address.description),
        .count(finding?.destination.port.map(UInt64.init)),
        .hostile(finding?.destination.country),
        .count(finding?.destination.asn.map(UInt64.init)),
        .count(finding?.bytes ?? event.story?.bytes),
        .count(event.packet.map { UInt64($0.file) }), .count(event.packet?.frame),
        .text(event.story?.id),
      ]
      for (index, field) in fields.enumerated() {
        if index > 0 { sink.write(UInt8(ascii: ",")) }
        sink.writeCSV(field)
      }
      sink.write(UInt8(ascii: "\n"))
    }
  }

  private static func events(of analysis: Analysis, _ selection: Selection) -> [Event] {
    var events: [Event] = []
    if let first = analysis.capture.firstTime {
      events.append(Event(time: first, description: "Capture Start", message: "capture begins"))
    }
    if let last = analysis.capture.lastTime {
      events.append(Event(time: last, description: "Capture End", message: "capture ends"))
    }
    for gap in analysis.capture.gaps {
      let seconds = Quantity.duration((Double(gap.to) - Double(gap.from)) / 1e9)
      events.append(
        Event(
          time: gap.from, description: "Capture Gap",
          message: "no capture file covers the next \(seconds)"))
    }
    let matcher = selection.matcher(for: analysis)
    let marks = TimelineEvents(analysis)
    for finding in analysis.findings where matcher.matches(finding) {
      let packet = finding.video.reasons.first?.packets.first
      events.append(
        Event(
          time: finding.firstTime, description: "Transfer Start", message: finding.text,
          finding: finding, packet: packet))
      events.append(
        Event(
          time: finding.lastTime, description: "Transfer End",
          message: "\(finding.id) ends: \(Quantity.bytes(finding.bytes)) sent", finding: finding))
      for event in finding.before {
        events.append(
          Event(
            time: event.time, description: "Before First Video",
            message: "\(finding.device ?? "\(finding.sourceAddress)") \(event.text)",
            finding: finding, packet: event.packets.first))
      }
      for mark in marks.events(of: [finding]) where mark.kind == .dns || mark.kind == .inbound {
        events.append(
          Event(
            time: mark.time,
            description: mark.kind == .dns ? "DNS Answer" : "Inbound Connection",
            message: mark.text, finding: finding))
      }
    }
    for story in analysis.stories {
      events.append(
        Event(
          time: story.firstTime, description: "Story Start", message: story.text, story: story))
      for fact in story.facts {
        guard let time = fact.time else { continue }
        events.append(
          Event(
            time: time, description: "Story Fact", message: "\(story.id): \(fact.text)",
            story: story, packet: fact.packets.first))
      }
    }
    return events
  }
}
