// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import HostInventory

@Suite struct EmbeddedTablesTests {
  @Test(arguments: [
    ("camera-ouis.tsv", "\(cameraOuisTable)"), ("camera-domains.tsv", "\(cameraDomainsTable)"),
    ("camera-ports.tsv", "\(cameraPortsTable)"),
  ])
  func equalsTheFileBesideIt(name: String, embedded: String) throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/HostInventory/Tables/\(name)")
    let text = try String(contentsOf: url, encoding: .utf8)
    // The literal has no line end before its closing quotes.
    #expect(embedded == text.dropLast(), "run Scripts/make-host-tables")
  }
}
