// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration

extension HTMLReport {
  func writeTimeline() {
    section(
      "timeline", "Timeline",
      "What each finding sent, when. Bars are payload in a bin of time; the numbers at the right are "
        + "the sum and the highest bit rate. Times are UTC."
    ) {
      let lanes = max(1, min(findings.count, Self.timelineLanes))
      let drawing = FindingTimeline(
        analysis, selection, maximumBins: min(1_200, max(60, Self.timelineCells / lanes)))
      guard drawing.timeline.binCount > 0, !drawing.labels.isEmpty else {
        writer.element("p", [:], "There is no finding to draw.")
        return
      }
      writeTools()
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
        let rough = FindingTimeline(analysis, selection)
        TimelineSVG(rough.timeline, rough.labels).write(writer)
      }
      writeLegend()
      writeCut(
        min(drawing.labels.count, Self.timelineLanes), of: findings.count, "findings",
        "lenstrace timeline --format csv")
      writeData(drawing)
    }
  }

  private func writeTools() {
    writer.element("div", ["class": "tools only-js"]) {
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
            let isKey = kind == .keyFrame
            writer.empty(
              "path", ["class": isKey ? "key" : "mark", "d": isKey ? "M0-4v8" : kind.shape])
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
  private func writeData(_ drawing: FindingTimeline) {
    let timeline = drawing.timeline
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
      let lanes = zip(timeline.lanes, drawing.labels).prefix(Self.timelineLanes)
      let owners = Dictionary(
        findings.map { ($0.id, $0.device) }, uniquingKeysWith: { first, _ in first })
      json.member("lanes", lanes) { json, entry in
        let (lane, label) = entry
        json.object { json in
          json.member("id", lane.group)
          json.member("label", String(label.title.prefix(80)))
          json.member("note", label.note)
          json.member("device", owners[lane.group] ?? nil)
          json.member("severity", label.style)
          json.member("total", lane.bins.reduce(0) { $0 &+ $1.newPayloadBytes })
          json.key("bins")
          json.array { $0.runs(of: lane.bins) }
          json.member("events", label.events) { json, event in
            json.array { json in
              json.value(Double(event.time) / 1e9)
              json.value(event.kind.rawValue)
              json.value(String(event.text.prefix(120)))
            }
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
