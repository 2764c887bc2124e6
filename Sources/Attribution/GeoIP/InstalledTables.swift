// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

extension GeoIPTableSource {
  /// Tables that packages install where other tools look for them (`--geoip system`).
  ///
  /// Of each kind the first that can be opened: an ASN database; then a Country or City database,
  /// else the files of tor-geoipdb. Empty where nothing is installed.
  public static func installed() -> [GeoIPTableSource] {
    installed { path in (try? DecompressingSource(CaptureInput(path))) != nil }
  }

  /// Folders of geoipupdate (Debian, source installations, Homebrew) and of distributions.
  static let installedFolders = [
    "/var/lib/GeoIP", "/usr/share/GeoIP", "/usr/local/share/GeoIP", "/opt/homebrew/var/GeoIP",
    "/usr/local/var/GeoIP",
  ]

  static func installed(_ exists: (String) -> Bool) -> [GeoIPTableSource] {
    func first(_ names: [String]) -> String? {
      for name in names {
        for folder in installedFolders where exists("\(folder)/\(name)") {
          return "\(folder)/\(name)"
        }
      }
      return nil
    }
    var paths: [String] = []
    if let path = first(["GeoLite2-ASN.mmdb", "GeoIP2-ISP.mmdb"]) { paths.append(path) }
    if let path = first(["GeoLite2-Country.mmdb", "GeoLite2-City.mmdb", "GeoIP2-Country.mmdb"]) {
      paths.append(path)
    } else {
      paths += ["/usr/share/tor/geoip", "/usr/share/tor/geoip6"].filter(exists)
    }
    return paths.map(GeoIPTableSource.file)
  }
}
