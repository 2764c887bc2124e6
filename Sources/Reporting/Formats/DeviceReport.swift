// SPDX-License-Identifier: Apache-2.0

internal import HostInventory
internal import PacketDecoding

/// `lenstrace devices`: the inventory of the inside.
public enum DeviceReport {
  /// Writes one JSON array of the devices as in the analysis.
  public static func writeJSON(_ analysis: Analysis, to sink: ReportSink) {
    var json = JSONWriter(sink, lineDepth: 1)
    json.array(analysis.devices) { $0.value($1) }
    json.end()
  }

  /// Writes RFC 4180 with a line a device; several values of a cell are separated by spaces.
  public static func writeCSV(_ analysis: Analysis, to sink: ReportSink) {
    sink.write(
      "device,addresses,macs,vendor,model,serial,firmware,names,role,confidence,other_roles,marks\n"
    )
    for device in analysis.devices {
      if sink.hasFailed { return }
      let role = device.roles.first
      let fields: [ReportField] = [
        .text(device.id), .text(device.addresses.map(\.description).joined(separator: " ")),
        .text(device.macs.map(\.description).joined(separator: " ")), .hostile(device.vendor),
        .hostile(device.model), .hostile(device.serial), .hostile(device.firmware),
        .hostile(device.names.map(\.name).joined(separator: " ")),
        .text(role?.role.rawValue), .text(role?.confidence.rawValue),
        .text(device.roles.dropFirst().map(\.role.rawValue).joined(separator: " ")),
        .hostile(device.roles.flatMap(\.marks).joined(separator: "; ")),
      ]
      for (index, field) in fields.enumerated() {
        if index > 0 { sink.write(UInt8(ascii: ",")) }
        sink.writeCSV(field)
      }
      sink.write(UInt8(ascii: "\n"))
    }
  }

  /// Writes a table, and below it each camera, recorder and lead with its marks.
  public static func writeText(_ analysis: Analysis, style: TerminalStyle, to sink: ReportSink) {
    var lines = DeviceTable(analysis.devices, style).lines(limit: analysis.devices.count)
    let cameras = analysis.devices.filter(\.isCameraOrRecorder)
    let leads = analysis.devices.filter { device in
      !device.isCameraOrRecorder
        && device.roles.contains { $0.role == .unknown && !$0.marks.isEmpty }
    }
    for device in cameras + leads {
      lines.append("")
      lines.append("  " + style.bold(DeviceTable.name(device)))
      lines += description(of: device).flatMap { style.wrap($0, indent: 4, hanging: 6) }
    }
    if analysis.devices.isEmpty { lines = ["no device of the inside was seen"] }
    for line in lines {
      sink.write(line)
      sink.write("\n")
    }
  }

  /// Everything that identifies a device, and why it is taken for what it is.
  private static func description(of device: Device) -> [String] {
    var lines: [String] = []
    if device.addresses.count > 1 {
      let others = device.addresses.dropFirst().prefix(16).map(\.description)
      let left = device.addresses.count - 1 - others.count
      lines.append(
        "also " + others.joined(separator: ", ") + (left > 0 ? " and \(left) more" : ""))
    }
    let facts = [
      ("model", device.model), ("serial number", device.serial), ("firmware", device.firmware),
    ].compactMap { label, text in text.map { "\(label) \(TerminalText.escaped($0))" } }
    if !facts.isEmpty { lines.append(facts.joined(separator: ", ")) }
    let names = device.names.map { "\(TerminalText.escaped($0.name)) (\($0.source))" }
    if !names.isEmpty { lines.append("named " + names.joined(separator: ", ")) }
    for role in device.roles {
      for mark in role.marks {
        lines.append(
          "\(role.role.rawValue) (\(role.confidence.rawValue)): \(TerminalText.escaped(mark))")
      }
    }
    return lines + device.contradictions.map { "but: \(TerminalText.escaped($0))" }
  }
}
