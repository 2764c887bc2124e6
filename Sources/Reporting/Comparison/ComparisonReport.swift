// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration

/// `lenstrace diff`: what changed, as text or JSON.
public enum ComparisonReport {
  /// Name and version of the JSON document's layout.
  public static let schema = "lenstrace.diff/1"

  /// Writes the changes in words.
  public static func writeText(
    _ comparison: AnalysisComparison, style: TerminalStyle, to sink: ReportSink
  ) {
    func line(_ text: String) {
      sink.write(text)
      sink.write("\n")
    }
    func section(_ title: String, _ texts: [String]) {
      guard !texts.isEmpty else { return }
      line("")
      line(style.bold("\(title) (\(texts.count))"))
      for text in texts {
        for part in style.wrap(text, indent: 2, hanging: 6) { line(part) }
      }
    }
    line("before: " + head(comparison.before))
    line("after:  " + head(comparison.after))
    if comparison.before.thresholds != comparison.after.thresholds {
      line("The two were made with different thresholds; verdicts may differ for that alone.")
    }
    section("FINDINGS", comparison.findings.map(text))
    section(
      "CAMERA VERDICTS",
      comparison.verdicts.map { change in
        "\(text(change.device)): \(change.before ?? "none") -> \(change.after ?? "none")"
      })
    section(
      "DEVICES",
      comparison.devices.map { ($0.isNew ? "new: " : "gone: ") + text($0.device) })
    section(
      "DESTINATIONS OUTSIDE",
      comparison.destinations.map { change in
        (change.isNew ? "new: " : "gone: ") + text(change.place)
      })
    if comparison.isEmpty {
      line("")
      line("Nothing changed: same devices, destinations, verdicts, volumes within a factor of two.")
    }
  }

  private static func head(_ outline: AnalysisOutline) -> String {
    var text = TerminalText.escaped(outline.name)
    text += ", \(DecimalText.grouped(outline.packets)) packets"
    if let first = outline.firstTime, let last = outline.lastTime {
      text += ", \(TerminalText.escaped(first)) to \(TerminalText.escaped(last))"
    }
    return text
  }

  private static func text(_ device: AnalysisOutline.Device) -> String {
    var words = [device.id, device.addresses.first ?? "no address"] + device.macs.prefix(1)
    if let vendor = device.vendor { words.append(vendor) }
    if let role = device.role { words.append(role) }
    return TerminalText.escaped(words.joined(separator: " "), columns: 200)
  }

  private static func text(_ place: AnalysisOutline.Place) -> String {
    var words = [place.address]
    words += place.names.prefix(1)
    if let asn = place.asn { words.append("AS\(asn)" + (place.asName.map { " \($0)" } ?? "")) }
    if let country = place.country { words.append(country) }
    words.append(place.scope)
    return TerminalText.escaped(words.joined(separator: ", "), columns: 200)
      + ", \(Quantity.bytes(place.bytes))"
  }

  private static func text(_ change: AnalysisComparison.FindingChange) -> String {
    let arrow = change.isPulled ? " pulled by " : " -> "
    var text = "\(change.name): \(change.source)\(arrow)\(change.destination): "
    func words(_ entry: AnalysisOutline.Entry) -> String {
      "\(entry.severity.rawValue), video \(entry.verdict), \(entry.exposure), "
        + Quantity.bytes(entry.bytes)
    }
    switch (change.before, change.after) {
    case (let before?, let after?): text += words(before) + " => " + words(after)
    case (let entry?, nil), (nil, let entry?): text += words(entry)
    case (nil, nil): break
    }
    return TerminalText.escaped(text, columns: 400)
  }

  /// Writes the changes as one JSON object.
  public static func writeJSON(_ comparison: AnalysisComparison, to sink: ReportSink) {
    var json = JSONWriter(sink)
    json.object { json in
      json.member("schema", schema)
      json.head("before", comparison.before)
      json.head("after", comparison.after)
      json.member("findings", comparison.findings) { json, change in
        json.object { json in
          json.member("change", change.name)
          json.member("source_ip", change.source)
          json.member("destination_ip", change.destination)
          json.member("pulled", change.isPulled)
          json.entry("before", change.before)
          json.entry("after", change.after)
        }
      }
      json.member("camera_verdicts", comparison.verdicts) { json, change in
        json.object { json in
          json.member("device", change.device.id)
          json.member("addresses", change.device.addresses)
          json.member("before", change.before)
          json.member("after", change.after)
        }
      }
      json.member("devices", comparison.devices) { json, change in
        json.object { json in
          json.member("change", change.isNew ? "new" : "gone")
          json.member("id", change.device.id)
          json.member("addresses", change.device.addresses)
          json.member("macs", change.device.macs)
          json.member("vendor", change.device.vendor)
          json.member("role", change.device.role)
        }
      }
      json.member("destinations", comparison.destinations) { json, change in
        json.object { json in
          json.member("change", change.isNew ? "new" : "gone")
          json.member("ip", change.place.address)
          json.member("names", change.place.names)
          json.member("asn", change.place.asn)
          json.member("as_name", change.place.asName)
          json.member("country", change.place.country)
          json.member("scope", change.place.scope)
          json.member("bytes", change.place.bytes)
        }
      }
    }
    json.end()
  }
}

extension JSONWriter {
  fileprivate mutating func head(_ name: StaticString, _ outline: AnalysisOutline) {
    key(name)
    object { json in
      json.member("name", outline.name)
      json.member("first_time", outline.firstTime)
      json.member("last_time", outline.lastTime)
      json.member("packets", outline.packets)
      json.member("thresholds_sha256", outline.thresholds)
    }
  }

  fileprivate mutating func entry(_ name: StaticString, _ entry: AnalysisOutline.Entry?) {
    key(name)
    guard let entry else { return null() }
    object { json in
      json.member("severity", entry.severity.rawValue)
      json.member("verdict", entry.verdict)
      json.member("exposure", entry.exposure)
      json.member("bytes", entry.bytes)
    }
  }
}
