// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Reporting

struct JSONReaderTests {
  private func reader(_ text: String) -> JSONReader { JSONReader(Array(text.utf8)) }

  @Test func textsComeBackAsTheyWereWritten() throws {
    for name in hostileNames {
      let written = SampleAnalysis.text { $0.writeJSON(name) }
      var reader = reader(written)
      #expect(Array(try reader.text().unicodeScalars) == Array(name.unicodeScalars))
      try reader.end()
    }
  }

  @Test(arguments: [
    "", "{", "[1", "[1,]", "{\"a\"}", "{\"a\":}", "\"a", "\"\\u12", "tru", "-", "[", "{\"a\":1,}",
    "\"\u{1}\"", "1 2", "nul",
  ])
  func whatIsNoJSONThrows(text: String) {
    #expect(throws: JSONReader.Failure.self) {
      var reader = reader(text)
      try reader.skip()
      try reader.end()
    }
  }

  @Test func depthIsBounded() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: JSONReader.Failure.self) {
      var reader = reader(deep)
      try reader.skip()
    }
  }

  @Test func numbersOutOfTheirRangeThrow() {
    #expect(throws: JSONReader.Failure.self) {
      var reader = reader("256")
      let _: UInt8 = try reader.number()
    }
    #expect(throws: JSONReader.Failure.self) {
      var reader = reader("1e999")
      _ = try reader.decimal()
    }
  }
}
