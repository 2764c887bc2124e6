// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Reporting

#if canImport(FoundationXML)
import FoundationXML
#endif

struct SVGReportTests {
  /// Counts elements of well-formed XML; `nil` for anything else.
  private final class Counter: NSObject, XMLParserDelegate {
    var counts: [String: Int] = [:]

    func parser(
      _ parser: XMLParser, didStartElement name: String, namespaceURI: String?,
      qualifiedName: String?, attributes: [String: String]
    ) {
      counts[name, default: 0] += 1
    }

    static func counts(of text: String) -> [String: Int]? {
      let parser = XMLParser(data: Data(text.utf8))
      let counter = Counter()
      parser.delegate = counter
      return parser.parse() ? counter.counts : nil
    }
  }

  @Test(arguments: hostileNames + ["media.example"])
  func theDrawingIsWellFormedWhateverTheNames(name: String) throws {
    let svg = SampleAnalysis.text { SVGReport.write(SampleAnalysis.make(name: name), to: $0) }
    let counts = try #require(Counter.counts(of: svg))
    #expect(counts["svg"] == 3)
    #expect(counts["script"] == nil)
    #expect((counts["path"] ?? 0) > 5)
  }

  @Test func aTimelineOfAnyKindIsDrawn() throws {
    for grouping in Timeline.Grouping.allCases {
      let svg = SampleAnalysis.text {
        SVGReport.write(SampleAnalysis.make(), by: grouping, binSeconds: 1, to: $0)
      }
      let counts = try #require(Counter.counts(of: svg))
      #expect(counts["svg"] == 2)
    }
  }

  @Test func theMapAddsUp() {
    let map = TrafficMap(SampleAnalysis.make())
    #expect(map.columns.map(\.count) == [1, 1, 1])
    #expect(map.columns.allSatisfy { $0.reduce(0) { $0 + $1.bytes } == 600_000 })
    #expect(map.links.allSatisfy { $0.reduce(0) { $0 + $1.bytes } == 600_000 })
  }
}
