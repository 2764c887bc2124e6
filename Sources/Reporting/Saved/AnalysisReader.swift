// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import CaptureFile
internal import Exfiltration
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// Reads the JSON of a saved analysis into the model; keys that it does not know are passed over.
struct AnalysisReader {
  private var schema: String?
  private var tool = ToolIdentity()
  private var analysis = Analysis(
    isComplete: false, tool: ToolIdentity(), inputs: [], capture: CaptureSummary(),
    flows: FlowCollection(saved: []))
  private var flows: [Flow] = []
  private var labels: [FlowLabel] = []
  private var isSaved = false

  mutating func read(_ bytes: [UInt8]) throws -> Analysis {
    var reader = JSONReader(bytes)
    try reader.object { key, reader in try member(key, &reader) }
    try reader.end()
    guard let schema, schema == AnalysisJSON.schema else {
      throw reader.failure("its schema is not \(AnalysisJSON.schema)")
    }
    guard isSaved else {
      throw reader.failure("it is an ordinary JSON report, which leaves out what reports need")
    }
    analysis.flows = FlowCollection(saved: flows)
    analysis.flowLabels = FlowLabels(labels)
    return analysis
  }

  private mutating func member(_ key: String, _ reader: inout JSONReader) throws {
    switch key {
    case "schema": schema = try reader.text()
    case "complete": analysis.isComplete = try reader.flag()
    case "tool":
      try reader.object { key, reader in
        switch key {
        case "name": analysis.tool.name = try reader.text()
        case "version": analysis.tool.version = try reader.text()
        case "thresholds_sha256":
          analysis.tool.thresholdsDigest = try reader.optional { try $0.text() }
        default: try reader.skip()
        }
      }
    case "case":
      try reader.object { key, reader in
        switch key {
        case "id": analysis.caseNotes.caseID = try reader.optional { try $0.text() }
        case "examiner": analysis.caseNotes.examiner = try reader.optional { try $0.text() }
        case "note": analysis.caseNotes.note = try reader.optional { try $0.text() }
        default: try reader.skip()
        }
      }
    case "configuration":
      try reader.object { key, reader in
        let value = try reader.configurationValue()
        analysis.configuration.append(ConfigurationEntry(key, value))
        if key == "time_zone", case .text(let name) = value {
          analysis.timeZone = LocalTimeZone(name)
        }
      }
    case "inputs": analysis.inputs = try reader.list { try $0.captureFacts() }
    case "geoip": analysis.geoIPTables = try reader.list { try $0.geoIPTable() }
    case "home_declared": analysis.isHomeDeclared = try reader.flag()
    case "capture": analysis.capture = try reader.captureSummary()
    case "devices": analysis.devices = try reader.list { try $0.device() }
    case "media_streams": analysis.mediaStreams = try reader.list { try $0.mediaStream() }
    case "findings": analysis.findings = try reader.list { try $0.finding() }
    case "stories": analysis.stories = try reader.list { try $0.story() }
    case "camera_verdicts": analysis.cameraVerdicts = try reader.list { try $0.cameraVerdict() }
    case "destinations": analysis.destinations = try reader.list { try $0.destinationSummary() }
    case "flows":
      try reader.array { reader in
        let (flow, label) = try reader.flow()
        flows.append(flow)
        labels.append(label)
      }
    case "names": analysis.names = AnnouncedNames(try reader.list { try $0.announcedName() })
    case "limitations": analysis.limitations = try reader.list { try $0.limitation() }
    case "saved": try saved(&reader)
    default: try reader.skip()
    }
  }

