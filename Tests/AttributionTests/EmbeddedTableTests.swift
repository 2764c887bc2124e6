// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Attribution

@Suite struct EmbeddedTableTests {
  @Test(arguments: [
    ("special-purpose-ranges.tsv", "\(specialPurposeRangesTable)"),
    ("country-codes.tsv", "\(countryCodesTable)"),
    ("content-networks.tsv", "\(contentNetworksTable)"),
  ])
  func equalsTheFileBesideIt(name: String, embedded: String) throws {
    let url = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
      .deletingLastPathComponent().appending(path: "Sources/Attribution/Tables/\(name)")
    let text = try String(contentsOf: url, encoding: .utf8)
    // The literal has no line end before its closing quotes.
    #expect(embedded == text.dropLast(), "run Scripts/make-attribution-tables")
  }

  @Test func noRowIsLost() {
    // 75 rows, and ::ffff:0:0/96 has no use: IPAddress holds IPv4 in that form.
    #expect(SpecialPurposeRanges.shared.ranges.count == 74)
    #expect(CountryCodes.shared.count == 249)
    #expect(ContentNetworks.shared.name(of: 13335) == "Cloudflare")
    #expect(ContentNetworks.shared.name(of: 16509) == nil)
  }
}
