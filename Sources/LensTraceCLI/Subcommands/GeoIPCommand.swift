// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// `lenstrace geoip`: what tables say, and how good they are.
struct GeoIPCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "geoip", abstract: "Look addresses up in GeoIP tables, or check a table.",
    discussion: """
      Tables are recognised by their content, compressed or not:

        range_start,range_end,asn,country,as_name with this header line,
        iptoasn.com, ip-location-db, DB-IP Lite, GeoLite2 CSV, IPinfo Lite,
        IP2Location LITE, tor geoip, CAIDA pfx2as, RIR delegated files;
        also MaxMind DB files (.mmdb).

      Operators and countries may be in one table or in two. Of others name
      the columns: --geoip-columns start,end,asn,country,name

      Examples:
        lenstrace geoip lookup 203.0.113.77 --geoip ip2asn-combined.tsv --home IT
        lenstrace geoip check ip2asn-combined.tsv
      """,
    subcommands: [Lookup.self, Check.self])

  /// `lenstrace geoip lookup`.
  struct Lookup: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show AS, country and scope of addresses, with the row behind each answer.",
      discussion: """
        Examples:
          lenstrace geoip lookup 203.0.113.77 2001:db8::1 --geoip asn.csv --home IT
          lenstrace geoip lookup 203.0.113.77 --geoip country.mmdb --format json
          cut -f1 log.tsv | lenstrace geoip lookup --addresses-from - --geoip asn.csv
        """)

    // The parser of arguments takes time by the square of their number: 1.4 s for 8,000.
    @Argument(help: "IP addresses; thousands are read faster with --addresses-from.")
    var addresses: [String] = []

    @Option(
      help: ArgumentHelp(
        "Read more addresses from a list, one a line; - is standard input.", valueName: "list"))
    var addressesFrom: String?

    @OptionGroup(title: "Policy")
    var policy: PolicyOptions

    @OptionGroup(title: "Output")
    var output: OutputOptions

    @Option(help: "Format of standard output: text, csv or json.")
    var format: String?

    mutating func validate() throws {
      guard addresses.isEmpty, addressesFrom == nil else { return }
      throw ValidationError("no address was given; name some, or a list with --addresses-from")
    }

    mutating func run() throws {
      let listed =
        try addressesFrom.map { try ListFile.lines($0, of: "addresses", item: "address") } ?? []
      let parsed = try (addresses + listed).map { text in
        guard let address = IPAddress(text) else {
          throw ValidationError("\"\(HarmlessText.terminal(text))\" is no IP address")
        }
        return address
      }
      let formats = ["text", "csv", "json"]
      var plan = try OutputPlan(output, format: format, standard: "text", formats: formats)
      try plan.protect(policy.files + (addressesFrom.map { [$0] } ?? []))
      var configuration = Analyzer.Configuration()
      try policy.apply(to: &configuration)
      let database =
        configuration.geoIP.isEmpty ? nil : try GeoIPDatabase(loading: configuration.geoIP)
      if database == nil {
        Terminal.note(
          "no GeoIP table was given (--geoip FILE): only special-purpose ranges are known")
      }
      let attributor = Attributor(database: database, policy: configuration.attribution)
      let answers = parsed.map { attributor.attribution(of: $0) }
      try plan.write { format, style, sink in
        switch format {
        case "csv": LookupReport.writeCSV(answers, database?.tables ?? [], to: sink)
        case "json":
          LookupReport.writeJSON(answers, database?.tables ?? [], database: database, to: sink)
        default:
          LookupReport.writeText(
            answers, database?.tables ?? [], database: database, style: style, to: sink)
        }
      }
    }
  }

  /// `lenstrace geoip check`.
  struct Check: ParsableCommand {
    static let configuration = CommandConfiguration(
      abstract: "Show rows, coverage, conflicts, bad lines and date of tables.",
      discussion: """
        Examples:
          lenstrace geoip check ip2asn-combined.tsv
          lenstrace geoip check table.csv --geoip-columns start,end,asn,country,name
        """)

    @Argument(help: "GeoIP tables.")
    var files: [String]

    @Option(
      help: ArgumentHelp("Columns of a table whose layout cannot be told.", valueName: "names"))
    var geoipColumns: String?

    @OptionGroup(title: "Output")
    var output: OutputOptions

    @Option(help: "Format of standard output: text or json.")
    var format: String?

    mutating func run() throws {
      let formats = ["text", "json"]
      var plan = try OutputPlan(output, format: format, standard: "text", formats: formats)
      try plan.protect(files)
      let columns = geoipColumns.map { $0.split(separator: ",").map(String.init) } ?? []
      let sources = files.map { path in
        var source = GeoIPTableSource.file(path)
        source.columns = columns
        return source
      }
      let database = try GeoIPDatabase(loading: sources)
      try plan.write { format, style, sink in
        if format == "json" {
          TableReport.writeJSON(database.tables, to: sink)
        } else {
          TableReport.writeText(database.tables, style: style, to: sink)
        }
      }
    }
  }
}
