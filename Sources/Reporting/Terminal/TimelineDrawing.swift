// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import Exfiltration
internal import VideoDetection

/// Draws a timeline in block characters: lanes over one UTC axis, events below each.
///
/// Each lane has a line of words above its bars, so that the bars have the whole width. Eight
/// heights a lane, scaled to the lane's own peak; any traffic at all is at least the lowest block.
/// A middle dot marks time that the capture does not cover.
struct TimelineDrawing {
  private let lanes: TimelineLanes
  private let style: TerminalStyle
  private let clock: ReportClock
  private let gaps: [TimelineEvent]
  private let cellColumns: Int
  /// Whether bins as narrow as asked for would not fit the width.
  private let isCoarser: Bool

  /// Lanes drawn at most; the CSV and JSON have all.
  static let maximumLanes = 24
  private static let blocks: [Character] = ["▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"]

  /// Prepares the drawing of an analysis; `grouping` `nil` is findings, folded where there are
  /// many, and `binSeconds` `nil` the narrowest bins that fit the width.
  init(
    _ analysis: Analysis, by grouping: Timeline.Grouping?, binSeconds: Int64?,
    selection: Selection, style: TerminalStyle
  ) {
    clock = analysis.clock
    self.style = style
    let space = max(10, style.columns - 2 - Self.margin(clock))
    let asked = TimelineLanes(
      analysis, by: grouping, binSeconds: binSeconds, maximumBins: space, selection: selection)
    isCoarser = asked.timeline.binCount > space
    lanes =
      isCoarser
      ? TimelineLanes(analysis, by: grouping, maximumBins: space, selection: selection) : asked
    gaps = analysis.capture.gaps.map {
      TimelineEvent(kind: .gap, time: $0.from, text: TimelineEvent.Kind.gap.words)
    }
    cellColumns = max(1, min(4, space / max(1, lanes.timeline.binCount)))
  }

  private var timeline: Timeline { lanes.timeline }

  /// Columns behind the axis, for the names of the clocks.
  private static func margin(_ clock: ReportClock) -> Int {
    max(4, (clock.zone?.name.utf8.count ?? 0) + 1)
  }

  /// The lines of the drawing; none where there is nothing to draw.
  func lines() -> [String] {
    guard timeline.binCount > 0, !timeline.lanes.isEmpty else { return [] }
    var lines = style.wrap(head, indent: 0).map(style.dim)
    var drawnKinds: Set<TimelineEvent.Kind> = []
    for (lane, label) in zip(timeline.lanes, lanes.labels).prefix(Self.maximumLanes) {
      lines.append(words(of: lane, label))
      let severity = Severity(rawValue: label.style) ?? .info
      lines.append("│\(style.severity(severity, drawn(lane)))│")
      if let marks = marks(label.events, &drawnKinds) { lines.append(" " + marks) }
    }
    if let marks = marks(gaps, &drawnKinds) { lines.append(" " + marks) }
    lines.append(axis())
    lines.append(ticks("UTC") { Timestamp(seconds: $0) })
    if let zone = clock.zone {
      lines.append(
        ticks(zone.name) { clock.local($0 &* 1_000_000_000) ?? Timestamp(seconds: $0) })
    }
    lines += legend(drawnKinds).map(style.dim)
    let hidden = timeline.lanes.count - Self.maximumLanes + timeline.droppedGroups
    if timeline.lanes.count > Self.maximumLanes {
      lines.append("and \(hidden) more lanes; timeline --format csv has them all")
    }
    return lines
  }

  private var head: String {
    let last = timeline.start(ofBin: timeline.binCount)
    var text = clock.range(timeline.start &* 1_000_000_000, last &* 1_000_000_000)
    text += ", \(Quantity.duration(Double(timeline.binSeconds))) a bin; height is payload, "
    text += "each lane to its own peak"
    if isCoarser { text += "; narrower bins do not fit the width, --format csv has them" }
    if lanes.sharing != nil {
      text += "; findings to one address share a lane (--by finding: one each)"
    }
    return text
  }

