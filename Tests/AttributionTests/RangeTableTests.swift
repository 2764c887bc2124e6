// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Attribution

@Suite struct RangeTableTests {
  /// xorshift64, so that a failure can be repeated.
  struct Generator {
    var state: UInt64 = 88_172_645_463_325_252
    mutating func next(_ bound: Int) -> Int {
      state ^= state << 13
      state ^= state >> 7
      state ^= state << 17
      return Int(state % UInt64(bound))
    }
  }

  @Test func answersLikeASearchOfAllRows() {
    var generator = Generator()
    for _ in 0..<300 {
      var table = RangeTable<UInt8>()
      var rows: [(start: UInt8, end: UInt8)] = []
      for row in 0..<(1 + generator.next(12)) {
        let one = UInt8(generator.next(256))
        let other = generator.next(4) == 0 ? one : UInt8(generator.next(256))
        rows.append((min(one, other), max(one, other)))
        table.append(min(one, other), max(one, other), facts: UInt32(row), line: UInt32(row))
      }
      table.finish(onRepeat: { _, _ in }, onOverlap: { _ in })
      for value in UInt8.min...UInt8.max {
        let expected = rows.indices.filter { rows[$0].start <= value && value <= rows[$0].end }
          .min { (rows[$0].end - rows[$0].start, $0) < (rows[$1].end - rows[$1].start, $1) }
        #expect(table.row(for: value).map { Int(table.lines[$0]) } == expected)
      }
    }
  }

  @Test func theIndexChangesNothing() {
    var generator = Generator()
    var table = RangeTable<UInt32>()
    var start: UInt32 = 0
    var bounds: [UInt32] = []
    for row in 0..<(RangeTable<UInt32>.indexedRows * 2) {
      start += UInt32(1 + generator.next(200_000))
      let end = start + UInt32(generator.next(300_000))
      table.append(start, end, facts: 0, line: UInt32(row))
      bounds += [start - 1, start, end, end + 1]
      start = end + 1
    }
    table.finish(onRepeat: { _, _ in }, onOverlap: { _ in })
    for value in bounds {
      var low = 0
      while low < table.count, table.ends[low] < value { low += 512 }
      let expected = (max(0, low - 512)..<min(table.count, low + 1)).first {
        table.starts[$0] <= value && value <= table.ends[$0]
      }
      #expect(table.row(for: value) == expected)
    }
  }

  @Test func wholeSpaceDoesNotOverflow() {
    var table = RangeTable<UInt128>()
    table.append(0, .max, facts: 0, line: 1)
    table.append(.max, .max, facts: 1, line: 2)
    table.finish(onRepeat: { _, _ in }, onOverlap: { _ in })
    #expect(table.row(for: 0) == 0)
    #expect(table.row(for: .max - 1) == 0)
    #expect(table.row(for: .max) == 1)
  }
}
