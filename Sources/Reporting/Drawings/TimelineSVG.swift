// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import VideoDetection

/// A timeline as SVG: lanes over one UTC axis, each to its own peak, events below.
struct TimelineSVG {
  private let timeline: Timeline
  private let lanes: [TimelineLaneLabel]

  /// Width of the drawing in its own units.
  static let width = 960.0
  /// Lanes drawn at most.
  static let maximumLanes = 40
  private static let left = 300.0
  private static let right = 96.0
  private static let barHeight = 26.0
  private static let pitch = 46.0
  private static let axisHeight = 34.0

  /// Prepares a drawing; `lanes` name the lanes of the timeline in their order.
  init(_ timeline: Timeline, _ lanes: [TimelineLaneLabel]) {
    self.timeline = timeline
    self.lanes = Array(lanes.prefix(Self.maximumLanes))
  }

  /// Height of the drawing in its own units; 0 where there is nothing to draw.
  var height: Double {
    lanes.isEmpty || timeline.binCount == 0
      ? 0 : Double(lanes.count) * Self.pitch + Self.axisHeight
  }

  private var plot: Double { Self.width - Self.left - Self.right }

  /// Writes the `svg` element.
  func write(_ writer: MarkupWriter, at top: Double = 0, isWhole: Bool = true) {
    guard height > 0 else { return }
    let box = "0 0 \(MarkupText.coordinate(Self.width)) \(MarkupText.coordinate(height))"
    if isWhole {
      writer.open(
        "svg",
        [
          "class": "drawing chart", "viewBox": box, "role": "img",
          "aria-label": "Timeline of \(lanes.count) lanes",
        ])
    } else {
      writer.open(
        "svg",
        [
          "x": "0", "y": MarkupText.coordinate(top), "width": MarkupText.coordinate(Self.width),
          "height": MarkupText.coordinate(height), "viewBox": box,
        ])
    }
    writeAxis(writer)
    writeGaps(writer)
    for (index, label) in lanes.enumerated() where timeline.lanes.indices.contains(index) {
      write(timeline.lanes[index], label, at: Double(index) * Self.pitch + 4, writer)
    }
    writer.close("svg")
  }

  private func x(_ seconds: Double) -> Double {
    let span = Double(timeline.binSeconds) * Double(timeline.binCount)
    return Self.left + (seconds - Double(timeline.start)) / span * plot
  }

  private func writeAxis(_ writer: MarkupWriter) {
    let bottom = height - 28
    for seconds in TimeAxis.ticks(
      from: timeline.start,
      to: timeline.start + timeline.binSeconds * Int64(timeline.binCount), units: plot,
      unitsBetween: 84)
    {
      let position = x(Double(seconds.time))
      writer.empty(
        "path",
        [
          "class": "grid",
          "d": "M\(MarkupText.coordinate(position)) 0V\(MarkupText.coordinate(bottom))",
        ])
      guard position < Self.left + plot - 20 else { continue }
      writer.element(
        "text",
        [
          "class": "middle dim", "x": MarkupText.coordinate(position),
          "y": MarkupText.coordinate(height - 14),
        ], seconds.text)
    }
    writer.element(
      "text", ["class": "dim", "x": "4", "y": MarkupText.coordinate(height - 14)],
      "\(Timestamp(seconds: timeline.start).dateText) UTC, "
        + "\(Quantity.duration(Double(timeline.binSeconds))) a bin")
  }

  private func writeGaps(_ writer: MarkupWriter) {
    for (index, coverage) in timeline.coverage.enumerated() where coverage == .none {
      let from = x(Double(timeline.start(ofBin: index)))
      let to = x(Double(timeline.start(ofBin: index) + timeline.binSeconds))
      writer.empty(
        "rect",
        [
          "class": "gap", "x": MarkupText.coordinate(from), "y": "0",
          "width": MarkupText.coordinate(to - from),
          "height": MarkupText.coordinate(height - 30),
        ])
    }
  }

