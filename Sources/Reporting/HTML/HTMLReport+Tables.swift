// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import CaptureFile
internal import Exfiltration
internal import HostInventory
internal import PacketDecoding
internal import VideoDetection

extension HTMLReport {
  func writeDestinations() {
    let destinations = analysis.destinations
    section(
      "destinations", "Destinations outside",
      "Every address outside that the inside sent to. Press a head to sort."
    ) {
      if analysis.geoIPTables.isEmpty, !destinations.isEmpty {
        writer.element(
          "p", ["class": "alert"],
          "No GeoIP table was given (--geoip FILE), so countries and operators are not known.")
      }
      guard !destinations.isEmpty else {
        writer.element("p", [:], "None.")
        return
      }
      table(
        [
          HTMLColumn("Address"), HTMLColumn("Names"), HTMLColumn("Country"), HTMLColumn("AS"),
          HTMLColumn("Operator"), HTMLColumn("Scope"), HTMLColumn("Sent", isNumber: true),
          HTMLColumn("By"),
        ], caption: "\(destinations.count) destinations, most bytes first"
      ) {
        for destination in destinations.prefix(Self.tableRows) {
          writer.element(
            "tr", ["data-devices": destination.devices.prefix(100).joined(separator: " ")]
          ) {
            cell(destination.address.description, "mono")
            cell(destination.names.prefix(4).joined(separator: " "), limit: 160)
            cell(destination.country ?? "")
            cell(destination.asn.map { "AS\($0)" } ?? "")
            cell(destination.asName ?? "", limit: 80)
            cell(destination.scope.rawValue)
            cell(Quantity.bytes(destination.bytes), sortedBy: destination.bytes)
            let more = destination.devices.count - 8
            cell(
              destination.devices.prefix(8).joined(separator: " ") + (more > 0 ? " +\(more)" : ""))
          }
        }
      }
      writeCut(Self.tableRows, of: destinations.count, "destinations", "--format json")
    }
  }

  func writeDevices() {
    let listed =
      analysis.devices.filter(\.isCameraOrRecorder)
      + analysis.devices.filter { !$0.isCameraOrRecorder }
    section(
      "devices", "Devices of the inside",
      "Cameras and recorders first. The marks say why a device is taken for what it is."
    ) {
      guard !listed.isEmpty else {
        writer.element("p", [:], "None was seen.")
        return
      }
      table(
        [
          HTMLColumn("Device"), HTMLColumn("Role"), HTMLColumn("Addresses"), HTMLColumn("MAC"),
          HTMLColumn("Maker, model, names"), HTMLColumn("Marks"),
        ], caption: "\(listed.count) devices"
      ) {
        for device in listed.prefix(Self.tableRows) {
          writer.element("tr", ["data-devices": device.id]) {
            cell(device.id, "key")
            cell(
              device.roles.filter { $0.role != .unknown }.map {
                "\($0.role.rawValue) (\($0.confidence.rawValue))"
              }.joined(separator: ", "))
            cell(device.addresses.prefix(6).map(\.description).joined(separator: " "), "mono")
            cell(device.macs.prefix(3).map(\.description).joined(separator: " "), "mono")
            let words = [
              device.vendor, device.model, device.serial.map { "serial \($0)" },
              device.firmware.map { "firmware \($0)" },
            ].compactMap { $0 }
            cell((words + device.names.prefix(3).map(\.name)).joined(separator: ", "))
            let marks = device.roles.flatMap(\.marks).prefix(4)
            cell(
              (marks + device.contradictions.prefix(2).map { "but: \($0)" }).joined(
                separator: "; "), limit: 320)
          }
        }
      }
      writeCut(Self.tableRows, of: listed.count, "devices", "devices --format json")
    }
  }

  func writeLimitations() {
    section(
      "limitations", "Limitations",
      "What this analysis could not see or do. Silence about something that stands here means nothing."
    ) {
      guard !analysis.limitations.isEmpty else {
        writer.element("p", [:], "None is known for this capture.")
        return
      }
      writer.element("ul", [:]) {
        for limitation in analysis.limitations {
          let count =
            limitation.count.map { " (\(DecimalText.grouped($0)) \($0 == 1 ? "case" : "cases"))" }
            ?? ""
          writer.element("li", [:], limitation.text + count, limit: 900)
        }
      }
    }
  }

