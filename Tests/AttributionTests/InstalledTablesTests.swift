// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Attribution

@Suite struct InstalledTablesTests {
  private func found(_ files: Set<String>) -> [String] {
    GeoIPTableSource.installed(files.contains).map(\.name)
  }

  @Test func firstOfEachKind() {
    #expect(found([]) == [])
    #expect(
      found([
        "/usr/share/GeoIP/GeoLite2-ASN.mmdb", "/var/lib/GeoIP/GeoLite2-ASN.mmdb",
        "/usr/share/GeoIP/GeoLite2-City.mmdb", "/usr/share/tor/geoip",
      ]) == ["/var/lib/GeoIP/GeoLite2-ASN.mmdb", "/usr/share/GeoIP/GeoLite2-City.mmdb"])
    #expect(
      found(["/usr/share/tor/geoip", "/usr/share/tor/geoip6"]) == [
        "/usr/share/tor/geoip", "/usr/share/tor/geoip6",
      ])
  }
}
