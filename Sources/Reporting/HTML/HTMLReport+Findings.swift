// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import CaptureFile
internal import Exfiltration
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

extension HTMLReport {
  func writeFindings() {
    section(
      "findings", "Findings, worst first",
      "Each finding says what a device sent to one destination, whether that is video, how far it "
        + "went, and by which packets this can be checked (numbers as in Wireshark). + speaks for "
        + "video, \u{2212} against it."
    ) {
      guard !findings.isEmpty else {
        writer.element(
          "p", [:],
          Headline.showsForeignVideo(analysis)
            ? "None: what video was seen was sent by addresses that are neither inside nor at home. "
              + "The limitations name them, and say what would not have been seen."
            : "None: nothing that was captured shows video, or what could be video, being sent. The "
              + "limitations say what would not have been seen.")
        return
      }
      var streams: [Int: [MediaStream]] = [:]
      for stream in analysis.mediaStreams { streams[stream.flowID, default: []].append(stream) }
      var count = 0
      var room = Self.findingBytes
      var rest: [Finding] = []
      func write(_ finding: Finding) {
        guard count < Self.findingsInFull, room > 0 else { return rest.append(finding) }
        let bytes = rendered { $0.write(finding, streams) }
        room -= bytes.count
        count += 1
        writer.sink.write(bytes)
      }
      for group in FindingGroup.groups(findings) {
        write(group.first)
        guard !group.others.isEmpty else { continue }
        guard count < Self.findingsInFull, room > 0 else {
          rest += group.others
          continue
        }
        writer.element("details", ["class": "alike"]) {
          writer.element("summary", [:], Self.words(of: group), limit: 600)
          for finding in group.others { write(finding) }
        }
      }
      writeRows(rest, full: count)
    }
  }

  /// What a part of the page is in bytes.
  private func rendered(_ content: (HTMLReport) -> Void) -> [UInt8] {
    var part = self
    part.writer = MarkupWriter(ReportSink())
    content(part)
    return part.writer.sink.bytes
  }

  /// What the others of a group are, for the line that unfolds them.
  private static func words(of group: FindingGroup) -> String {
    let count = group.others.count
    let bytes = group.others.reduce(UInt64(0)) { $0 &+ $1.bytes }
    var senders: [String] = []
    for finding in group.others {
      let sender = finding.device ?? finding.sourceAddress.description
      if !senders.contains(sender) { senders.append(sender) }
    }
    return
      "\(count) more finding\(count == 1 ? "" : "s") to \(target(group.first.destination)) with "
      + "the same kinds of evidence: \(senders.prefix(24).joined(separator: ", "))"
      + (senders.count > 24 ? " and \(senders.count - 24) more" : "")
      + "; \(Quantity.bytes(bytes)) together"
  }

  private func writeRows(_ rest: [Finding], full: Int) {
    guard !rest.isEmpty else { return }
    table(
      [
        HTMLColumn("Severity"), HTMLColumn("Finding"), HTMLColumn("Video"), HTMLColumn("Exposure"),
        HTMLColumn("From"), HTMLColumn("To"), HTMLColumn("Country"),
        HTMLColumn("Sent", isNumber: true),
      ], caption: "Further findings"
    ) {
      for finding in rest.prefix(Self.findingRows - full) {
        writer.element("tr", ["data-devices": finding.device ?? ""]) {
          cell(finding.severity.rawValue)
          cell(finding.id, "mono")
          cell(finding.video.verdict.rawValue)
          cell(finding.exposure.level.code)
          cell(
            name(ofDevice: finding.device).isEmpty
              ? "\(finding.sourceAddress)" : name(ofDevice: finding.device))
          cell(Self.target(finding.destination), limit: 80)
          cell(finding.destination.country ?? "")
          cell(Quantity.bytes(finding.bytes), sortedBy: finding.bytes)
        }
      }
    }
    writeCut(Self.findingRows, of: findings.count, "findings", "--format json")
  }

  private func write(_ finding: Finding, _ streams: [Int: [MediaStream]]) {
    let severity = finding.severity.rawValue
    writer.element(
      "article",
      [
        "class": "finding \(severity)", "id": finding.id, "aria-labelledby": "\(finding.id)-head",
        "data-devices": finding.device ?? "",
      ]
    ) {
      writer.element("header", [:]) {
        badge(severity, severity)
        writer.element("h3", ["id": "\(finding.id)-head"]) {
          writer.text(
            "Video \(finding.video.verdict.words), \(finding.exposure.level.words) "
              + "(\(finding.exposure.level.code))")
        }
        writer.element("span", ["class": "mono dim"], finding.id)
      }
      writer.element("p", [:], finding.text, limit: 1_200)
      writeFacts(finding)
      writeBefore(finding)
      writeMedia(finding, streams)
      writeEvidence(finding)
    }
    writer.markup("\n")
  }

  private static func target(_ destination: Destination) -> String {
    let address = destination.address
    guard let port = destination.port else { return "\(address)" }
    return address.isIPv4 ? "\(address):\(port)" : "[\(address)]:\(port)"
  }

