// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Reporting

struct HostileTextTests {
  @Test func jsonEscapesControlsAndBidi() {
    let text = SampleAnalysis.text { $0.writeJSON("a\u{1B}\u{9B}\u{202E}\u{0}\n\"\\\u{E0001}é") }
    #expect(
      text == "\"a\\u001b\\u009b\\u202e\\u0000\\n\\\"\\\\\\udb40\\udc01é\"")
  }

  @Test(arguments: [
    ("=cmd|'/c calc'!A1", "'=cmd|'/c calc'!A1"), ("+1", "'+1"), ("-1", "'-1"), ("@x", "'@x"),
    ("\tx", "'\\u{0009}x"), ("\rx", "'\\u{000d}x"), ("a=b", "a=b"), ("a,b", "\"a,b\""),
    ("say \"x\"", "\"say \"\"x\"\"\""), ("a\nb", "a\\u{000a}b"), ("", ""), (" x", "\" x\""),
    ("=1,2", "\"'=1,2\""),
  ])
  func csvIsFormulaSafe(text: String, field: String) {
    #expect(SampleAnalysis.text { $0.writeCSV(hostile: text) } == field)
  }

  @Test func terminalTextIsHarmlessAndCut() {
    #expect(TerminalText.escaped("\u{1B}[2Jx") == "\\u{001b}[2Jx")
    #expect(TerminalText.escaped("a\\b") == "a\\\\b")
    #expect(TerminalText.escaped("abcdef", columns: 3) == "abc…")
    #expect(TerminalText.columnCount("日本") == 4)
    #expect(TerminalText.padded("日本", to: 6) == "日本  ")
    #expect(TerminalText.padded("abcdef", to: 4) == "abc…")
  }

  @Test(arguments: hostileNames)
  func noFormatLetsHostileTextThrough(name: String) {
    let analysis = SampleAnalysis.make(name: name)
    let style = TerminalStyle(columns: 80)
    let selection = Selection()
    let outputs = [
      SampleAnalysis.text {
        AnalysisJSON.write(analysis, including: [.flows, .timeline, .names], to: $0)
      },
      SampleAnalysis.text { TextReport.write(analysis, style: style, to: $0) },
      SampleAnalysis.text { FlowReport.writeCSV(analysis, FlowList(), to: $0) },
      SampleAnalysis.text { FlowReport.writeNDJSON(analysis, FlowList(), to: $0) },
      SampleAnalysis.text { FlowText.write(analysis, FlowList(), style: style, to: $0) },
      SampleAnalysis.text { DeviceReport.writeCSV(analysis, to: $0) },
      SampleAnalysis.text { DeviceReport.writeText(analysis, style: style, to: $0) },
      SampleAnalysis.text {
        TimelineText.write(
          analysis, by: .destination, binSeconds: nil, selection: selection, style: style, to: $0)
      },
      SampleAnalysis.text { CaptureFactsText.write(analysis.inputs, style: style, to: $0) },
      SampleAnalysis.text { CaptureFactsJSON.write(analysis.inputs, to: $0) },
      SampleAnalysis.text { AnalysisNDJSON.write(analysis, to: $0) },
      SampleAnalysis.text { FindingCSV.write(analysis, to: $0) },
      SampleAnalysis.text { TimesketchReport.write(analysis, to: $0) },
      SampleAnalysis.text { HTMLReport.write(analysis, to: $0) },
      SampleAnalysis.text { SVGReport.write(analysis, to: $0) },
      SampleAnalysis.text {
        SVGReport.write(analysis, by: .stream, binSeconds: nil, to: $0)
      },
    ]
    for output in outputs {
      #expect(!output.isEmpty)
      let harmful = output.unicodeScalars.filter { $0.isHostile && $0 != "\n" }
      #expect(harmful.isEmpty)
    }
  }

  @Test(arguments: hostileNames)
  func jsonGivesTheNameBackAsItWas(name: String) throws {
    let json = SampleAnalysis.text {
      AnalysisJSON.write(
        SampleAnalysis.make(name: name), including: [.flows, .timeline, .names], to: $0)
    }
    let parsed = try JSONSerialization.jsonObject(with: Data(json.utf8))
    let object = try #require(parsed as? [String: Any])
    let names = try #require(object["names"] as? [[String: Any]])
    let read = try #require(names.first?["name"] as? String)
    #expect(Array(read.unicodeScalars) == Array(name.unicodeScalars))
  }

  @Test(arguments: hostileNames)
  func csvHasTheSameColumnsInEachLine(name: String) throws {
    let csv = SampleAnalysis.text {
      FlowReport.writeCSV(SampleAnalysis.make(name: name), FlowList(), to: $0)
    }
    let rows = CSVReader.rows(csv)
    #expect(rows.count == 2)
    #expect(rows.allSatisfy { $0.count == FlowColumn.all.count })
    let cell = try #require(rows.last?[15])
    #expect(!"=+-@\t\r".contains(cell.prefix(1)) || cell.isEmpty)
  }
}

/// An independent reader of RFC 4180.
enum CSVReader {
  static func rows(_ text: String) -> [[String]] {
    var rows: [[String]] = []
    var row: [String] = []
    var cell = ""
    var isQuoted = false
    var characters = text.unicodeScalars.makeIterator()
    var pushed: Unicode.Scalar?
    while let scalar = pushed ?? characters.next() {
      pushed = nil
      if isQuoted {
        if scalar != "\"" {
          cell.unicodeScalars.append(scalar)
        } else {
          let next = characters.next()
          if next == "\"" {
            cell += "\""
          } else {
            isQuoted = false
            pushed = next
          }
        }
      } else if scalar == "\"" {
        isQuoted = true
      } else if scalar == "," {
        row.append(cell)
        cell = ""
      } else if scalar == "\n" {
        rows.append(row + [cell])
        row = []
        cell = ""
      } else {
        cell.unicodeScalars.append(scalar)
      }
    }
    return rows
  }
}
