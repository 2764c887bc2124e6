// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration

/// The bit rate of one finding over its time, with the key frames of its streams marked.
struct BitRateSVG {
  /// Bins of a chart at most.
  static let maximumBins = 120
  private static let width = 760.0
  private static let height = 138.0
  private static let left = 84.0
  private static let top = 8.0
  private static let plotHeight = 84.0

  private let finding: Finding
  private let timeline: Timeline
  private let keyFrames: [Int64]
  private let clock: ReportClock

  init(_ finding: Finding, _ analysis: Analysis, keyFrames: [Int64]) {
    self.finding = finding
    timeline = Timeline(of: finding, in: analysis, maximumBins: Self.maximumBins)
    self.keyFrames = keyFrames
    clock = analysis.clock
  }

  /// Whether there is anything to see: more than one bin.
  var isWorthDrawing: Bool { timeline.binCount > 1 && !timeline.lanes.isEmpty }

  /// Room for the clock of the site.
  private var zoneHeight: Double { clock.zone == nil ? 0 : 14 }

  private var plot: Double { Self.width - Self.left - 8 }

  private func x(_ seconds: Double) -> Double {
    let span = Double(timeline.binSeconds) * Double(timeline.binCount)
    return Self.left + (seconds - Double(timeline.start)) / span * plot
  }

  /// Writes the `svg` element.
  func write(_ writer: MarkupWriter) {
    guard let lane = timeline.lanes.first else { return }
    let peak = lane.bins.map(\.newPayloadBytes).max() ?? 0
    let rate = Quantity.bitRate(bytes: peak, seconds: Double(timeline.binSeconds)) ?? ""
    let baseline = Self.top + Self.plotHeight
    writer.element(
      "svg",
      [
        "class": "drawing chart bitrate", "role": "img",
        "viewBox":
          "0 0 \(MarkupText.coordinate(Self.width)) "
          + MarkupText.coordinate(Self.height + zoneHeight),
        "aria-label": "Bit rate of \(finding.id) over time, peak \(rate), "
          + "\(keyFrames.count) key frames marked",
      ]
    ) {
      for (height, label) in [(1.0, rate), (0.5, ""), (0, "0")] {
        let y = MarkupText.coordinate(baseline - height * Self.plotHeight)
        writer.empty(
          "path",
          [
            "class": height == 0 ? "axis" : "grid",
            "d": "M\(MarkupText.coordinate(Self.left)) \(y)h\(MarkupText.coordinate(plot))",
          ])
        writer.element(
          "text",
          [
            "class": "end dim", "x": MarkupText.coordinate(Self.left - 6),
            "y": MarkupText.coordinate(baseline - height * Self.plotHeight + 4),
          ], label)
      }
      writer.empty(
        "path", ["class": finding.severity.rawValue, "d": area(lane, peak, baseline)])
      for time in keyFrames {
        writer.empty(
          "path",
          [
            "class": "key",
            "d": "M\(MarkupText.coordinate(x(Double(time) / 1e9))) "
              + "\(MarkupText.coordinate(baseline + 2))v7",
          ])
      }
      for tick in TimeAxis.ticks(
        from: timeline.start,
        to: timeline.start + timeline.binSeconds * Int64(timeline.binCount), units: plot,
        unitsBetween: 96, clock)
      {
        writer.element(
          "text",
          [
            "class": "middle dim", "x": MarkupText.coordinate(x(Double(tick.time))),
            "y": MarkupText.coordinate(baseline + 24),
          ], tick.text)
        if let local = tick.local {
          writer.element(
            "text",
            [
              "class": "middle dim", "x": MarkupText.coordinate(x(Double(tick.time))),
              "y": MarkupText.coordinate(baseline + 38),
            ], local)
        }
      }
      writer.element(
        "text",
        [
          "class": "dim", "x": MarkupText.coordinate(Self.left),
          "y": MarkupText.coordinate(baseline + 39 + zoneHeight),
        ],
        "payload bits a second, \(Quantity.duration(Double(timeline.binSeconds))) a bin, "
          + "\(Timestamp(seconds: timeline.start).dateText) UTC"
          + (clock.zone.map { ", below \($0.name)" } ?? "")
          + (keyFrames.isEmpty ? "" : "; strokes below the axis: key frames"))
    }
  }

  private func area(_ lane: Timeline.Lane, _ peak: UInt64, _ baseline: Double) -> String {
    guard peak > 0 else { return "" }
    let width = plot / Double(timeline.binCount)
    var path = "M\(MarkupText.coordinate(Self.left)) \(MarkupText.coordinate(baseline))"
    for (index, bin) in lane.bins.enumerated() {
      let height = Double(bin.newPayloadBytes) / Double(peak) * Self.plotHeight
      path += "V\(MarkupText.coordinate(baseline - height))"
      path += "H\(MarkupText.coordinate(Self.left + Double(index + 1) * width))"
    }
    return path + "V\(MarkupText.coordinate(baseline))z"
  }
}
