// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration

extension HTMLReport {
  func writeTimeline() {
    section(
      "timeline", "Timeline",
      "What the findings sent, when. Bars are payload in a bin of time; the numbers at the right are "
        + "the sum and the highest bit rate. Times are UTC"
        + (analysis.timeZone.map { ", with \($0.name) below." } ?? ".")
    ) {
      let views = timelineViews()
      guard let first = views.first, first.lanes.timeline.binCount > 0, !first.lanes.labels.isEmpty
      else {
        writer.element("p", [:], "There is no finding to draw.")
        return
      }
      writeTools(views)
      writer.element("div", ["class": "only-js"]) {
        writer.element("div", ["class": "live", "id": "timeline-live"]) {
          writer.element("div", ["class": "tip", "id": "timeline-tip", "hidden": ""]) {}
        }
        writer.element(
          "p", ["class": "dim", "id": "timeline-help"],
          "Drag over the drawing to look closer, double-click to see all. With the keyboard: left "
            + "and right move the time, up and down the lane, plus and minus zoom, 0 shows all.")
      }
      writer.element("div", ["class": "only-static scroll"]) {
        TimelineSVG(TimelineLanes(analysis, by: nil, selection: selection), analysis.clock)
          .write(writer)
      }
      writeLegend()
      writeCut(
        Self.timelineLanes, of: findings.count, "lanes of findings",
        "lenstrace timeline --format csv")
      writeData(views)
    }
  }

  /// One way to divide the findings into lanes.
  private struct View {
    var name: String
    var title: String
    var lanes: TimelineLanes
  }

  /// The views, the one to begin with first: lanes that findings share where they are many.
  private func timelineViews() -> [View] {
    func view(_ title: String, _ sharing: TimelineLanes.Sharing?) -> View {
      let count = max(1, min(findings.count, Self.timelineLanes))
      let lanes = TimelineLanes(
        analysis, by: sharing == nil ? .finding : nil, sharing: sharing,
        maximumBins: min(1_200, max(60, Self.timelineCells / count)), selection: selection)
      return View(name: sharing?.rawValue ?? "finding", title: title, lanes: lanes)
    }
    let single = view("each finding", nil)
    let shared = [view("each destination", .destination), view("each device", .device)]
    return findings.count > TimelineLanes.maximumFindings ? shared + [single] : [single] + shared
  }

  private func writeTools(_ views: [View]) {
    writer.element("div", ["class": "tools only-js"]) {
      writer.element("label", ["for": "view"], "A lane for")
      writer.element("select", ["id": "view"]) {
        for view in views { writer.element("option", ["value": view.name], view.title) }
      }
      writer.element("label", ["for": "device"], "Device")
      writer.element("select", ["id": "device"]) {
        writer.element("option", ["value": ""], "all devices")
        var seen: Set<String> = []
        for id in findings.compactMap(\.device) where seen.insert(id).inserted {
          writer.element("option", ["value": id], name(ofDevice: id))
        }
      }
      for (id, title, words) in [
        ("zoom-in", "+", "Zoom in"), ("zoom-out", "\u{2212}", "Zoom out"),
        ("move-left", "\u{2190}", "Earlier"), ("move-right", "\u{2192}", "Later"),
        ("zoom-findings", "Findings", "Show the time of the findings"),
        ("zoom-all", "Show all", "Show all of the time"),
      ] {
        writer.element("button", ["type": "button", "id": id, "aria-label": words], title)
      }
      writer.element("label", [:]) {
        writer.empty("input", ["type": "checkbox", "id": "same-scale"])
        writer.text(" same scale for all lanes")
      }
      writer.element("output", ["id": "timeline-range", "aria-live": "polite"]) {}
    }
  }

  private func writeLegend() {
    writer.element("ul", ["class": "legend"]) {
      for kind in TimelineEvent.Kind.allCases {
        writer.element("li", [:]) {
          writer.element(
            "svg", ["class": "drawing", "viewBox": "-7 -6 14 12", "aria-hidden": "true"]
          ) {
            switch kind {
            case .keyFrame: writer.empty("path", ["class": "key", "d": "M0-4v8"])
            case .gap:
              writer.empty(
                "rect", ["class": "gap", "x": "-7", "y": "-6", "width": "14", "height": "12"])
            default: writer.empty("path", ["class": "mark", "d": kind.shape])
            }
          }
          writer.text(" \(kind.words)")
        }
      }
      for severity in Severity.allCases.reversed() {
        writer.element("li", [:]) {
          writer.element(
            "svg", ["class": "drawing", "viewBox": "0 0 14 12", "aria-hidden": "true"]
          ) {
            writer.empty(
              "rect", ["class": severity.rawValue, "width": "14", "height": "11", "y": "1"])
          }
          writer.text(" severity \(severity.rawValue)")
        }
      }
    }
  }