  private func writeFacts(_ finding: Finding) {
    let destination = finding.destination
    writer.element("dl", ["class": "facts"]) {
      fact("From", sender(finding))
      let names = destination.names.prefix(4).joined(separator: ", ")
      fact("To", Self.target(destination) + (names.isEmpty ? "" : " \(names)"))
      var place = [
        destination.asn.map { "AS\($0)" }, destination.asName,
        destination.country.map { code in CountryCode(code)?.name.map { "\(code) \($0)" } ?? code },
      ].compactMap { $0 }.joined(separator: ", ")
      if place.isEmpty { place = "country and operator not known" }
      place += "; scope \(destination.scope.rawValue)"
      if let table = destination.table {
        place += ", by \(table)" + (destination.line.map { " line \($0)" } ?? "")
      }
      fact("Place", place)
      var volume = "\(Quantity.bytes(finding.bytes)) of payload in "
      volume += Quantity.duration(finding.durationSeconds)
      if let rate = Quantity.bitRate(bytes: finding.bytes, seconds: finding.durationSeconds) {
        volume += " (\(rate))"
      }
      volume += ", \(DecimalText.grouped(finding.packets)) packets, "
      volume += "\(Quantity.bytes(finding.wireBytes)) on the wire"
      if finding.flowCount > 1 { volume += ", \(finding.flowCount) flows" }
      fact("Volume", volume)
      fact("Time", analysis.clock.range(finding.firstTime, finding.lastTime))
      if let past = finding.past, finding.exposure.level > .inside {
        fact("Past", past.words.joined(separator: "; "))
      }
      if !finding.attack.isEmpty {
        fact("MITRE ATT&CK", finding.attack.joined(separator: ", "))
      }
    }
  }

  private func writeBefore(_ finding: Finding) {
    guard !finding.before.isEmpty else { return }
    writer.element("h4", [:], "Before this device first sent video out (no cause is claimed)")
    writer.element("ol", ["class": "story"]) {
      for event in finding.before {
        writer.element("li", [:]) {
          writer.element("time", [:], analysis.clock.text(event.time))
          writer.text(" \(event.text)", limit: 500)
          let packets = packets(event.packets)
          if !packets.isEmpty { writer.element("span", ["class": "dim"], " (\(packets))") }
        }
      }
    }
  }

  private func sender(_ finding: Finding) -> String {
    let name = name(ofDevice: finding.device)
    let address = finding.sourceAddress.description
    return name.isEmpty ? address : name.contains(address) ? name : "\(name), as \(address)"
  }

  private func fact(_ name: String, _ value: String) {
    guard !value.isEmpty else { return }
    writer.element("dt", [:], name)
    writer.element("dd", [:], value, limit: 400)
  }

  private func writeMedia(_ finding: Finding, _ streams: [Int: [MediaStream]]) {
    let own = finding.flows.prefix(64).flatMap { streams[$0] ?? [] }.filter {
      $0.sourceAddress == finding.sourceAddress && $0.media != .audio
    }
    let keyFrames = own.flatMap(\.keyFrameTimes).sorted().prefix(TimelineEvents.maximumKeyFrames)
    let chart = BitRateSVG(finding, analysis, keyFrames: Array(keyFrames))
    if chart.isWorthDrawing { chart.write(writer) }
    guard !own.isEmpty else { return }
    writer.element("ul", ["class": "lead"]) {
      for stream in own.prefix(4) { writer.element("li", [:], Self.words(of: stream)) }
      if own.count > 4 { writer.element("li", [:], "and \(own.count - 4) more media streams") }
    }
  }

  private static func words(of stream: MediaStream) -> String {
    var parts = [stream.codec ?? "codec not known", "by \(stream.kind.words)"]
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
    if stream.isStoredFootage { parts.append("stored footage") }
    if stream.isEncrypted { parts.append("encrypted") }
    return parts.joined(separator: ", ")
  }

  private func writeEvidence(_ finding: Finding) {
    writer.element("details", ["open": ""]) {
      writer.element("summary", [:], "Evidence")
      writer.element("table", ["class": "evidence"]) {
        writer.element("thead", [:]) {
          writer.element("tr", [:]) {
            for head in ["", "Fact", "Measured", "Threshold", "Packets to look at"] {
              writer.element("th", ["scope": "col"], head)
            }
          }
        }
        writer.element("tbody", [:]) {
          for evidence in finding.video.reasons { writeRow("+", evidence) }
          for evidence in finding.video.counterReasons { writeRow("\u{2212}", evidence) }
          for reason in finding.exposure.reasons {
            writer.element("tr", [:]) {
              cell(finding.exposure.level.code, "key")
              writer.element("td", ["colspan": "4"], reason, limit: 500)
            }
          }
        }
      }
    }
  }

  private func writeRow(_ sign: String, _ evidence: Evidence) {
    writer.element("tr", [:]) {
      cell(sign, "key")
      writer.element("td", [:]) {
        writer.text(evidence.text, limit: 500)
        writer.markup(" ")
        writer.element("span", ["class": "mono dim"], evidence.signal)
      }
      let numbers = EvidenceNumbers(evidence)
      cell(numbers.value)
      cell(numbers.threshold)
      cell(packets(evidence.packets))
    }
  }

  func packets(_ references: [PacketReference]) -> String {
    guard !references.isEmpty else { return "" }
    if analysis.inputs.count == 1 {
      return "frame " + references.map { "\($0.frame)" }.joined(separator: ", ")
    }
    return references.map { "file \($0.file) frame \($0.frame)" }.joined(separator: ", ")
  }
}

extension MediaStreamKind {
  /// How the stream is carried, as people call it.
  var words: String {
    switch self {
    case .rtp: "RTP"
    case .rtspInterleaved: "RTP inside RTSP"
    case .mpegts: "MPEG-TS"
    case .mpegps: "MPEG-PS"
    case .rtmp: "RTMP"
    case .srt: "SRT"
    case .webrtc: "WebRTC"
    case .http: "HTTP"
    case .vendor: "a maker's protocol"
    }
  }
}

extension VideoVerdict {
  /// How sure it is, in words.
  var words: String {
    switch self {
    case .notAssessed: "not assessed"
    case .noEvidence: "not shown"
    case .possible: "possible"
    case .likely: "likely"
    case .certain: "certain"
    }
  }
}
