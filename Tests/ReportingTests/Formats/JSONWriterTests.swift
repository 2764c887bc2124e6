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
}
