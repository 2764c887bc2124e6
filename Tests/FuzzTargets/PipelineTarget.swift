// SPDX-License-Identifier: Apache-2.0

import Attribution
import LensTrace
import Reporting

/// Bytes as a capture file, through the whole analysis and every writer.
enum PipelineTarget {
  private static let byteLimit = 1 << 18

  /// Formats whose bytes are no text.
  private static let binaryFormats: Set<String> = ["sqlite", SavedAnalysis.pathExtension]

  private static let table = Array(
    """
    range_start,range_end,asn,country,as_name
    0.0.0.0,127.255.255.255,64500,IT,"Example Home, Ltd."
    128.0.0.0,255.255.255.255,64501,RU,Example Abroad
    2000::,3fff:ffff:ffff:ffff:ffff:ffff:ffff:ffff,64502,CN,Example Six

    """.utf8)

  static func analyse(_ bytes: [UInt8]) {
    guard bytes.count <= byteLimit, let analysis = analysis(of: bytes) else { return }
    let style = TerminalStyle()
    for format in ReportFormats.all where !binaryFormats.contains(format.name) {
      let options = ReportOptions(parts: Set(AnalysisJSON.Part.allCases), style: style)
      HarmlessOutput.check { ReportFormats.write(analysis, as: format, options: options, to: $0) }
    }
    let list = FlowList()
    HarmlessOutput.check { FlowReport.writeCSV(analysis, list, to: $0) }
    HarmlessOutput.check { FlowReport.writeJSON(analysis, list, to: $0) }
    HarmlessOutput.check { FlowReport.writeNDJSON(analysis, list, to: $0) }
    HarmlessOutput.check { FlowText.write(analysis, list, style: style, to: $0) }
    HarmlessOutput.check { DeviceReport.writeJSON(analysis, to: $0) }
    HarmlessOutput.check { DeviceReport.writeCSV(analysis, to: $0) }
    HarmlessOutput.check { DeviceReport.writeText(analysis, style: style, to: $0) }
    HarmlessOutput.check { CaptureFactsJSON.write(analysis.inputs, to: $0) }
    HarmlessOutput.check { CaptureFactsText.write(analysis.inputs, style: style, to: $0) }
    HarmlessOutput.check {
      TimelineReport.writeCSV(Timeline(of: analysis, by: .flow, binSeconds: nil), to: $0)
    }
  }

  private static func analysis(of bytes: [UInt8]) -> Analysis? {
    var configuration = Analyzer.Configuration()
    configuration.jobs = 1
    configuration.computesHashes = false
    configuration.geoIP = [GeoIPTableSource(content: .bytes(table, name: "table.csv"))]
    try? configuration.attribution.setHome(["IT"])
    return ScratchFile.with(bytes) { path in
      guard let captures = try? CaptureSet([path]) else { return nil }
      let analysis = try? Analyzer(configuration).analyze(captures)
      if let analysis { check(analysis) }
      return analysis
    }
  }

  /// What holds for every analysis: no packet is counted twice, none that is there is lost.
  private static func check(_ analysis: Analysis) {
    let packets = analysis.inputs.reduce(0) { $0 + $1.packets }
    precondition(analysis.capture.packets == packets, "packets were lost or counted twice")
    var inFlows: UInt64 = 0
    for flow in analysis.flows {
      for direction in FlowDirection.allCases { inFlows += flow.counters(direction).packets }
    }
    let outside = analysis.capture.nonIPPackets + analysis.capture.incompleteFragments
    precondition(inFlows + outside == packets, "flows, others and fragments are not all packets")
  }
}
