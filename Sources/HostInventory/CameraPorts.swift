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

  /// The embedded table, read on first use.
  package static let shared = CameraPorts(table: cameraPortsTable)

  /// Ports that everything uses and that therefore mark nothing.
  private static let ordinary: Set<UInt16> = [21, 25, 80, 123, 443, 1900, 3478, 5060, 5349, 5353]
  /// Ranges wider than this are examples and mark nothing.
  private static let maximumRange = 8

  private let ports: [Port]
  /// Place in `ports` plus one of each port, for TCP and UDP, dialled and listened on; asked for
  /// every flow.
  private let places: [UInt8]

  init(table: StaticString) {
    var ports: [Port] = []
    var places = [UInt8](repeating: 0, count: 4 << 16)
    for row in VendorTable.rows(of: table) {
      guard row.count >= 7, let first = UInt16(row[2]), let last = UInt16(row[3]), first <= last,
        Int(last) - Int(first) < Self.maximumRange, row[4] != "group", row[5] != "low"
      else { continue }
      for port in first...last where !Self.ordinary.contains(port) {
        for isListening in [true, false]
        where row[4] == "both" || (row[4] == "listens") == isListening {
          let place = Self.place(port, isUDP: row[1] == "udp", isListening: isListening)
          if places[place] == 0 {
            let new = Port(vendor: row[0], role: row[6])
            if ports.last != new, ports.count < 255 { ports.append(new) }
            places[place] = UInt8(truncatingIfNeeded: ports.count)
          }
        }
      }
    }
    self.ports = ports
    self.places = places
  }

  private static func place(_ port: UInt16, isUDP: Bool, isListening: Bool) -> Int {
    Int(port) | (isUDP ? 1 << 16 : 0) | (isListening ? 1 << 17 : 0)
  }

  /// What a port of a device (`isListening`) or of the place it dials says.
  package func port(_ port: UInt16, protocolNumber: UInt8, isListening: Bool) -> Port? {
    let index = index(port, protocolNumber: protocolNumber, isListening: isListening)
    return index < 0 ? nil : ports[index]
  }

  /// Whether a port says something.
  func isKnown(_ port: UInt16, protocolNumber: UInt8, isListening: Bool) -> Bool {
    index(port, protocolNumber: protocolNumber, isListening: isListening) >= 0
  }

  @inline(__always)
  private func index(_ port: UInt16, protocolNumber: UInt8, isListening: Bool) -> Int {
    guard protocolNumber == 6 || protocolNumber == 17 else { return -1 }
    return Int(
      places[Self.place(port, isUDP: protocolNumber == 17, isListening: isListening)]) - 1
  }
}
