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

  /// Writes a table with the marks of each role below it.
  public static func writeText(_ analysis: Analysis, style: TerminalStyle, to sink: ReportSink) {
    var lines = DeviceTable(analysis.devices, style).lines(limit: analysis.devices.count)
    for device in analysis.devices where device.isCameraOrRecorder {
      lines.append("")
      lines.append("  " + style.bold(DeviceTable.name(device)))
      for role in device.roles {
        for mark in role.marks {
          lines += style.wrap(
            "\(role.role.rawValue) (\(role.confidence.rawValue)): \(TerminalText.escaped(mark))",
            indent: 4, hanging: 6)
        }
      }
      for contradiction in device.contradictions {
        lines += style.wrap(
          "but: \(TerminalText.escaped(contradiction))", indent: 4, hanging: 6)
      }
    }
    if analysis.devices.isEmpty { lines = ["no device of the inside was seen"] }
    for line in lines {
      sink.write(line)
      sink.write("\n")
    }
  }
}
