// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import Exfiltration
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// One finding in words, with everything needed to check it.
struct FindingText {
  private let finding: Finding
  private let report: TextReport

  init(_ finding: Finding, _ report: TextReport) {
    self.finding = finding
    self.report = report
  }

  private var style: TerminalStyle { report.style }

  /// The finding in full: what happened in words, then what is needed to check it.
  func lines() -> [String] {
    let level = finding.severity.rawValue.uppercased()
    let tail = "  \(finding.id)  video \(finding.video.verdict.words), \(exposure)"
    var lines = ["  " + style.severity(finding.severity, style.bold(level)) + tail]
    lines += style.wrap(TerminalText.escaped(finding.text, columns: 900), indent: 4)
    func row(_ name: String, _ text: String) {
      lines += style.row(name, text, nameColumns: 8, indent: 4)
    }
    row("from", sender)
    row("to", target)
    row("place", place)
    row("sent", volume)
    for stream in streams.prefix(4) { row("media", text(of: stream)) }
    if streams.count > 4 { row("", "and \(streams.count - 4) more media streams") }
    for evidence in finding.video.reasons { lines += text(of: evidence, mark: "+") }
    for evidence in finding.video.counterReasons { lines += text(of: evidence, mark: "-") }
    if !finding.exposure.reasons.isEmpty {
      let reasons = finding.exposure.reasons.map { TerminalText.escaped($0, columns: 400) }
      row(finding.exposure.level.code, reasons.joined(separator: "; "))
    }
    if let past { row("past", past) }
    lines += beforeLines
    if !finding.attack.isEmpty { row("ATT&CK", finding.attack.joined(separator: ", ")) }
    return lines
  }

  /// What came before the device's first outbound video; no cause is claimed.
  private var beforeLines: [String] {
    guard !finding.before.isEmpty else { return [] }
    var lines = ["    before this device first sent video out (facts, no cause claimed):"]
    for event in finding.before {
      let text =
        "\(report.analysis.clock.text(event.time)): \(TerminalText.escaped(event.text, columns: 400))"
      lines += style.wrap(text + report.frames(event.packets), indent: 6, hanging: 8)
    }
    return lines
  }

  /// What tells this finding from others of its kind.
  var distinction: [String] {
    [
      finding.id, finding.device ?? "", finding.sourceAddress.description,
      Quantity.bytes(finding.bytes), DecimalText.grouped(finding.packets),
      report.analysis.clock.text(finding.firstTime), Quantity.duration(finding.durationSeconds),
    ]
  }

  /// What the same device did before.
  private var past: String? {
    guard let past = finding.past, finding.exposure.level > .inside else { return nil }
    let words = past.words
    return words.isEmpty ? nil : words.joined(separator: "; ")
  }

  /// The finding in one or two lines.
  func shortLines() -> [String] {
    let level = finding.severity.rawValue
    let text =
      "\(level) \(finding.id): video \(finding.video.verdict.words), \(exposure); \(sender) -> "
      + "\(target), \(Quantity.bytes(finding.bytes))"
    return style.wrap(text, indent: 2, hanging: 6)
  }

  private var exposure: String {
    "\(finding.exposure.level.words) (\(finding.exposure.level.code))"
  }

  private var sender: String {
    finding.device.flatMap { report.devices[$0] }.map {
      DeviceTable.name($0, at: finding.sourceAddress)
    }
      ?? finding.sourceAddress.description
  }

  private var target: String {
    let port = finding.destination.port.map { ":\($0)" } ?? ""
    let address = finding.destination.address
    let target = address.isIPv4 ? "\(address)\(port)" : "[\(address)]\(port)"
    let names = finding.destination.names.prefix(3).map { TerminalText.escaped($0, columns: 60) }
    return target + (names.isEmpty ? "" : " " + names.joined(separator: ", "))
  }

  private var place: String {
    let destination = finding.destination
    guard finding.exposure.level != .inside else { return "inside this network" }
    var parts: [String] = []
    if let asn = destination.asn { parts.append("AS\(asn)") }
    if let name = destination.asName { parts.append(TerminalText.escaped(name, columns: 60)) }
    var text = parts.joined(separator: " ")
    if let country = destination.country {
      text += (text.isEmpty ? "" : ", ") + TerminalText.escaped(country)
      if destination.basis == CountryBasis.autonomousSystem.rawValue {
        text += " (the operator's country)"
      }
    }
    if text.isEmpty { text = "country and operator not known" }
    text += ", scope \(destination.scope.rawValue)"
    if let table = destination.table {
      text += ", by \(TerminalText.escaped(table))" + (destination.line.map { " line \($0)" } ?? "")
    }
    return text
  }

  private var volume: String {
    var text = Quantity.bytes(finding.bytes)
    text += " in \(Quantity.duration(finding.durationSeconds))"
    if let rate = Quantity.bitRate(bytes: finding.bytes, seconds: finding.durationSeconds) {
      text += " (\(rate))"
    }
    text += ", \(DecimalText.grouped(finding.packets)) packet\(finding.packets == 1 ? "" : "s")"
    text += finding.flowCount == 1 ? "" : " in \(finding.flowCount) flows"
    return text + ", " + report.analysis.clock.range(finding.firstTime, finding.lastTime)
  }

  private var streams: [MediaStream] {
    let flows = Set(finding.flows)
    return report.analysis.mediaStreams.filter {
      flows.contains($0.flowID) && $0.sourceAddress == finding.sourceAddress
        && $0.media != .audio
    }
  }

  private func text(of stream: MediaStream) -> String {
    var parts = [
      stream.kind.words, stream.codec.map { TerminalText.escaped($0) } ?? "codec not known",
    ]
    if let width = stream.width, let height = stream.height { parts.append("\(width)x\(height)") }
    if let rate = stream.framesPerSecond {
      parts.append("\(DecimalText.rounded(rate, places: 2)) frames/s")
    }
    if let interval = stream.keyFrameIntervalSeconds {
      parts.append("key frame every \(Quantity.duration(interval))")
    }
    if let source = stream.synchronizationSource {
      let digits = String(source, radix: 16, uppercase: true)
      parts.append("SSRC 0x\(String(repeating: "0", count: 8 - digits.count))\(digits)")
    }
    parts.append(
      "\(DecimalText.grouped(stream.packets)) packet\(stream.packets == 1 ? "" : "s")")
    if let lost = stream.lost { parts.append("\(DecimalText.grouped(lost)) lost") }
    return parts.joined(separator: ", ")
  }

  private func text(of evidence: Evidence, mark: String) -> [String] {
    let text = "\(mark) \(TerminalText.escaped(evidence.text, columns: 400))"
    return style.wrap(
      text + " (\(EvidenceNumbers(evidence).words))" + report.frames(evidence.packets), indent: 4,
      hanging: 6)
  }
}

extension DevicePast {
  /// What is known of it, in words.
  var words: [String] {
    var parts: [String] = []
    if let rate = earlierBitsPerSecond {
      parts.append(
        "in the \(Quantity.duration(secondsObserved)) before, the device sent "
          + "\(Quantity.bytes(earlierBytes)) outside (\(Quantity.bitRate(rate)))")
    }
    switch isNewDestination {
    case true?: parts.append("nothing to this destination")
    case false?: parts.append("this destination was used before")
    case nil: break
    }
    switch night {
    case .notAssessed: break
    case .assessed(let nights, let share):
      parts.append(
        "\(nights) night\(nights == 1 ? "" : "s") (\(DecimalText.rounded(share * 100, places: 0)) % of "
          + "its hours)")
    }
    return parts
  }
}
