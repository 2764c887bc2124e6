// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// GeoIP tables; none is used unless named.
struct TableOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "A GeoIP table, any known layout (repeatable); system looks for installed ones.",
      valueName: "file"))
  var geoip: [String] = []

  @Option(
    help: ArgumentHelp(
      "Columns of a table whose layout cannot be told, such as start,end,asn,country,name.",
      valueName: "names"))
  var geoipColumns: String?

  @Option(help: ArgumentHelp("Date of the tables, YYYY-MM-DD or YYYY-MM.", valueName: "date"))
  var geoipDate: String?

  /// The tables to load.
  func sources() throws -> [GeoIPTableSource] {
    var date: GeoIPTableDate?
    if let geoipDate {
      date = GeoIPTableDate(geoipDate)
      if date == nil {
        throw ValidationError("--geoip-date: \"\(geoipDate)\" is no date such as 2026-11-21")
      }
    }
    let columns = geoipColumns.map { $0.split(separator: ",").map(String.init) } ?? []
    return try geoip.flatMap { path in
      guard path == "system" else { return [GeoIPTableSource.file(path)] }
      let installed = GeoIPTableSource.installed()
      guard !installed.isEmpty else {
        throw ValidationError(
          "--geoip system: no table is installed where other tools look for them; name a file")
      }
      return installed
    }.map { (source: GeoIPTableSource) in
      var source = source
      source.columns = columns
      source.date = date
      return source
    }
  }
}
