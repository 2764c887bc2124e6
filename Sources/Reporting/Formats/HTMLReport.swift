// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import HostInventory
internal import VideoDetection

/// `--format html`: one file for people who were not there, which opens offline and loads nothing.
///
/// The page has no link but to its own parts, no style attribute and one inline style sheet and
/// script, which its Content Security Policy names by hash; everything else is forbidden. Without
/// the script everything can still be read.
public struct HTMLReport {
  let analysis: Analysis
  let findings: [Finding]
  let devices: [String: Device]
  var writer: MarkupWriter
  let selection: Selection

  /// Findings shown with all their evidence at most; the rest has a row each.
  static let findingsInFull = 250
  /// Bytes that findings with all their evidence take at most, so that a page stays under 3 MB.
  static let findingBytes = 1_800_000
  /// Findings with a row.
  static let findingRows = 1_000
  /// Lanes of each view of the timeline.
  static let timelineLanes = 60
  /// Events of a lane of the timeline.
  static let laneEvents = 200
  /// Bins of all lanes together, which decides how fine the timeline is.
  static let timelineCells = 60_000
  /// Rows of the tables of devices, destinations and cameras.
  static let tableRows = 500
  /// Sources and comments of inputs.
  static let inputRows = 1_000

  /// Writes the report.
  public static func write(
    _ analysis: Analysis, selection: Selection = Selection(), to sink: ReportSink
  ) {
    HTMLReport(analysis, selection, sink).writeAll()
  }

  private init(_ analysis: Analysis, _ selection: Selection, _ sink: ReportSink) {
    self.analysis = analysis
    self.selection = selection
    let matcher = selection.matcher(for: analysis)
    findings = analysis.findings.filter { matcher.matches($0) }
    devices = Dictionary(
      analysis.devices.map { ($0.id, $0) }, uniquingKeysWith: { first, _ in first })
    writer = MarkupWriter(sink)
  }

  private func writeAll() {
    writeHead()
    writer.markup("<body>\n<a class=\"skip\" href=\"#findings\">Skip to the findings</a>\n")
    writer.element("div", ["class": "frame"]) {
      writeNavigation()
      writer.element("main", [:]) {
        writeSummary()
        writeStories()
        writeCameras()
        writeTimeline()
        writeMap()
        writeFindings()
        writeDestinations()
        writeDevices()
        writeLimitations()
        writeInputs()
        writeMethod()
        writeGlossary()
      }
      writer.element("footer", [:]) {
        writer.element(
          "p", [:],
          "Made by \(analysis.tool.name) \(analysis.tool.version) from the inputs named above. The "
            + "same inputs and options give this file again, byte for byte. It loads nothing from "
            + "the network.")
      }
    }
    writer.markup("<script>")
    writer.sink.write(ReportAssets.reportScript)
    writer.markup("</script>\n</body>\n</html>\n")
  }

  private func writeHead() {
    let policy =
      "default-src 'none'; style-src \(ReportAssets.hashSource(of: ReportAssets.pageStyle)); "
      + "script-src \(ReportAssets.hashSource(of: ReportAssets.reportScript)); base-uri 'none'; "
      + "form-action 'none'"
    writer.markup("<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n")
    writer.open("meta", ["http-equiv": "Content-Security-Policy", "content": policy])
    writer.markup("\n<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n")
    writer.markup("<meta name=\"referrer\" content=\"no-referrer\">\n")
    writer.element(
      "title", [:],
      "LensTrace report" + (analysis.caseNotes.caseID.map { ", case \($0)" } ?? ""))
    writer.markup("\n<style>")
    writer.sink.write(ReportAssets.pageStyle)
    writer.markup("</style>\n</head>\n")
  }

  /// The parts of the page in order: anchor and title.
  private static let parts: [(StaticString, StaticString)] = [
    ("summary", "Summary"), ("stories", "Stories"), ("cameras", "Cameras"),
    ("timeline", "Timeline"), ("map", "Map"),
    ("findings", "Findings"), ("destinations", "Destinations"), ("devices", "Devices"),
    ("limitations", "Limitations"), ("inputs", "Inputs"), ("method", "Method"),
    ("glossary", "Glossary"),
  ]

  private func writeNavigation() {
    writer.element("nav", ["aria-label": "Parts of this report"]) {
      writer.element("ul", [:]) {
        for (anchor, title) in Self.parts
        where "\(anchor)" != "stories" || !analysis.stories.isEmpty {
          writer.element("li", [:]) {
            writer.element("a", ["href": "#\(anchor)"], "\(title)")
          }
        }
      }
    }
  }

  /// Opens a part with its head; `writeParts` close it.
  func section(
    _ anchor: StaticString, _ title: String, _ lead: String? = nil, _ content: () -> Void
  ) {
    writer.element("section", ["aria-labelledby": "\(anchor)"]) {
      writer.element("h2", ["id": "\(anchor)"], title)
      if let lead { writer.element("p", ["class": "lead"], lead, limit: 900) }
      content()
    }
    writer.markup("\n")
  }

  /// Says that something was left out, and where all of it is.
  func writeCut(_ shown: Int, of count: Int, _ what: String, _ whole: String) {
    guard count > shown else { return }
    writer.element(
      "p", ["class": "alert"],
      "The first \(DecimalText.grouped(UInt64(shown))) of "
        + "\(DecimalText.grouped(UInt64(count))) \(what) are shown. \(whole) has them all.")
  }

  /// A word in a coloured box; the colour is never the only sign.
  func badge(_ style: String, _ text: String) {
    writer.element("span", ["class": "badge \(style)"], text)
  }

  /// A table: heads, whether they hold numbers, and rows of cells.
  func table(
    _ heads: [HTMLColumn], caption: String, isSortable: Bool = true, rows: () -> Void
  ) {
    writer.element(
      "div",
      ["class": "scroll", "role": "region", "aria-label": caption, "tabindex": "0"]
    ) {
      writer.element("table", ["class": isSortable ? "sortable" : ""]) {
        writer.element("caption", [:], caption)
        writer.element("thead", [:]) {
          writer.element("tr", [:]) {
            for head in heads {
              writer.element("th", ["scope": "col", "class": head.isNumber ? "n" : ""]) {
                if isSortable {
                  writer.element("button", ["type": "button"], head.title)
                } else {
                  writer.text(head.title)
                }
              }
            }
          }
        }
        writer.element("tbody", [:], content: rows)
      }
    }
  }

  /// A cell with text.
  func cell(_ text: String, _ style: String = "", limit: Int = MarkupWriter.maximumCharacters) {
    writer.element("td", style.isEmpty ? [:] : ["class": style], text, limit: limit)
  }

  /// A cell with a number for people, sorted by its value.
  func cell(_ text: String, sortedBy value: UInt64) {
    writer.element("td", ["class": "n", "data-v": "\(value)"], text)
  }
}

/// The head of a column.
struct HTMLColumn {
  var title: String
  var isNumber = false

  init(_ title: String, isNumber: Bool = false) {
    self.title = title
    self.isNumber = isNumber
  }
}
