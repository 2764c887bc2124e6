// SPDX-License-Identifier: Apache-2.0

internal import HostInventory
internal import PacketDecoding

/// The devices of the inside as a table for people.
struct DeviceTable {
  private let devices: [Device]
  private let style: TerminalStyle

  init(_ devices: [Device], _ style: TerminalStyle) {
    self.devices = devices
    self.style = style
  }

  /// Cameras and recorders first, then the others in their order.
  func lines(limit: Int) -> [String] {
    let sorted =
      devices.filter(\.isCameraOrRecorder) + devices.filter { !$0.isCameraOrRecorder }
    let shown = Array(sorted.prefix(limit))
    let rows = shown.map { device in
      [
        device.id, roles(device),
        device.vendor.map { TerminalText.escaped($0, columns: Self.vendorColumns) } ?? "",
        Self.addresses(device), device.macs.prefix(2).map(\.description).joined(separator: " "),
      ]
    }
    var lines = TextTable(
      heads: ["id", "role (sureness)", "maker", "addresses", "MAC"], rows: rows,
      notes: shown.map(Self.details)
    ).lines(style)
    if devices.count > limit {
      lines.append("  and \(devices.count - limit) more; devices --format json has them all")
    }
    return lines
  }

  /// `D1 192.168.64.21 (hikvision camera)`, with the address meant or the device's first.
  static func name(_ device: Device, at address: IPAddress? = nil) -> String {
    let shown = (address ?? device.addresses.first).map { " \($0)" } ?? ""
    let role = device.roles.first.map(\.role).flatMap { $0 == .unknown ? nil : $0.rawValue }
    let vendor = device.vendor.map { TerminalText.escaped($0, columns: 40) }
    let words = [vendor, role].compactMap { $0 }.joined(separator: " ")
    return device.id + shown + (words.isEmpty ? "" : " (\(words))")
  }

  /// Registrants of hardware addresses may have long names.
  private static let vendorColumns = 20
  /// Columns from which the table has room for how sure a role is; below, addresses matter more.
  private static let columnsWithConfidence = 100

  private func roles(_ device: Device) -> String {
    let isWide = style.columns >= Self.columnsWithConfidence
    return device.roles.filter { $0.role != .unknown }.map {
      isWide ? "\($0.role.rawValue) (\($0.confidence.rawValue))" : $0.role.rawValue
    }
    .joined(separator: ", ")
  }

  private static func addresses(_ device: Device) -> String {
    let first = device.addresses.first.map(\.description) ?? ""
    return first + (device.addresses.count > 1 ? " +\(device.addresses.count - 1)" : "")
  }

  private static func details(_ device: Device) -> String {
    var parts: [String] = []
    for (label, text) in [
      ("model", device.model), ("serial", device.serial), ("firmware", device.firmware),
    ] {
      if let text { parts.append("\(label) \(TerminalText.escaped(text, columns: 40))") }
    }
    parts += device.names.prefix(2).map { TerminalText.escaped($0.name, columns: 40) }
    if parts.isEmpty, let mark = device.roles.first?.marks.first {
      parts.append(TerminalText.escaped(mark))
    }
    return parts.joined(separator: ", ")
  }
}
