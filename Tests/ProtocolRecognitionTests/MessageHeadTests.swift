// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ProtocolRecognition

struct MessageHeadTests {
  /// Wherever the line stands among the blocks of sixteen bytes that are searched.
  @Test(arguments: HeaderField.allCases)
  func fieldsAreFoundWhateverTheirCase(field: HeaderField) {
    let name = field.name.bytes.text(0..<field.name.bytes.count)
    for spelling in [name, name.lowercased(), name.uppercased()] {
      for padding in 0..<17 {
        let bytes = ascii(
          "GET / HTTP/1.1\r\nAccept: \(String(repeating: "x", count: padding))\r\n"
            + "\(spelling): \t a value \r\n\(spelling): second\r\n\r\nbody")
        var head = MessageHead()
        let isWhole = head.parse(bytes.span)
        #expect(isWhole)
        #expect(head.startLine == 0..<14)
        #expect(head.end == bytes.count - 4)
        for other in HeaderField.allCases {
          let value = head.value(other).map { bytes.span.text($0) }
          #expect(value == (other == field ? "a value" : nil), "\(spelling), \(padding)")
        }
      }
    }
  }

  @Test func namesOfOtherLengthsAreOthers() {
    let bytes = ascii("GET / HTTP/1.1\nHosts: a\nHos: b\nHost : c\n:d\nContent-Typ\r: e\n\n")
    var head = MessageHead()
    let isWhole = head.parse(bytes.span)
    #expect(isWhole)
    for field in HeaderField.allCases { #expect(head.value(field) == nil) }
  }

  @Test func headsAreWholeWithTheirBlankLine() {
    let bytes = ascii("..HTTP/1.1 200 OK\r\nServer: x\r\nContent-Length: 12\r\n\r\n")
    for end in 2...bytes.count {
      var head = MessageHead()
      let part = Array(bytes[..<end])
      let isWhole = head.parse(part.span, from: 2)
      #expect(isWhole == (end == bytes.count), "\(end)")
    }
    var head = MessageHead()
    let isWhole = head.parse(bytes.span, from: 2)
    #expect(isWhole && head.startLine == 2..<17 && head.contentLength(in: bytes.span) == 12)
    let isWithinLimit = head.parse(bytes.span, from: 2, limit: bytes.count - 3)
    #expect(!isWithinLimit)
  }
}