  private mutating func saved(_ reader: inout JSONReader) throws {
    isSaved = true
    try reader.object { key, reader in
      switch key {
      case "unreadable_inputs":
        analysis.unreadableInputs = try reader.list { try $0.captureError() }
      case "time_bins":
        try reader.array { reader in
          let values: [Int64] = try reader.list { try $0.number() }
          setTimeBins(values)
        }
      case "flow_sides":
        var index = 0
        try reader.array { reader in
          let values: [Int64?] = try reader.list { reader in try reader.optional { try $0.number() }
          }
          guard values.count == 7, flows.indices.contains(index) else { return }
          flows[index].originator.firstTime = values[0]
          flows[index].originator.lastTime = values[1]
          flows[index].originator.duplicatePayloadBytes = UInt64(clamping: values[2] ?? 0)
          flows[index].responder.firstTime = values[3]
          flows[index].responder.lastTime = values[4]
          flows[index].responder.duplicatePayloadBytes = UInt64(clamping: values[5] ?? 0)
          flows[index].firstMessage = UInt16(clamping: values[6] ?? 0)
          index += 1
        }
      case "stream_directions":
        var index = 0
        try reader.array { reader in
          let code: UInt8 = try reader.number()
          if analysis.mediaStreams.indices.contains(index) {
            analysis.mediaStreams[index].direction =
              FlowDirection(rawValue: code) ?? .fromOriginator
          }
          index += 1
        }
      default: try reader.skip()
      }
    }
  }

  private mutating func setTimeBins(_ values: [Int64]) {
    let perBin = 8
    guard values.count >= 3, (values.count - 3) % perBin == 0, values[2] >= 1,
      let position = Int(exactly: values[0] - 1), flows.indices.contains(position)
    else { return }
    var bins: [TimeBin] = []
    for start in stride(from: 3, to: values.count, by: perBin) {
      func pair(_ offset: Int) -> (originator: UInt32, responder: UInt32) {
        (UInt32(clamping: values[start + offset]), UInt32(clamping: values[start + offset + 1]))
      }
      var bin = TimeBin()
      bin.packets = pair(0)
      bin.wireBytes = pair(2)
      bin.newPayloadBytes = pair(4)
      bin.payloadBytes = pair(6)
      bins.append(bin)
    }
    flows[position].timeBins = TimeBins(start: values[1], width: values[2], bins: bins)
  }
}

extension JSONReader {
  mutating func word<Word: RawRepresentable>(_ type: Word.Type = Word.self) throws -> Word
  where Word.RawValue == String {
    let text = try text()
    guard let word = Word(rawValue: text) else { throw failure("an unknown word") }
    return word
  }

  mutating func address() throws -> IPAddress {
    guard let address = IPAddress(try text()) else { throw failure("no IP address") }
    return address
  }

  mutating func macAddress() throws -> MACAddress {
    let pairs = try text().split(separator: ":")
    let bytes = pairs.compactMap { $0.utf8.count == 2 ? UInt64($0, radix: 16) : nil }
    guard pairs.count == 6, bytes.count == 6 else { throw failure("no MAC address") }
    return MACAddress(bits: bytes.reduce(0) { $0 << 8 | $1 })
  }

  mutating func time() throws -> Int64 {
    guard let time = Timestamp.nanoseconds(rfc3339: try text()) else { throw failure("no time") }
    return time
  }

  mutating func packet() throws -> PacketReference {
    var packet = PacketReference(file: 0, frame: 0, time: 0)
    try object { key, reader in
      switch key {
      case "file": packet.file = try reader.number()
      case "frame": packet.frame = try reader.number()
      case "time": packet.time = try reader.time()
      default: try reader.skip()
      }
    }
    return packet
  }

  mutating func strings() throws -> [String] { try list { try $0.text() } }

  mutating func configurationValue() throws -> ConfigurationEntry.Value {
    switch nextByte() {
    case UInt8(ascii: "\""): return .text(try text())
    case UInt8(ascii: "["): return .list(try strings())
    case UInt8(ascii: "t"), UInt8(ascii: "f"): return .flag(try flag())
    case UInt8(ascii: "n"):
      _ = null()
      return .missing
    default: return .number(try number())
    }
  }
}
