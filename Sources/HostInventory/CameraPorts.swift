// SPDX-License-Identifier: Apache-2.0

/// Ports that cameras listen on or dial, a weak mark by themselves (camera-protocols.md C7).
package struct CameraPorts: Sendable {
  /// What a port says.
  package struct Port: Sendable, Hashable {
    /// Maker in lower case, `generic` for standard protocols.
    package var vendor: String
    /// What the port is for.
    package var role: String
  }

  private struct Key: Hashable {
    var isUDP: Bool
    var port: UInt16
    var isListening: Bool
  }

  /// The embedded table, read on first use.
  package static let shared = CameraPorts(table: cameraPortsTable)

  /// Ports that everything uses and that therefore mark nothing.
  private static let ordinary: Set<UInt16> = [21, 25, 80, 123, 443, 1900, 3478, 5060, 5349, 5353]
  /// Ranges wider than this are examples and mark nothing.
  private static let maximumRange = 8

  private let ports: [Key: Port]

  init(table: StaticString) {
    var ports: [Key: Port] = [:]
    for row in VendorTable.rows(of: table) {
      guard row.count >= 7, let first = UInt16(row[2]), let last = UInt16(row[3]), first <= last,
        Int(last) - Int(first) < Self.maximumRange, row[4] != "group", row[5] != "low"
      else { continue }
      for port in first...last where !Self.ordinary.contains(port) {
        for isListening in [true, false]
        where row[4] == "both" || (row[4] == "listens") == isListening {
          let key = Key(isUDP: row[1] == "udp", port: port, isListening: isListening)
          if ports[key] == nil { ports[key] = Port(vendor: row[0], role: row[6]) }
        }
      }
    }
    self.ports = ports
  }

  /// What a port of a device (`isListening`) or of the place it dials says.
  package func port(_ port: UInt16, protocolNumber: UInt8, isListening: Bool) -> Port? {
    guard protocolNumber == 6 || protocolNumber == 17 else { return nil }
    return ports[Key(isUDP: protocolNumber == 17, port: port, isListening: isListening)]
  }
}