  /// The timeline as the script reads it; a data block that is never run.
  private func writeData(_ views: [View]) {
    guard let timeline = views.first?.lanes.timeline else { return }
    let data = ReportSink()
    var json = JSONWriter(data, lineDepth: 0)
    json.object { json in
      json.member("start", timeline.start)
      json.member("width", timeline.binSeconds)
      json.member("count", timeline.binCount)
      json.member("gaps", analysis.capture.gaps) { json, gap in
        json.array { json in
          json.value(Double(gap.from) / 1e9)
          json.value(Double(gap.to) / 1e9)
        }
      }
      if let zone = analysis.timeZone { write(zone, of: timeline, &json) }
      let owners = Dictionary(
        findings.map { ($0.id, $0.device) }, uniquingKeysWith: { first, _ in first })
      json.key("views")
      json.object { json in
        for view in views {
          let lanes = zip(view.lanes.timeline.lanes, view.lanes.labels).prefix(Self.timelineLanes)
          json.key(named: view.name)
          json.array(lanes) { json, entry in
            let (lane, label) = entry
            let device = view.name == "device" ? lane.group : owners[lane.group] ?? nil
            write(lane, label, device, &json)
          }
        }
      }
    }
    writer.markup("<script type=\"application/json\" id=\"timeline-data\">")
    // `</script>` and `<!--` must not appear inside, whatever a name says.
    for byte in data.bytes {
      switch byte {
      case UInt8(ascii: "<"): writer.sink.write("\\u003c")
      case UInt8(ascii: ">"): writer.sink.write("\\u003e")
      case UInt8(ascii: "&"): writer.sink.write("\\u0026")
      default: writer.sink.write(byte)
      }
    }
    writer.markup("</script>\n")
  }

  /// The offsets of the site's clock, each from its second on.
  private func write(_ zone: LocalTimeZone, of timeline: Timeline, _ json: inout JSONWriter) {
    var offsets: [(Int64, Int)] = []
    for index in 0..<timeline.binCount {
      let start = timeline.start(ofBin: index)
      let (time, overflow) = start.multipliedReportingOverflow(by: 1_000_000_000)
      let offset = overflow ? 0 : zone.offset(at: time)
      if offsets.last?.1 != offset { offsets.append((start, offset)) }
    }
    json.member("zone", zone.name)
    json.member("offsets", offsets) { json, entry in
      json.array { json in
        json.value(entry.0)
        json.value(entry.1)
      }
    }
  }

  private func write(
    _ lane: Timeline.Lane, _ label: TimelineLaneLabel, _ device: String?, _ json: inout JSONWriter
  ) {
    json.object { json in
      json.member("label", String(label.title.prefix(80)))
      json.member("note", label.note)
      json.member("device", device)
      json.member("severity", label.style)
      json.member("total", lane.bins.reduce(0) { $0 &+ $1.newPayloadBytes })
      json.key("bins")
      json.array { $0.runs(of: lane.bins) }
      json.member("events", label.events.prefix(Self.laneEvents)) { json, event in
        json.array { json in
          json.value(Double(event.time) / 1e9)
          json.value(event.kind.rawValue)
          json.value(event.kind == .keyFrame ? "" : String(event.text.prefix(120)))
        }
      }
    }
  }

  func writeMap() {
    section(
      "map", "Who sent how much to whom",
      "Everything that devices of the inside sent outside, as payload: from the device over the "
        + "operator of the address to its country. Width is volume; colour is the severity of the "
        + "finding that tells of it, grey where there is none. The destinations table has the same "
        + "in numbers."
    ) {
      let map = TrafficMap(analysis, selection)
      guard !map.isEmpty else {
        writer.element("p", [:], "Nothing was sent outside.")
        return
      }
      writer.element(
        "div", ["class": "scroll", "role": "region", "aria-label": "Map", "tabindex": "0"]
      ) {
        writer.element("div", ["class": "wide"]) { TrafficMapSVG(map).write(writer) }
      }
    }
  }
}

extension JSONWriter {
  /// Writes bytes of bins; a run of empty ones is its length, negative.
  fileprivate mutating func runs(of bins: [Timeline.Bin]) {
    var empty: Int64 = 0
    for bin in bins {
      if bin.newPayloadBytes == 0 {
        empty += 1
        continue
      }
      if empty > 0 { value(-empty) }
      empty = 0
      value(bin.newPayloadBytes)
    }
    if empty > 0 { value(-empty) }
  }
}
