// SPDX-License-Identifier: Apache-2.0

import Attribution
import PacketDecoding
import Reporting

/// Bytes as a GeoIP table or a policy file.
enum TableTargets {
  private static let byteLimit = 1 << 18

  /// A text table, and what it says of a few addresses.
  static func readText(_ bytes: [UInt8]) {
    guard bytes.count <= byteLimit else { return }
    read(bytes)
    // Row by row, as a table whose layout the user names.
    read(bytes, columns: ["start", "end", "asn", "country", "name"])
  }

  /// A MaxMind DB file.
  static func readMaxMind(_ bytes: [UInt8]) {
    guard bytes.count <= byteLimit else { return }
    read(bytes)
  }

  /// A policy file.
  static func readPolicy(_ bytes: [UInt8]) {
    guard bytes.count <= byteLimit else { return }
    do {
      let policy = try PolicyFile(bytes: bytes, name: "policy.json")
      _ = Attributor(database: nil, policy: policy.attribution).attribution(
        of: IPAddress(v4: 0xCB00_7101))
    } catch {
      HarmlessOutput.check(HarmlessText.terminal(error.description))
    }
  }

  private static func read(_ bytes: [UInt8], columns: [String] = []) {
    let source = GeoIPTableSource(content: .bytes(bytes, name: "table.csv"), columns: columns)
    do {
      let database = try GeoIPDatabase(loading: [source])
      let attributor = Attributor(database: database, policy: AttributionPolicy())
      let addresses = [0, 0x0808_0808, 0xC0A8_0101, 0xCB00_7101, UInt32.max].map(
        IPAddress.init(v4:))
      let answers = (addresses + [IPAddress(high: 0x2A00_0000_0000_0000, low: 1)]).map {
        attributor.attribution(of: $0)
      }
      HarmlessOutput.check { LookupReport.writeJSON(answers, database.tables, to: $0) }
      HarmlessOutput.check { LookupReport.writeCSV(answers, database.tables, to: $0) }
      HarmlessOutput.check {
        LookupReport.writeText(answers, database.tables, style: TerminalStyle(), to: $0)
      }
      HarmlessOutput.check { TableReport.writeJSON(database.tables, to: $0) }
      HarmlessOutput.check {
        TableReport.writeText(database.tables, style: TerminalStyle(), to: $0)
      }
    } catch {
      HarmlessOutput.check(HarmlessText.terminal(error.description))
    }
  }
}
