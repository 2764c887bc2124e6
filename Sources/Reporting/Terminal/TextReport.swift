// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import CaptureFile
internal import Exfiltration
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import VideoDetection

/// `analyze --format text`: what matters first, in plain words, numbers with units.
public struct TextReport {
  let analysis: Analysis
  let style: TerminalStyle
  private let sink: ReportSink
  private let selection: Selection
  let devices: [String: Device]

  /// Findings shown in full; those of the same kind to the same place follow in a line each.
  static let findingsInFull = 20
  /// Findings shown in one line.
  static let findingsInShort = 60
  /// Rows of the tables of devices and destinations.
  static let tableRows = 40

  /// Writes the report.
  public static func write(
    _ analysis: Analysis, style: TerminalStyle, selection: Selection = Selection(),
    to sink: ReportSink
  ) {
    let report = TextReport(analysis, style, selection, sink)
    report.writeAll()
  }

  init(
    _ analysis: Analysis, _ style: TerminalStyle, _ selection: Selection, _ sink: ReportSink
  ) {
    self.analysis = analysis
    self.style = style
    self.selection = selection
    self.sink = sink
    devices = Dictionary(
      analysis.devices.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
  }

  private func writeAll() {
    let headline = Headline(analysis)
    for line in style.wrap(headline.text, indent: 0) {
      self.line(headline.severity.map { style.severity($0, line) } ?? style.bold(line))
    }
    line("")
    for line in style.wrap(overview, indent: 0) { self.line(style.dim(line)) }
    for text in caseLines { lines(style.wrap(text, indent: 0)) }
    if !analysis.isComplete {
      line(style.bold("PARTIAL: the run was interrupted; what follows is not the whole capture."))
    }
    writeStories()
    writeFindings()
    writeTimeline()
    writeCameras()
    writeDevices()
    writeDestinations()
    writeInputs()
    writeLimitations()
  }

  /// Packets to look at, in brackets; empty without any.
  func frames(_ packets: [PacketReference]) -> String {
    guard !packets.isEmpty else { return "" }
    let several = analysis.inputs.count > 1
    let names = packets.map { several ? "\($0.file):\($0.frame)" : "\($0.frame)" }
    return " [\(several ? "file:frame" : "frame") \(names.joined(separator: ", "))]"
  }

  private func line(_ text: String) {
    sink.write(text)
    sink.write("\n")
  }

  private func lines(_ texts: [String]) {
    for text in texts { line(text) }
  }

  private func section(_ title: String) {
    line("")
    line(style.bold(title))
  }

  private var overview: String {
    let capture = analysis.capture
    let files = analysis.inputs.count
    var text = "\(files) capture file\(files == 1 ? "" : "s"), "
    text += "\(DecimalText.grouped(capture.packets)) packets, \(Quantity.bytes(capture.wireBytes))"
    if let first = capture.firstTime, let last = capture.lastTime {
      let seconds = (Double(last) - Double(first)) / 1e9
      text +=
        ", \(Quantity.duration(seconds)) from \(analysis.clock.text(first))"
    }
    let flows = analysis.flows.count
    text += ", \(DecimalText.grouped(UInt64(flows))) flow\(flows == 1 ? "" : "s")"
    return text + ". \(analysis.tool.name) \(analysis.tool.version)"
  }

  private var caseLines: [String] {
    let notes = analysis.caseNotes
    let names = [
      notes.caseID.map { "case \(TerminalText.escaped($0))" },
      notes.examiner.map { "examiner \(TerminalText.escaped($0))" },
    ].compactMap { $0 }
    return (names.isEmpty ? [] : [names.joined(separator: ", ")])
      + (notes.note.map { [TerminalText.escaped($0, columns: .max)] } ?? [])
  }

  private func writeStories() {
    guard !analysis.stories.isEmpty else { return }
    section("STORIES (\(analysis.stories.count), worst first)")
    for (index, story) in analysis.stories.enumerated() {
      if index > 0 { line("") }
      lines(StoryLines(story, self).lines())
    }
  }

  private func writeFindings() {
    let matcher = selection.matcher(for: analysis)
    let findings = analysis.findings.filter { matcher.matches($0) }
    section(findings.isEmpty ? "FINDINGS" : "FINDINGS (\(findings.count), worst first)")
    if findings.isEmpty {
      let reason =
        !analysis.findings.isEmpty
        ? "none that --select lets through"
        : Headline.showsForeignVideo(analysis)
          ? "none: what video was seen was sent by addresses that are neither inside nor at home; "
            + "LIMITATIONS names them, and says what would not have been seen"
          : "none: nothing that was captured shows video, or what could be video, being sent; "
            + "LIMITATIONS says what would not have been seen"
      lines(style.wrap(reason, indent: 2))
      return
    }
    let groups = FindingGroup.groups(findings)
    let full = groups.prefix(Self.findingsInFull).filter { $0.first.severity > .info }
    var room = Self.findingsInShort
    for (index, group) in full.enumerated() {
      if index > 0 { line("") }
      lines(FindingText(group.first, self).lines())
      writeAlike(group.others, &room)
    }
    let short = groups.dropFirst(full.count).flatMap(\.all)
    if !full.isEmpty, !short.isEmpty, room > 0 { line("") }
    for finding in short.prefix(room) { lines(FindingText(finding, self).shortLines()) }
    if short.count > room {
      line("  and \(short.count - room) more; --format json has them all")
    }
  }

  /// Findings that say the same of other devices or times, in a line each.
  private func writeAlike(_ findings: [Finding], _ room: inout Int) {
    guard !findings.isEmpty else { return }
    let count = findings.count
    lines(
      style.wrap(
        "\(count) more finding\(count == 1 ? "" : "s") to this destination with the same kinds of "
          + "evidence (explain ID shows each in full):", indent: 4))
    let shown = findings.prefix(max(0, room))
    room -= shown.count
    let table = TextTable(
      heads: ["finding", "device", "address", "sent", "packets", "from", "in"],
      rightAligned: [3, 4, 6], rows: shown.map { FindingText($0, self).distinction })
    lines(table.lines(TerminalStyle(columns: style.columns - 2)).map { "  " + $0 })
    if shown.count < count { line("    and \(count - shown.count) more; --format json has all") }
  }

  private func writeTimeline() {
    let drawing = TimelineDrawing(
      analysis, by: nil, binSeconds: nil, selection: selection, style: style
    ).lines()
    guard !drawing.isEmpty else { return }
    section("TIMELINE")
    lines(drawing)
  }

  private func writeCameras() {
    guard !analysis.cameraVerdicts.isEmpty else { return }
    section("CAMERAS AND RECORDERS")
    let scopes = analysis.cameraVerdicts.map { Self.scope($0.observed) }
    let isOneScope = scopes.count > 1 && Set(scopes).count == 1
    if isOneScope, let scope = scopes.first {
      lines(style.wrap("each observed \(scope)", indent: 2).map(style.dim))
    }
    for (verdict, scope) in zip(analysis.cameraVerdicts, scopes) {
      let name = devices[verdict.device].map { DeviceTable.name($0) } ?? verdict.device
      let outcome = verdict.outcome.words.uppercased()
      lines(style.wrap("\(outcome): \(name)", indent: 2, hanging: 4).map { style.bold($0) })
      lines(style.wrap(TerminalText.escaped(verdict.text, columns: 600), indent: 4))
      if !isOneScope { lines(style.wrap("observed \(scope)", indent: 4).map(style.dim)) }
    }
  }

  /// How much of a camera's traffic the capture shows.
  private static func scope(_ observed: CameraVerdict.Observed) -> String {
    var scope = Quantity.duration(observed.secondsCovered)
    scope +=
      ", \(observed.directionSeen == .both ? "both directions" : "\(observed.directionSeen.rawValue) only")"
    scope +=
      observed.dropped.map { ", \(DecimalText.grouped($0)) packets dropped at capture" }
      ?? ", drops not stated"
    if observed.flowsNotAssessed > 0 {
      scope += ", \(observed.flowsNotAssessed) outbound flows could not be assessed"
    }
    return scope
  }

  private func writeDevices() {
    guard !analysis.devices.isEmpty else { return }
    section("DEVICES (\(analysis.devices.count))")
    lines(DeviceTable(analysis.devices, style).lines(limit: Self.tableRows))
  }

  private func writeDestinations() {
    guard !analysis.destinations.isEmpty else { return }
    section("DESTINATIONS OUTSIDE (\(analysis.destinations.count), most bytes first)")
    let shown = analysis.destinations.prefix(Self.tableRows)
    let rows = shown.map { destination in
      let network = destination.asn.map { "AS\($0)" }
      let name = destination.asName.map { TerminalText.escaped($0, columns: 48) }
      let country = destination.country.map { TerminalText.escaped($0) }
      return [
        Quantity.bytes(destination.bytes), destination.address.description,
        [country, network, name].compactMap { $0 }.joined(separator: " "),
        destination.scope.rawValue,
        destination.devices.prefix(4).joined(separator: " ")
          + (destination.devices.count > 4 ? " +\(destination.devices.count - 4)" : ""),
      ]
    }
    lines(
      TextTable(
        heads: ["sent", "address", "country, AS, operator", "scope", "by"], rightAligned: [0],
        rows: rows,
        notes: shown.map {
          $0.names.prefix(3).map { TerminalText.escaped($0, columns: 60) }.joined(separator: " ")
        }
      ).lines(style))
    if analysis.destinations.count > Self.tableRows {
      line("  and \(analysis.destinations.count - Self.tableRows) more; --format json has them all")
    }
    if analysis.geoIPTables.isEmpty {
      lines(
        style.wrap(
          "no GeoIP table was given (--geoip FILE), so countries and operators are not known",
          indent: 2))
    }
  }

  private func writeInputs() {
    section("INPUTS")
    for (index, facts) in analysis.inputs.enumerated() {
      lines(CaptureFactsText(facts, index, style).shortLines())
    }
    for table in analysis.geoIPTables {
      var text =
        "GeoIP \(TerminalText.escaped(table.path)): \(DecimalText.grouped(UInt64(clamping: table.rows))) rows, "
      text += table.date.map { "of \($0)" } ?? "date not known"
      text += table.countryBasis.map { ", its country \($0.words)" } ?? ", no countries"
      lines(style.wrap(text, indent: 2, hanging: 4))
      if let digest = table.sha256 { line(style.dim("    sha256 \(digest)")) }
    }
  }

  private func writeLimitations() {
    guard !analysis.limitations.isEmpty else { return }
    section("LIMITATIONS")
    for limitation in analysis.limitations {
      let count =
        limitation.count.map { " (\(DecimalText.grouped($0)) \($0 == 1 ? "case" : "cases"))" } ?? ""
      let text = "- \(TerminalText.escaped(limitation.text, columns: 600))\(count)"
      lines(style.wrap(text, indent: 2, hanging: 4))
    }
  }
}
