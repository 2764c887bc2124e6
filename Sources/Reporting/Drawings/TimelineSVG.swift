// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import Exfiltration
internal import VideoDetection

/// A timeline as SVG: lanes over one UTC axis, each to its own peak, events below.
struct TimelineSVG {
  private let timeline: Timeline
  private let lanes: [TimelineLaneLabel]
  private let clock: ReportClock
  private let gaps: [CaptureSummary.Gap]

  /// Width of the drawing in its own units.
  static let width = 960.0
  /// Lanes drawn at most.
  static let maximumLanes = 40
  private static let left = 300.0
  private static let right = 96.0
  private static let barHeight = 26.0
  private static let pitch = 46.0

  /// Prepares a drawing of lanes, with the site's clock below UTC where there is one.
  init(_ lanes: TimelineLanes, _ clock: ReportClock) {
    timeline = lanes.timeline
    self.lanes = Array(lanes.labels.prefix(Self.maximumLanes))
    self.clock = clock
    gaps = lanes.gaps
  }

  /// Height of the drawing in its own units; 0 where there is nothing to draw.
  var height: Double {
    lanes.isEmpty || timeline.binCount == 0
      ? 0 : Double(lanes.count) * Self.pitch + axisHeight
  }

  /// A line for each clock below the lanes.
  private var axisHeight: Double { clock.zone == nil ? 34 : 50 }

  /// Where the lanes end.
  private var bottom: Double { height - axisHeight + 6 }

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
    func text(_ x: Double, _ line: Double, _ style: String, _ text: String) {
      writer.element(
        "text",
        [
          "class": style, "x": MarkupText.coordinate(x),
          "y": MarkupText.coordinate(bottom + 14 + line * 16),
        ], text)
    }
    for tick in TimeAxis.ticks(
      from: timeline.start,
      to: timeline.start + timeline.binSeconds * Int64(timeline.binCount), units: plot,
      unitsBetween: 84, clock)
    {
      let position = x(Double(tick.time))
      writer.empty(
        "path",
        [
          "class": "grid",
          "d": "M\(MarkupText.coordinate(position)) 0V\(MarkupText.coordinate(bottom))",
        ])
      guard position < Self.left + plot - 20 else { continue }
      text(position, 0, "middle dim", tick.text)
      if let local = tick.local { text(position, 1, "middle dim", local) }
    }
    text(
      4, 0, "dim",
      "\(Timestamp(seconds: timeline.start).dateText) UTC, "
        + "\(Quantity.duration(Double(timeline.binSeconds))) a bin")
    if let zone = clock.zone { text(4, 1, "dim", zone.name) }
  }

  private func writeGaps(_ writer: MarkupWriter) {
    for gap in gaps {
      let from = x(Double(gap.from) / 1e9)
      writer.element(
        "rect",
        [
          "class": "gap", "x": MarkupText.coordinate(from), "y": "0",
          "width": MarkupText.coordinate(max(1, x(Double(gap.to) / 1e9) - from)),
          "height": MarkupText.coordinate(bottom),
        ]
      ) {
        writer.element("title", [:], "\(TimelineEvent.Kind.gap.words): no file covers this time")
      }
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
      writer.element("title", [:], "\(clock.text(event.time)): \(event.text)")
    }
  }
}

extension TimelineEvent.Kind {
  /// Outline around its place.
  var shape: String {
    switch self {
    case .inbound: "M-4-3L4-3 0 4z"
    case .dns: "M0-4L4 0 0 4-4 0z"
    case .began, .keyFrame: "M-4 4L0-3 4 4z"
    case .gap: "M-4-3L4 3M4-3L-4 3"
    }
  }
}

/// Ticks of a time axis at times that people read easily.
enum TimeAxis {
  /// The ticks between two times, with the clock of the site where there is one.
  static func ticks(
    from first: Int64, to last: Int64, units: Double, unitsBetween: Double, _ clock: ReportClock
  ) -> [(time: Int64, text: String, local: String?)] {
    guard last > first else { return [] }
    let step =
      Timeline.readableWidths.first {
        Double($0) / Double(last - first) * units >= unitsBetween
      } ?? 604_800 * max(1, (last - first) / (604_800 * 8))
    func text(_ stamp: Timestamp) -> String {
      step >= 86_400
        ? stamp.dateText : step >= 60 ? String(stamp.clockText.prefix(5)) : stamp.clockText
    }
    var time = (first + step - 1).dividedDown(by: step).quotient * step
    var result: [(Int64, String, String?)] = []
    while time <= last, result.count < 100 {
      let (nanoseconds, overflow) = time.multipliedReportingOverflow(by: 1_000_000_000)
      result.append(
        (time, text(Timestamp(seconds: time)), overflow ? nil : clock.local(nanoseconds).map(text)))
      time += step
    }
    return result
  }
}
