// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
internal import LensTrace

/// `lenstrace timeline`: who sent how much when.
struct TimelineCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "timeline",
    abstract: "Draw or list who sent how much when.",
    discussion: """
      Examples:
        lenstrace timeline capture.pcap --by country --bin 1m
        lenstrace timeline case.lenstrace --time-zone Europe/Rome --width 120
        lenstrace timeline capture.pcap --format csv --output timeline.csv
      """)

  @OptionGroup
  var options: AnalysisOptions

  @OptionGroup(title: "Output")
  var output: OutputOptions

  @OptionGroup
  var select: SelectOptions

  @Option(help: "Format of standard output: text, csv, json or svg.")
  var format: String?

  @Option(
    help: ArgumentHelp(
      "One lane for each: finding, device, destination, country, asn, flow or stream; without, of more than 12 findings those to one address share a lane where it is drawn."
    ))
  var by: Timeline.Grouping?

  @Option(help: ArgumentHelp("Width of a bin, such as 1s, 10s, 1m, 10m, 1h; auto fills the line."))
  var bin = "auto"

  mutating func run() throws {
    let width = try Self.seconds(bin)
    let selection = try select.selection()
    let formats = ["text", "csv", "json", "svg"]
    var plan = try OutputPlan(output, format: format, standard: "text", formats: formats)
    let captures = try options.captures()
    try plan.protect(options.filesRead(captures))
    let analysis = try options.analysis(of: captures)
    if let width, !Timeline.fits(width, analysis) {
      throw ValidationError("--bin: \(bin) gives too many bins for this capture; take a wider one")
    }
    try plan.write { [by] format, style, sink in
      if format == "text" {
        TimelineText.write(
          analysis, by: by, binSeconds: width, selection: selection, style: style, to: sink)
        return
      }
      if format == "svg" {
        SVGReport.write(analysis, by: by, binSeconds: width, selection: selection, to: sink)
        return
      }
      let timeline = Timeline(
        of: analysis, by: by ?? .finding, binSeconds: width, selection: selection)
      if format == "csv" {
        TimelineReport.writeCSV(timeline, to: sink)
      } else {
        TimelineReport.writeJSON(timeline, to: sink)
      }
    }
    try AnalysisOptions.exit(analysis)
  }

  /// Seconds of a width such as `10m`; `nil` for `auto`.
  private static func seconds(_ text: String) throws -> Int64? {
    if text == "auto" { return nil }
    let units: [Character: Int64] = ["s": 1, "m": 60, "h": 3_600, "d": 86_400]
    guard let unit = text.last.flatMap({ units[$0] }), let count = Int64(text.dropLast()),
      count >= 1, count <= 1_000_000
    else {
      throw ValidationError("--bin: \"\(text)\" is no width such as 1s, 10s, 1m, 10m, 1h or auto")
    }
    return count * unit
  }
}

extension Timeline.Grouping: ExpressibleByArgument {}
