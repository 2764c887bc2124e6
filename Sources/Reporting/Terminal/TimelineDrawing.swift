// SPDX-License-Identifier: Apache-2.0

internal import VideoDetection

/// Draws a timeline in block characters: lanes over one UTC axis.
///
/// Eight heights a lane, scaled to the lane's own peak, which stands behind it; any traffic at all
/// is at least the lowest block. A middle dot marks time that the capture does not cover.
struct TimelineDrawing {
  private let timeline: Timeline
  private let style: TerminalStyle
  private let labels: [String]
  private let events: [[TimelineEvent]]
  private let labelColumns: Int
  private let cellColumns: Int

  /// Columns behind the lanes for the peak and the total.
  static let peakColumns = 25
  /// Columns of a lane label at most.
  static let maximumLabelColumns = 40
  /// Lanes drawn at most; the CSV and JSON have all.
  static let maximumLanes = 24
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// Prepares a drawing; `labels` are harmless and stand before the lanes, `events` below them.
  init(
    _ timeline: Timeline, labels: [String], style: TerminalStyle, events: [[TimelineEvent]] = []
  ) {
    self.timeline = timeline
    self.events = events
    self.style = style
    self.labels = labels
    let longest = labels.prefix(Self.maximumLanes).map(TerminalText.columnCount).max() ?? 0
    labelColumns = min(longest, Self.maximumLabelColumns, style.columns / 3)
    let space = style.columns - labelColumns - Self.peakColumns - 4
    cellColumns = max(1, min(4, space / max(1, timeline.binCount)))
  }

  /// Bins that fit a drawing of this width with labels of this width.
  static func binCapacity(columns: Int, longestLabel: Int) -> Int {
    max(10, columns - min(longestLabel, maximumLabelColumns, columns / 3) - peakColumns - 4)
  }

  /// The lines of the drawing.
  func lines() -> [String] {
    guard timeline.binCount > 0, !timeline.lanes.isEmpty else { return [] }
    var lines: [String] = []
    for (index, lane) in timeline.lanes.prefix(Self.maximumLanes).enumerated() {
      let label = labels.indices.contains(index) ? labels[index] : lane.group
      lines.append(
        "\(TerminalText.padded(label, to: labelColumns)) │\(drawn(lane))│ \(summary(of: lane))")
      if events.indices.contains(index), let marks = marks(events[index]) {
        lines.append(String(repeating: " ", count: labelColumns + 2) + marks)
      }
    }
    lines.append(axis())
    lines.append(ticks())
    if let legend { lines.append(legend) }
    let hidden = timeline.lanes.count - Self.maximumLanes + timeline.droppedGroups
    if timeline.lanes.count > Self.maximumLanes {
      lines.append("and \(hidden) more lanes; timeline --format csv has them all")
    }
    return lines
  }

  private func drawn(_ lane: Timeline.Lane) -> String {
    let peak = lane.bins.map(\.newPayloadBytes).max() ?? 0
    var text = ""
    for (index, bin) in lane.bins.enumerated() {
      let cell: Character
      if bin.packets == 0 {
        cell = timeline.coverage[index] == .none ? "·" : " "
      } else if peak == 0 {
        cell = Self.blocks[0]
      } else {
        let height = Int((Double(bin.newPayloadBytes) / Double(peak) * 8).rounded(.up))
        cell = Self.blocks[min(max(height, 1), 8) - 1]
      }
      for _ in 0..<cellColumns { text.append(cell) }
    }
    return text
  }

  /// A row of marks under a lane; where events fall together the most telling is drawn.
  private func marks(_ events: [TimelineEvent]) -> String? {
    guard !events.isEmpty else { return nil }
    let columns = timeline.binCount * cellColumns
    var cells = [Character](repeating: " ", count: columns)
    for kind in TimelineEvent.Kind.allCases.reversed() {
      for event in events where event.kind == kind {
        let (offset, overflow) = event.time.subtractingReportingOverflow(
          timeline.start &* 1_000_000_000)
        let position =
          Double(offset) / 1e9 / Double(timeline.binSeconds) * Double(cellColumns)
        guard !overflow, position >= 0, position < Double(columns) else { continue }
        cells[Int(position)] = kind.symbol
      }
    }
    while cells.last == " " { cells.removeLast() }
    return cells.isEmpty ? nil : String(cells)
  }

  /// What the marks stand for, those that are drawn.
  private var legend: String? {
    let drawn = Set(events.prefix(Self.maximumLanes).joined().map(\.kind))
    guard !drawn.isEmpty else { return nil }
    return TimelineEvent.Kind.allCases.filter(drawn.contains).map { "\($0.symbol) \($0.words)" }
      .joined(separator: "  ")
  }

  private func summary(of lane: Timeline.Lane) -> String {
    let peak = lane.bins.map(\.newPayloadBytes).max() ?? 0
    let total = lane.bins.reduce(0) { $0 &+ $1.newPayloadBytes }
    let rate = Quantity.bitRate(bytes: peak, seconds: Double(timeline.binSeconds)) ?? ""
    return "\(Quantity.bytes(total)), peak \(rate)"
  }

  private func axis() -> String {
    let margin = String(repeating: " ", count: labelColumns + 1)
    var line = margin + "└"
    for index in 0..<timeline.binCount {
      line += isTick(index) ? "┴" : "─"
      for _ in 1..<max(2, cellColumns) where cellColumns > 1 { line += "─" }
    }
    return line + "┘ \(Quantity.duration(Double(timeline.binSeconds))) a bin"
  }

  /// Bins between two ticks, so that their labels do not touch.
  private var tickDistance: Int {
    let needed = (tickColumns + 2 + cellColumns - 1) / cellColumns
    for width in Timeline.readableWidths {
      let (bins, rest) = width.quotientAndRemainder(dividingBy: timeline.binSeconds)
      if rest == 0, bins >= Int64(needed) { return Int(bins) }
    }
    return needed
  }

  private var showsDate: Bool { tickColumns > 8 }

  private var tickColumns: Int { timeline.binSeconds >= 21_600 ? 10 : 8 }

  private func isTick(_ index: Int) -> Bool {
    let position = timeline.start(ofBin: index) / timeline.binSeconds
    return Timestamp.floorDivide(position, Int64(tickDistance)).rest == 0
  }

  private func ticks() -> String {
    var line = String(repeating: " ", count: labelColumns + 2)
    var used = line.utf8.count
    for index in 0..<timeline.binCount where isTick(index) {
      let column = labelColumns + 2 + index * cellColumns
      guard column >= used else { continue }
      line += String(repeating: " ", count: column - used)
      let time = Timestamp(seconds: timeline.start(ofBin: index))
      let text = showsDate ? time.dateText : time.clockText
      line += text
      used = column + text.utf8.count + 1
      line += " "
    }
    let begin = Timestamp(seconds: timeline.start)
    return line + "UTC" + (showsDate ? "" : " \(begin.dateText)")
  }
}
