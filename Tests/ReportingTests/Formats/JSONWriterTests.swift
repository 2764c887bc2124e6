// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Reporting

struct JSONWriterTests {
  @Test func nestingCommasAndLines() {
    let text = SampleAnalysis.text { sink in
      var json = JSONWriter(sink, lineDepth: 1)
      json.object { json in
        json.member("a", 1)
        json.member("b", ["x", "y"])
        json.member("c", nil as String?)
        json.key("d")
        json.object { $0.member("e", true) }
        json.key("f")
        json.array { _ in }
      }
      json.end()
    }
    #expect(
      text == """
        {
          "a": 1,
          "b": ["x", "y"],
          "c": null,
          "d": {"e": true},
          "f": []
        }

        """)
  }

  @Test func emptyDocuments() {
    let text = SampleAnalysis.text { sink in
      var json = JSONWriter(sink)
      json.array([Int]()) { $0.value($1) }
      json.end()
    }
    #expect(text == "[]\n")
  }

  @Test func extremeNumbers() {
    let text = SampleAnalysis.text { sink in
      var json = JSONWriter(sink, lineDepth: 0)
      json.array { json in
        json.value(UInt64.max)
        json.value(Int64.min)
        json.value(Double.nan)
        json.value(0.1)
      }
    }
    #expect(text == "[18446744073709551615, -9223372036854775808, null, 0.1]")
  }

  @Test(arguments: 0..<256)
  func eachByteIsPlainOrEscapedWhereverItStands(value: Int) throws {
    let scalar = Unicode.Scalar(UInt8(value))
    let isPlain = (0x20..<0x7F).contains(value) && value != 0x22 && value != 0x5C
    // Within and behind the eight bytes that are looked at together, and in short texts.
    for (position, length) in (0..<10).map({ ($0, 10) }) + [(0, 1), (1, 3), (3, 5), (0, 6)] {
      var text = String(repeating: "x", count: position)
      text.unicodeScalars.append(scalar)
      text += String(repeating: "y", count: length - 1 - position)
      var bytes = ReportBytes()
      let isToldPlain = bytes.append(quotingPlain: text.utf8.span)
      #expect(bytes.count == (isPlain ? text.utf8.count + 2 : 0))
      #expect(isToldPlain == isPlain)
      let written = SampleAnalysis.text { $0.writeJSON(text) }
      #expect((written == "\"" + text + "\"") == (isPlain || !scalar.isHostile && value > 0x7F))
    }
  }

  @Test func longDocumentsArriveWhole() {
    let text = SampleAnalysis.text { sink in
      var json = JSONWriter(sink)
      json.array { json in
        for number in 0..<20_000 { json.value(UInt64(number)) }
      }
      json.end()
    }
    let lines = text.split(separator: "\n").map(String.init)
    #expect(lines.count == 20_002)
    #expect(lines.dropLast(2).last == "  19998,")
    #expect(lines.suffix(2) == ["  19999", "]"])
  }

  @Test(arguments: [
    (0.0, "0"), (-3.0, "-3"), (1.5, "1.5"), (9e15, "9000000000000000"),
    (1e20, "1" + "0000000000" + "0000000000"),
  ])
  func decimals(value: Double, text: String) {
    let written = SampleAnalysis.text { sink in
      var json = JSONWriter(sink)
      json.value(value)
    }
    #expect(written == text)
  }
}
