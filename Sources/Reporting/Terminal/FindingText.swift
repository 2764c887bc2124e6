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

  /// The finding in full.
  func lines() -> [String] {
    var lines: [String] = []
    let level = finding.severity.rawValue.uppercased()
    let tail = "  \(finding.id)  video \(finding.video.verdict.rawValue), \(exposure)"
    lines.append("  " + style.severity(finding.severity, style.bold(level)) + tail)
    lines += style.wrap(route, indent: 4, hanging: 6)
    lines += style.wrap(place, indent: 4, hanging: 6)
    lines += style.wrap(volume, indent: 4, hanging: 6)
    for stream in streams.prefix(4) { lines += style.wrap(text(of: stream), indent: 4, hanging: 6) }
    if streams.count > 4 { lines.append("    and \(streams.count - 4) more media streams") }
    lines += style.wrap(TerminalText.escaped(finding.text, columns: 900), indent: 4)
    for evidence in finding.video.reasons { lines += text(of: evidence, mark: "+") }
    for evidence in finding.video.counterReasons { lines += text(of: evidence, mark: "-") }
    for reason in finding.exposure.reasons {
      lines += style.wrap(
        "> \(finding.exposure.level.code): \(TerminalText.escaped(reason, columns: 400))",
        indent: 4, hanging: 6)
    }
    lines += pastLines + beforeLines
    if !finding.attack.isEmpty {
      lines.append(style.dim("    ATT&CK \(finding.attack.joined(separator: ", "))"))
    }
    return lines
  }

  /// What came before the device's first outbound video; no cause is claimed.
  private var beforeLines: [String] {
    guard !finding.before.isEmpty else { return [] }
    var lines = ["    before this device first sent video out (facts, no cause claimed):"]
    for event in finding.before {
      let time = Timestamp(nanoseconds: event.time).secondsText
      let text = "\(time) UTC \(TerminalText.escaped(event.text, columns: 400))"
      lines += style.wrap(text + report.frames(event.packets), indent: 6, hanging: 8)
    }
    return lines
  }

  private var pastLines: [String] {
    guard let past = finding.past, finding.exposure.level > .inside else { return [] }
    var parts: [String] = []
    if let rate = past.earlierBitsPerSecond {
      parts.append(
        "in the \(Quantity.duration(past.secondsObserved)) before, the device sent "
          + "\(Quantity.bytes(past.earlierBytes)) outside (\(DecimalText.rounded(rate, places: 0)) bit/s)"
      )
    }
    switch past.isNewDestination {
    case true?: parts.append("nothing to this destination")
    case false?: parts.append("this destination was used before")
    case nil: break
    }
    switch past.night {
    case .notAssessed: break
    case .assessed(let nights, let share):
      parts.append(
        "\(nights) night\(nights == 1 ? "" : "s") (\(DecimalText.rounded(share * 100, places: 0)) % of "
          + "its hours)")
    }
    guard !parts.isEmpty else { return [] }
    return style.wrap("past: " + parts.joined(separator: "; "), indent: 4, hanging: 6)
  }

  /// The finding in one or two lines.
  func shortLines() -> [String] {
    let level = finding.severity.rawValue
    let text =
      "\(level) \(finding.id): video \(finding.video.verdict.rawValue), \(exposure); \(route), "
      + "\(Quantity.bytes(finding.bytes))"
    return style.wrap(text, indent: 2, hanging: 6)
  }

  private var exposure: String {
    let level = finding.exposure.level
    let words =
      switch level {
      case .inside: "stayed inside"
      case .outside: "left the network"
      case .foreign: "went abroad"
      case .foreignSuspicious: "went abroad, hidden"
      case .foreignSustained: "went abroad, sustained"
      }
    return "\(words) (\(level.code))"
  }

  private var route: String {
    let sender =
      finding.device.flatMap { report.devices[$0] }.map {
        DeviceTable.name($0, at: finding.sourceAddress)
      }
      ?? finding.sourceAddress.description
    let port = finding.destination.port.map { ":\($0)" } ?? ""
    let address = finding.destination.address
    let target = address.isIPv4 ? "\(address)\(port)" : "[\(address)]\(port)"
    let names = finding.destination.names.prefix(3).map { TerminalText.escaped($0, columns: 60) }
    return "\(sender) -> \(target)" + (names.isEmpty ? "" : " " + names.joined(separator: ", "))
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
    let first = Timestamp(nanoseconds: finding.firstTime)
    let last = Timestamp(nanoseconds: finding.lastTime)
    var text = Quantity.bytes(finding.bytes)
    text += " in \(Quantity.duration(finding.durationSeconds))"
    if let rate = Quantity.bitRate(bytes: finding.bytes, seconds: finding.durationSeconds) {
      text += " (\(rate))"
    }
    text += ", \(DecimalText.grouped(finding.packets)) packets"
    text += finding.flowCount == 1 ? "" : " in \(finding.flowCount) flows"
    let end = first.dateText == last.dateText ? last.clockText : last.secondsText
    return text + ", \(first.secondsText) to \(end) UTC"
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
      stream.kind.rawValue, stream.codec.map { TerminalText.escaped($0) } ?? "codec not known",
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
    parts.append("\(DecimalText.grouped(stream.packets)) packets")
    if let lost = stream.lost { parts.append("\(DecimalText.grouped(lost)) lost") }
    return "media: " + parts.joined(separator: ", ")
  }

  private func text(of evidence: Evidence, mark: String) -> [String] {
    var text = "\(mark) \(evidence.signal)"
    if let value = evidence.value {
      text += " \(DecimalText.rounded(value, places: 3))"
      if let threshold = evidence.threshold {
        text += " (threshold \(DecimalText.rounded(threshold, places: 3)))"
      }
    }
    text += ": \(TerminalText.escaped(evidence.text, columns: 400))"
    return style.wrap(text + report.frames(evidence.packets), indent: 4, hanging: 6)
  }
}