  func writeInputs() {
    section(
      "inputs", "Inputs",
      "The files this report rests on, opened for reading only. Their SHA-256 ties the report to them; "
        + "packets are named by file number and frame number."
    ) {
      table(
        [
          HTMLColumn("No.", isNumber: true), HTMLColumn("File"), HTMLColumn("Format"),
          HTMLColumn("Packets", isNumber: true), HTMLColumn("Size", isNumber: true),
          HTMLColumn("First packet (UTC)"), HTMLColumn("Last packet (UTC)"), HTMLColumn("SHA-256"),
          HTMLColumn("Notes"),
        ], caption: "\(analysis.inputs.count) capture files"
      ) {
        for (index, facts) in analysis.inputs.prefix(Self.inputRows).enumerated() {
          writer.element("tr", [:]) {
            cell("\(index)", sortedBy: UInt64(index))
            cell(facts.path)
            cell(
              facts.compression == .none
                ? facts.format.rawValue : "\(facts.format.rawValue), \(facts.compression.rawValue)")
            cell(DecimalText.grouped(facts.packets), sortedBy: facts.packets)
            cell(Quantity.bytes(facts.bytes), sortedBy: facts.bytes)
            cell(facts.firstTime.map { Timestamp(nanoseconds: $0).secondsText } ?? "")
            cell(facts.lastTime.map { Timestamp(nanoseconds: $0).secondsText } ?? "")
            cell(facts.sha256 ?? "not computed", "mono")
            cell(Self.notes(facts))
          }
        }
      }
      writeCut(Self.inputRows, of: analysis.inputs.count, "files", "--format json")
      for table in analysis.geoIPTables {
        var text =
          "GeoIP table \(table.path): \(DecimalText.grouped(UInt64(clamping: table.rows))) rows, "
        text += table.date.map { "of \($0)" } ?? "date not known"
        text += table.countryBasis.map { "; its country \($0.words)" } ?? "; no countries"
        text += "; SHA-256 \(table.sha256 ?? "not computed")"
        writer.element("p", [:], text, limit: 600)
      }
    }
  }

  private static func notes(_ facts: CaptureFacts) -> String {
    var parts: [String] = []
    func count(_ number: UInt64, _ words: String) {
      if number > 0 { parts.append("\(DecimalText.grouped(number)) \(words)") }
    }
    count(facts.damageCount, "damaged places")
    count(facts.truncatedPackets, "packets cut by the snap length")
    count(facts.outOfOrder, "packets out of order")
    let dropped = facts.interfaces.compactMap(\.dropped)
    if !dropped.isEmpty { count(dropped.reduce(0, &+), "packets dropped while capturing") }
    parts += facts.comments.prefix(3)
    return parts.joined(separator: "; ")
  }

  func writeMethod() {
    section(
      "method", "Method",
      "Options and thresholds that this result depends on. Another tool version or other thresholds may "
        + "give another result; their digest tells them apart."
    ) {
      writer.element("h3", [:], "Tool")
      writer.element(
        "p", [:],
        "\(analysis.tool.name) \(analysis.tool.version); SHA-256 of the thresholds: "
          + (analysis.tool.thresholdsDigest ?? "not stated"), limit: 300)
      writer.element("h3", [:], "Configuration")
      table(
        [HTMLColumn("Option"), HTMLColumn("Value")], caption: "Options of this run",
        isSortable: false
      ) {
        for entry in analysis.configuration {
          writer.element("tr", [:]) {
            cell(entry.key, "mono")
            cell(Self.words(of: entry.value), limit: 600)
          }
        }
      }
      writer.element("details", [:]) {
        writer.element("summary", [:], "Thresholds (\(ThresholdTable.all.count))")
        table(
          [
            HTMLColumn("Threshold"), HTMLColumn("Value", isNumber: true), HTMLColumn("Unit"),
            HTMLColumn("Where it comes from"),
          ], caption: "Every limit that decides about a verdict", isSortable: false
        ) {
          for threshold in ThresholdTable.all {
            writer.element("tr", [:]) {
              cell(threshold.name, "mono")
              cell(DecimalText.exact(threshold.value) ?? "", "n")
              cell(threshold.unit)
              cell(threshold.source)
            }
          }
        }
      }
    }
  }

