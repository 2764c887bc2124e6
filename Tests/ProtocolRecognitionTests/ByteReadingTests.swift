// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ProtocolRecognition

struct ByteReadingTests {
  /// Sixteen bytes are looked at together: the first match must win wherever both stand, and bytes
  /// that differ from it by little must not be taken for it.
  @Test(arguments: [0x00, 0x0A, 0x7F, 0x80, 0xFF] as [UInt8])
  func theFirstByteIsFound(byte: UInt8) {
    for count in 0..<50 {
      for first in 0...count {
        var bytes = [UInt8](repeating: byte ^ 0x01, count: count)
        for index in bytes.indices where index % 3 == 1 { bytes[index] = byte ^ 0x80 }
        if first < count { bytes[first] = byte }
        if first + 4 < count { bytes[first + 4] = byte }
        let found = bytes.span.firstIndex(of: byte, in: 0..<count)
        #expect(found == (first < count ? first : nil))
        let outside = bytes.span.firstIndex(of: byte, in: 0..<first)
        #expect(outside == nil)
      }
    }
  }

  /// Blocks at the end overlap those before: what stands before the range must not be found again.
  @Test func onlyTheRangeIsSearched() {
    for count in [7, 15, 16, 17, 31, 40] {
      for lower in 0..<count {
        for upper in lower...count {
          var bytes = [UInt8](repeating: 0x20, count: count)
          for index in lower..<upper { bytes[index] = 0x61 }
          let none = bytes.span.firstBlank(in: lower..<upper)
          #expect(none == nil, "\(count), \(lower)..<\(upper)")
          guard upper > lower else { continue }
          bytes[upper - 1] = 0x09
          let last = bytes.span.firstBlank(in: lower..<upper)
          #expect(last == upper - 1, "\(count), \(lower)..<\(upper)")
          bytes[lower] = UInt8(ascii: "@")
          let first = bytes.span.firstDelimiterOfHost(in: lower..<upper)
          #expect(first == lower, "\(count), \(lower)..<\(upper)")
        }
      }
    }
  }

  @Test func rangesBeyondTheBytesAreCut() {
    let bytes = ascii("abcabcabcabc")
    let beyond = bytes.span.firstIndex(of: UInt8(ascii: "z"), in: 3..<400)
    #expect(beyond == nil)
    let last = bytes.span.firstIndex(of: UInt8(ascii: "c"), in: 9..<400)
    #expect(last == 11)
  }
}
