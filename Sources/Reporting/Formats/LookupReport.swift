// SPDX-License-Identifier: Apache-2.0

public import Attribution
internal import PacketDecoding

/// `lenstrace geoip lookup`: where addresses are, with the row behind each answer.
public enum LookupReport {
  /// What is printed of one answer, shared by all formats.
  private struct Row {
    var address: String
    var asn: UInt32?
    var asName: String?
    var country: String?
    var scope: String
    var range: String?
    var table: String?
    var line: UInt32?
    var flags: [String]
    var reason: String
    /// Answers of the single tables, where they differ.
    var others: [GeoIPTableAnswer]

    init(
      _ answer: AddressAttribution, _ tables: [GeoIPTableInfo], _ database: GeoIPDatabase?
    ) {
      others = database?.differingAnswers(for: answer.judgedAddress) ?? []
      let source = answer.record?.source
      address = answer.address.description
      asn = answer.record?.asn
      asName = answer.record?.asName
      country = answer.record?.country?.description
      scope = answer.scope.rawValue
      range = source?.range
      table = source.flatMap { tables.indices.contains($0.table) ? tables[$0.table].path : nil }
      line = source.flatMap { $0.line == 0 ? nil : $0.line }
      flags = answer.record?.flags.names ?? []
      reason = answer.reason
      if let unwrapped = answer.unwrapped { reason += "; judged \(unwrapped.address) inside it" }
    }
  }

  /// Writes an array of objects; with `database` also what its tables say where they differ.
  public static func writeJSON(
    _ answers: [AddressAttribution], _ tables: [GeoIPTableInfo], database: GeoIPDatabase? = nil,
    to sink: ReportSink
  ) {
    var json = JSONWriter(sink, lineDepth: 1)
    json.array(answers.map { Row($0, tables, database) }) { json, row in
      json.object { json in
        json.member("address", row.address)
        json.member("asn", row.asn)
        json.member("as_name", row.asName)
        json.member("country", row.country)
        json.member("scope", row.scope)
        json.member("range", row.range)
        json.member("table", row.table)
        json.member("line", row.line)
        json.member("flags", row.flags)
        json.member("reason", row.reason)
        json.member("differing_answers", row.others) { json, other in
          json.object { json in
            json.member("table", tables[other.table].path)
            json.member("date", tables[other.table].date.map { "\($0)" })
            json.member("line", other.source.line == 0 ? nil : other.source.line)
            json.member("range", other.source.range)
            json.member("asn", other.asn)
            json.member("country", other.country?.description)
          }
        }
      }
    }
    json.end()
  }

  /// Writes RFC 4180 with a header line.
  public static func writeCSV(
    _ answers: [AddressAttribution], _ tables: [GeoIPTableInfo], to sink: ReportSink
  ) {
    sink.write("address,asn,as_name,country,scope,range,table,line,flags\n")
    for row in answers.map({ Row($0, tables, nil) }) {
      let fields: [ReportField] = [
        .text(row.address), .count(row.asn.map(UInt64.init)), .hostile(row.asName),
        .hostile(row.country), .text(row.scope), .text(row.range), .hostile(row.table),
        .count(row.line.map(UInt64.init)), .text(row.flags.joined(separator: " ")),
      ]
      for (index, field) in fields.enumerated() {
        if index > 0 { sink.write(UInt8(ascii: ",")) }
        sink.writeCSV(field)
      }
      sink.write(UInt8(ascii: "\n"))
    }
  }

  /// Writes a table, each answer followed by the rule that decided, and by the answers of single
  /// tables where they differ.
  public static func writeText(
    _ answers: [AddressAttribution], _ tables: [GeoIPTableInfo], database: GeoIPDatabase? = nil,
    style: TerminalStyle, to sink: ReportSink
  ) {
    for row in answers.map({ Row($0, tables, database) }) {
      sink.write(style.bold(row.address) + "  " + row.scope + "\n")
      var place: [String] = []
      if let asn = row.asn { place.append("AS\(asn)") }
      if let name = row.asName { place.append(TerminalText.escaped(name)) }
      if let country = row.country { place.append(TerminalText.escaped(country)) }
      if !row.flags.isEmpty { place.append("(\(row.flags.joined(separator: ", ")))") }
      if !place.isEmpty { sink.write("  " + place.joined(separator: " ") + "\n") }
      if let range = row.range, let table = row.table {
        let line = row.line.map { " line \($0)" } ?? ""
        sink.write("  \(range), \(TerminalText.escaped(table))\(line)\n")
      }
      for line in style.wrap(TerminalText.escaped(row.reason), indent: 2) {
        sink.write(style.dim(line) + "\n")
      }
      for other in row.others {
        let table = tables[other.table]
        let date = table.date.map { "of \($0)" } ?? "of unknown date"
        let text =
          "tables differ: \(other.place) by \(table.path) \(date) line \(other.source.line), "
          + other.source.range
        for line in style.wrap(TerminalText.escaped(text, columns: 400), indent: 2, hanging: 4) {
          sink.write(line + "\n")
        }
      }
    }
  }
}