  private func write(
    _ lane: Timeline.Lane, _ label: TimelineLaneLabel, at top: Double, _ writer: MarkupWriter
  ) {
    let baseline = top + Self.barHeight
    func text(_ x: Double, _ y: Double, _ style: String, _ text: String, _ limit: Int) {
      writer.element(
        "text",
        ["class": style, "x": MarkupText.coordinate(x), "y": MarkupText.coordinate(y)],
        text, limit: limit)
    }
    text(4, top + 10, "strong", label.title, 42)
    text(4, top + 25, "dim", label.note, 44)
    let peak = lane.bins.map(\.newPayloadBytes).max() ?? 0
    let total = lane.bins.reduce(0) { $0 &+ $1.newPayloadBytes }
    text(Self.left + plot + 6, top + 10, "dim", Quantity.bytes(total), 20)
    text(
      Self.left + plot + 6, top + 25, "dim",
      Quantity.bitRate(bytes: peak, seconds: Double(timeline.binSeconds)) ?? "", 20)
    writer.empty(
      "path",
      [
        "class": "axis",
        "d": "M\(MarkupText.coordinate(Self.left)) \(MarkupText.coordinate(baseline))"
          + "h\(MarkupText.coordinate(plot))",
      ])
    writer.empty(
      "path", ["class": label.style, "d": bars(of: lane, peak: peak, baseline: baseline)])
    for event in label.events { write(event, baseline: baseline, writer) }
  }

  private func bars(of lane: Timeline.Lane, peak: UInt64, baseline: Double) -> String {
    guard peak > 0 else { return "" }
    let width = plot / Double(timeline.binCount)
    var path = ""
    for (index, bin) in lane.bins.enumerated() where bin.newPayloadBytes > 0 {
      let share = Double(bin.newPayloadBytes) / Double(peak)
      let height = max(1.5, share * Self.barHeight)
      let begin = Self.left + Double(index) * width
      path += "M\(MarkupText.coordinate(begin)) \(MarkupText.coordinate(baseline))"
      path += "v-\(MarkupText.coordinate(height))"
      path += "h\(MarkupText.coordinate(max(0.6, width > 3 ? width - 0.6 : width)))"
      path += "V\(MarkupText.coordinate(baseline))z"
    }
    return path
  }

  private func write(_ event: TimelineEvent, baseline: Double, _ writer: MarkupWriter) {
    let position = x(Double(event.time) / 1e9)
    guard position >= Self.left - 1, position <= Self.left + plot + 1 else { return }
    let place = "\(MarkupText.coordinate(position)) \(MarkupText.coordinate(baseline + 8))"
    if event.kind == .keyFrame {
      writer.empty(
        "path",
        [
          "class": "key",
          "d": "M\(MarkupText.coordinate(position)) \(MarkupText.coordinate(baseline + 1))v6",
        ])
      return
    }
    writer.element(
      "path", ["class": "mark", "transform": "translate(\(place))", "d": event.kind.shape]
    ) {
      let time = Timestamp(nanoseconds: event.time).secondsText
      writer.element("title", [:], "\(time) UTC: \(event.text)")
    }
  }
}

/// What stands beside a lane of a drawing.
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

extension TimelineEvent.Kind {
  /// Outline around its place.
  var shape: String {
    switch self {
    case .inbound: "M-4-3L4-3 0 4z"
    case .dns: "M0-4L4 0 0 4-4 0z"
    case .began, .keyFrame: "M-4 4L0-3 4 4z"
    }
  }
}

/// Ticks of a time axis at times that people read easily.
enum TimeAxis {
  static func ticks(
    from first: Int64, to last: Int64, units: Double, unitsBetween: Double
  ) -> [(time: Int64, text: String)] {
    guard last > first else { return [] }
    let step =
      Timeline.readableWidths.first {
        Double($0) / Double(last - first) * units >= unitsBetween
      } ?? 604_800 * max(1, (last - first) / (604_800 * 8))
    var time = Timestamp.floorDivide(first + step - 1, step).quotient * step
    var result: [(Int64, String)] = []
    while time <= last, result.count < 100 {
      let stamp = Timestamp(seconds: time)
      let text =
        step >= 86_400
        ? stamp.dateText : step >= 60 ? String(stamp.clockText.prefix(5)) : stamp.clockText
      result.append((time, text))
      time += step
    }
    return result
  }
}