  private static func words(of value: ConfigurationEntry.Value) -> String {
    switch value {
    case .text(let text): text
    case .list(let texts): texts.isEmpty ? "none" : texts.joined(separator: ", ")
    case .number(let number): "\(number)"
    case .flag(let flag): flag ? "yes" : "no"
    case .missing: "not given"
    }
  }

  func writeGlossary() {
    section("glossary", "Glossary") {
      writer.element("dl", ["class": "glossary"]) {
        for (term, meaning) in Glossary.terms {
          writer.element("dt", [:], "\(term)")
          writer.element("dd", [:], "\(meaning)", limit: 900)
        }
      }
    }
  }
}

/// Words of the report, for readers who are no specialists.
enum Glossary {
  static let terms: [(StaticString, StaticString)] = [
    (
      "certain",
      "The protocol or the picture data itself proves video: sequence and clock of the packets together with the form of a codec, parameter sets, a container with a right checksum."
    ),
    ("likely", "The traffic behaves like live coded video, but its content was not seen."),
    ("possible", "It cannot be told from video: bulk and bursts. A lead, not evidence."),
    (
      "not assessed",
      "The capture does not allow a statement, for instance because packets are cut or a direction is missing. Never an all-clear."
    ),
    (
      "video left, consistent, no sign, cannot tell",
      "The answer for a camera: certain video went out; likely or possible video went out; what was captured would have shown video going out and did not; the capture could not have shown it."
    ),
    ("X0", "It stayed inside this network."),
    ("X1", "It left the network, to home, or home is not declared."),
    ("X2", "It went to an address that is not at home."),
    (
      "X3, X4",
      "As X2, to a place that hides something, or over days, from several cameras, or very much."
    ),
    (
      "severity",
      "How sure it is that it is video, together with how far it went: info, low, medium, high, critical."
    ),
    (
      "story",
      "Findings that belong together: the same destinations in turn, devices that begin together, several devices to one operator. What came before is listed in order of time and never called a cause."
    ),
    (
      "device, D1",
      "A machine of the inside, told apart by its addresses. Numbers follow the first packets."
    ),
    (
      "home",
      "The countries, networks and operators that the user declared with --home, --home-net, --home-asn."
    ),
    (
      "AS, operator",
      "An autonomous system is a network under one operator, with a number. The GeoIP table says which addresses are whose."
    ),
    (
      "country",
      "What the GeoIP table says of the address. Depending on the table it is where the host is believed to be, or where the operator is registered. Traffic may go on from there."
    ),
    (
      "payload",
      "What was carried, without the headers of the network and without repetitions. On the wire means headers and repetitions too."
    ),
    (
      "packet, frame", "One captured message. Frame numbers are those Wireshark shows for the file."
    ),
    (
      "flow",
      "All packets between two addresses and ports, both directions, from the first to the last."
    ),
    (
      "key frame",
      "A whole picture from which decoding can begin; the pictures between are differences. Their regular distance is typical of cameras."
    ),
    ("RTP, RTSP", "The usual protocols of cameras: RTP carries pictures, RTSP asks for them."),
    ("SSRC", "The number by which an RTP sender marks one stream."),
    (
      "DNS answer",
      "The reply to a question for the address of a name: which name stood for the destination."
    ),
    ("codec", "How pictures are coded, such as H.264 or H.265."),
    (
      "GeoIP table",
      "A list of address ranges with operator and country, made by third parties, with errors and an age."
    ),
    (
      "SHA-256",
      "A fingerprint of a file: if one bit changes, it changes. Compute it again to check that a file is the one analysed."
    ),
    (
      "MITRE ATT&CK",
      "A public catalogue of what intruders do; T1125 is video capture, T1048 exfiltration over another protocol."
    ),
    (
      "UTC",
      "Universal time, without time zone or daylight saving. All times of this report are UTC unless another zone is named."
    ),
  ]
}