  /// The line above the bars: whose they are, and what they sum up to.
  private func words(of lane: Timeline.Lane, _ label: TimelineLaneLabel) -> String {
    let total = lane.bins.reduce(into: Timeline.Bin()) { $0.add($1) }
    let peak = lane.bins.map(\.newPayloadBytes).max() ?? 0
    let rate = Quantity.bitRate(bytes: peak, seconds: Double(timeline.binSeconds)) ?? "0 bit/s"
    let volume =
      "\(Quantity.bytes(total.newPayloadBytes)), \(DecimalText.grouped(total.packets)) packets, "
      + "peak \(rate)"
    let space = style.columns - TerminalText.columnCount(volume) - 2
    var title = TerminalText.escaped(label.title)
    let note = TerminalText.escaped(label.note)
    if !note.isEmpty,
      TerminalText.columnCount(title) + TerminalText.columnCount(note) + 2 <= space
    {
      title += "  " + note
    }
    return style.bold(TerminalText.padded(title, to: space)) + "  " + volume
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

  /// A row of marks; where events fall together the most telling is drawn.
  private func marks(
    _ events: [TimelineEvent], _ drawn: inout Set<TimelineEvent.Kind>
  ) -> String? {
    guard !events.isEmpty else { return nil }
    let columns = timeline.binCount * cellColumns
    var cells = [TimelineEvent.Kind?](repeating: nil, count: columns)
    for kind in TimelineEvent.Kind.allCases.reversed() {
      for event in events where event.kind == kind {
        let (offset, overflow) = event.time.subtractingReportingOverflow(
          timeline.start &* 1_000_000_000)
        let position =
          Double(offset) / 1e9 / Double(timeline.binSeconds) * Double(cellColumns)
        guard !overflow, position >= 0, position < Double(columns) else { continue }
        cells[Int(position)] = kind
      }
    }
    drawn.formUnion(cells.compactMap { $0 })
    guard let end = cells.lastIndex(where: { $0 != nil }) else { return nil }
    return String(cells[...end].map { $0?.symbol ?? " " })
  }

  /// What the marks stand for, those that are drawn.
  private func legend(_ kinds: Set<TimelineEvent.Kind>) -> [String] {
    var parts = TimelineEvent.Kind.allCases.filter(kinds.contains).map {
      "\($0.symbol) \($0.words)"
    }
    if timeline.coverage.contains(.none) { parts.append("· not captured") }
    // A mark and its words stay in one line.
    let bound = parts.map { $0.replacing(" ", with: "\u{A0}") }.joined(separator: ", ")
    return style.wrap(bound, indent: 0).map { $0.replacing("\u{A0}", with: " ") }
  }

  private func axis() -> String {
    var line = "└"
    for index in 0..<timeline.binCount {
      line += isTick(index) ? "┴" : "─"
      for _ in 1..<max(1, cellColumns) { line += "─" }
    }
    return line + "┘"
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

  private var showsDate: Bool { timeline.binSeconds >= 21_600 }

  private var tickColumns: Int { showsDate ? 10 : timeline.binSeconds >= 60 ? 5 : 8 }

  private func isTick(_ index: Int) -> Bool {
    let position = timeline.start(ofBin: index) / timeline.binSeconds
    return position.dividedDown(by: Int64(tickDistance)).rest == 0
  }

  /// One clock below the axis, with its name at the end.
  private func ticks(_ name: String, _ time: (Int64) -> Timestamp) -> String {
    let end = 1 + timeline.binCount * cellColumns
    var line = " "
    var used = 1
    for index in 0..<timeline.binCount where isTick(index) {
      let column = 1 + index * cellColumns
      guard column >= used, column + tickColumns < max(end, used + tickColumns) else { continue }
      let stamp = time(timeline.start(ofBin: index))
      // At midnight the day that begins, where the clock has no seconds.
      let isMidnight = tickColumns == 5 && stamp.secondOfDay == 0
      let text =
        showsDate
        ? stamp.dateText
        : String(isMidnight ? stamp.dateText.suffix(5) : stamp.clockText.prefix(tickColumns))
      line += String(repeating: " ", count: column - used) + text + " "
      used = column + tickColumns + 1
    }
    return line + String(repeating: " ", count: max(0, end + 1 - used)) + name
  }
}
