// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import Exfiltration
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import VideoDetection

/// `analyze --format json`: the whole analysis, its keys as documented.
public enum AnalysisJSON {
  /// Name and version of the document's layout.
  public static let schema = "lenstrace.analysis/1"

  /// Optional parts of the document (`--include`).
  public enum Part: String, Sendable, CaseIterable {
    /// All flow records.
    case flows
    /// Traffic of findings over time.
    case timeline
    /// Names announced for addresses.
    case names
  }

  /// Writes the analysis with the optional parts asked for.
  public static func write(
    _ analysis: Analysis, including parts: Set<Part> = [], selection: Selection = Selection(),
    to sink: ReportSink
  ) {
    write(analysis, including: parts, selection: selection, savesAll: false, to: sink)
  }

  /// The same; with `savesAll` also what only a saved analysis needs.
  static func write(
    _ analysis: Analysis, including parts: Set<Part>, selection: Selection = Selection(),
    savesAll: Bool, to sink: ReportSink
  ) {
    var json = JSONWriter(sink)
    json.object { json in
      json.member("schema", schema)
      json.member("complete", analysis.isComplete)
      json.member(analysis.tool)
      json.member(analysis.caseNotes)
      json.member(analysis.configuration)
      json.member("inputs", analysis.inputs) { $0.value($1) }
      json.member("geoip", analysis.geoIPTables) { $0.value($1) }
      json.member("home_declared", analysis.isHomeDeclared)
      json.member(analysis.capture)
      json.member("devices", analysis.devices) { $0.value($1) }
      json.member("media_streams", analysis.mediaStreams) { $0.value($1) }
      let matcher = selection.matcher(for: analysis)
      json.member("findings", analysis.findings.filter { matcher.matches($0) }) { $0.value($1) }
      json.member("stories", analysis.stories) { $0.value($1) }
      json.member("camera_verdicts", analysis.cameraVerdicts) { $0.value($1) }
      json.member("destinations", analysis.destinations) { $0.value($1) }
      if parts.contains(.flows) {
        json.member("flows", FlowList(selection: selection).rows(of: analysis)) { $0.value($1) }
      }
      if parts.contains(.timeline) { json.timeline(of: analysis) }
      if parts.contains(.names) { json.member("names", analysis.names) { $0.value($1) } }
      json.member("limitations", analysis.limitations) { $0.value($1) }
      if savesAll { json.saved(of: analysis) }
    }
    json.end()
  }
}

extension JSONWriter {
  fileprivate mutating func member(_ tool: ToolIdentity) {
    key("tool")
    object { json in
      json.member("name", tool.name)
      json.member("version", tool.version)
      json.member("thresholds_sha256", tool.thresholdsDigest)
    }
  }

  fileprivate mutating func member(_ notes: CaseNotes) {
    key("case")
    object { json in
      json.member("id", notes.caseID)
      json.member("examiner", notes.examiner)
      json.member("note", notes.note)
    }
  }

  fileprivate mutating func member(_ configuration: [ConfigurationEntry]) {
    key("configuration")
    object { json in
      for entry in configuration {
        json.key(named: entry.key)
        switch entry.value {
        case .text(let text): json.value(text)
        case .list(let texts): json.strings(texts)
        case .number(let number): json.value(number)
        case .flag(let flag): json.value(flag)
        case .missing: json.null()
        }
      }
    }
  }

  mutating func value(_ limitation: Limitation) {
    object { json in
      json.member("id", limitation.id)
      json.member("text", limitation.text)
      json.member("count", limitation.count)
    }
  }

  fileprivate mutating func member(_ capture: CaptureSummary) {
    key("capture")
    object { json in
      json.member("first_time", time: capture.firstTime)
      json.member("last_time", time: capture.lastTime)
      json.member("packets", capture.packets)
      json.member("wire_bytes", capture.wireBytes)
      json.member("unique_wire_bytes", capture.uniqueWireBytes)
      json.member("non_ip_packets", capture.nonIPPackets)
      json.member("incomplete_fragments", capture.incompleteFragments)
      json.member("gaps", capture.gaps) { json, gap in
        json.object { json in
          json.member("from", time: gap.from)
          json.member("to", time: gap.to)
        }
      }
      json.member("duplicates", capture.duplicates) { $0.value($1) }
    }
  }

  private mutating func value(_ route: DuplicateRoute) {
    object { json in
      json.member("first_file", route.first.file)
      json.member("first_interface", route.first.interface)
      json.member("second_file", route.second.file)
      json.member("second_interface", route.second.interface)
      json.member("packets", route.packets)
      json.member("wire_bytes", route.wireBytes)
      json.member("least_shift_seconds", Double(route.leastShift) / 1e9)
      json.member("mean_shift_seconds", Double(route.meanShift) / 1e9)
      json.member("greatest_shift_seconds", Double(route.greatestShift) / 1e9)
    }
  }

  fileprivate mutating func value(_ table: GeoIPTableInfo) {
    object { json in
      json.member("path", table.path)
      json.member("sha256", table.sha256)
      json.member("date", table.date?.description)
      json.member("date_basis", table.dateBasis?.rawValue)
      json.member("rows", table.rows)
      json.member("country_basis", table.countryBasis?.rawValue)
      json.member("layout", table.layout)
      json.member("bad_rows", table.badRows)
    }
  }

  fileprivate mutating func value(_ name: AnnouncedName) {
    object { json in
      json.member("name", name.name)
      json.member("address", name.address)
      json.member("source", name.source)
      json.key("packet")
      if let packet = name.packet { json.value(packet) } else { json.null() }
    }
  }

  /// Writes the traffic of findings over time, as `timeline --format csv` has it.
  fileprivate mutating func timeline(of analysis: Analysis) {
    let timeline = Timeline(of: analysis, by: .finding, binSeconds: nil)
    key("timeline")
    array { json in
      timeline.forEachRow { row in
        json.object { json in
          for column in TimelineColumn.all {
            json.key(named: column.name)
            json.value(column.field(row))
          }
        }
      }
    }
  }
}
