// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Attribution

@Suite struct GeoIPTableParserTests {
  static let header = "range_start,range_end,asn,country,as_name\n"

  private func parse(_ text: String, chunk: Int, badRowShare: Double = 1) throws
    -> GeoIPTableParser.Result
  {
    let bytes = Array(text.utf8)
    var parser = GeoIPTableParser(
      source: GeoIPTableSource(content: .bytes([], name: "t.csv")), table: 0,
      options: GeoIPLoadingOptions(badRowShare: badRowShare))
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + chunk)
      try parser.append(bytes.span.extracting(start..<end))
      start = end
    }
    return try parser.finish()
  }

  @Test(arguments: [1, 2, 3, 7, 64, 100_000])
  func chunksChangeNothing(chunk: Int) throws {
    let text =
      "\u{FEFF}" + Self.header + "# comment\r\n\r\n11.0.0.0,11.0.0.255,1,IT,\"a \"\"b\"\", c\"\r\n"
      + "11.0.1.0,11.0.1.255,2,IT,\"two\nlines\"\n11.0.2.0,11.0.2.255,3,IT,OOO \"Network of\"\n"
      + "bad\n11.0.3.0,11.0.3.255,4,IT,last"
    let result = try parse(text, chunk: chunk)
    #expect(result.v4.lines == [4, 5, 7, 9])
    #expect(result.info.badRowSamples == [.init(line: 8, reason: .tooFewColumns)])
    #expect(result.info.skippedLines == 2)
    #expect(result.interner.facts.map(\.asn) == [1, 2, 3, 4])
    let names = result.interner.facts.map { facts in
      let start = Int(facts.nameOffset)
      return String(
        decoding: result.interner.names[start..<(start + Int(facts.nameLength))], as: UTF8.self)
    }
    #expect(names == ["a \"b\", c", "two\nlines", "OOO \"Network of\"", "last"])
  }

  @Test(arguments: [4096, 1_000_000])
  func anOverlongLineIsOneBadRow(chunk: Int) throws {
    let long = String(repeating: "x", count: GeoIPLimits.lineLength + 1)
    let result = try parse(
      Self.header + "11.0.0.0,11.0.0.255,1,IT,\(long)\n#\(long)\n11.0.1.0,11.0.1.255,2,IT,x\n",
      chunk: chunk)
    #expect(result.info.badRowSamples == [.init(line: 2, reason: .lineTooLong)])
    #expect(result.v4.lines == [4])
  }

  @Test func anUnbalancedQuoteDoesNotEatTheFile() throws {
    var text = Self.header + "11.0.0.0,11.0.0.255,1,IT,\"open\n"
    for row in 1...40 { text += "11.0.\(row).0,11.0.\(row).255,2,IT,x\n" }
    for chunk in [100, 1_000_000] {
      let result = try parse(text, chunk: chunk)
      #expect(result.info.badRowSamples == [.init(line: 2, reason: .unbalancedQuote)])
      #expect(result.v4.count == 40)
    }
  }

  @Test func aFileInOneLineIsRefusedAfterItsHead() throws {
    var parser = GeoIPTableParser(
      source: .file("one-line.csv"), table: 0, options: GeoIPLoadingOptions())
    let chunk = [UInt8](repeating: UInt8(ascii: "1"), count: 65_536)
    var taken = 0
    let error = #expect(throws: GeoIPError.self) {
      for _ in 0..<16_384 {  // 1 GiB
        taken += chunk.count
        try parser.append(chunk.span)
      }
    }
    #expect(taken == GeoIPLimits.headLength)
    #expect(error?.kind == .unknownLayout)
    #expect(error?.description.contains("one-line.csv:1: no line end") == true)
  }

  @Test func aLongLineAfterTheHeadKeepsMemoryBounded() throws {
    var parser = GeoIPTableParser(
      source: .file("t.csv"), table: 0, options: GeoIPLoadingOptions(badRowShare: 1))
    try parser.append(Array((Self.header + "11.0.0.0,11.0.0.255,1,IT,x\n").utf8).span)
    // The head is full only now, so the layout is found and the rest is one line of 64 MiB.
    let chunk = [UInt8](repeating: 0x31, count: 65_536)
    for _ in 0..<1024 { try parser.append(chunk.span) }
    #expect(parser.bufferedByteCount <= 2 * GeoIPLimits.headLength)
    let result = try parser.finish()
    #expect(result.info.badRows == 1)
    #expect(result.v4.count == 1)
  }

  @Test func overOnePercentBadRowsIsAnError() throws {
    var text = Self.header
    for row in 0..<99 { text += "11.0.\(row).0,11.0.\(row).255,1,IT,x\n" }
    #expect(try parse(text + "bad,row\n", chunk: 4096, badRowShare: 0.01).info.badRows == 1)
    let error = #expect(throws: GeoIPError.self) {
      try parse(text + "bad,row\nworse,row\n", chunk: 4096, badRowShare: 0.01)
    }
    #expect(error?.kind == .tooManyBadRows)
    #expect(error?.line == 101)
    #expect(error?.description.hasPrefix("t.csv:101: 2 of 101 rows cannot be used") == true)
  }

  @Test func noUsableRowIsAnError() {
    let error = #expect(throws: GeoIPError.self) { try parse(Self.header + "a,b\n", chunk: 10) }
    #expect(error?.kind == .tooManyBadRows)
    #expect(throws: GeoIPError.self) { try parse(Self.header, chunk: 10) }
    #expect(throws: GeoIPError.self) { try parse("", chunk: 10) }
    #expect(throws: GeoIPError.self) { try parse("# only a comment\n", chunk: 10) }
  }

  @Test(arguments: [
    ([0x1F, 0x8B, 8, 0], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0x50, 0x4B, 3, 4], "zip"),
    ([0xFF, 0xFE, 0x31, 0], "UTF-16"), ([0, 1, 2, 0, 0, 0], "binary"),
  ])
  func otherContentIsNamed(bytes: [UInt8], word: String) {
    let error = #expect(throws: GeoIPError.self) {
      try GeoIPDatabase(loading: [.init(content: .bytes(bytes, name: "x"))])
    }
    #expect(error?.reason.contains(word) == true)
  }

  @Test func textIsNoTable() {
    let error = #expect(throws: GeoIPError.self) {
      try parse("Dear reader,\nthis is a letter, and no table.\nYours, A. Nonymous\n", chunk: 10)
    }
    #expect(error?.kind == .unknownLayout)
  }

  @Test func namesAreCutAtACharacterAndRepaired() throws {
    let name = String(repeating: "a", count: 255) + "\u{20AC}uro"
    var bytes = Array((Self.header + "11.0.0.0,11.0.0.255,1,IT,\(name)\n").utf8)
    bytes += Array("11.0.1.0,11.0.1.255,2,IT,Minist".utf8) + [0xE8] + Array("re\n".utf8)
    let database = try GeoIPDatabase(loading: [.init(content: .bytes(bytes, name: "t.csv"))])
    #expect(
      database.record(for: try address("11.0.0.1"))?.asName == String(repeating: "a", count: 255))
    #expect(database.record(for: try address("11.0.1.1"))?.asName == "Minist\u{FFFD}re")
  }

  @Test func columnsCanBeDeclared() throws {
    let table = try database(
      "IT;x\n".replacing(";", with: "\t") + "DE\t11.0.0.0/24\n", columns: ["country", "network"],
      badRowShare: 1)
    #expect(try table.facts("11.0.0.1") == "- DE")
    for columns in [["start", "asn"], ["start", "end"], ["nonsense", "network", "asn"]] {
      let error = #expect(throws: GeoIPError.self) {
        try database("11.0.0.0/24,1\n", columns: columns)
      }
      #expect(error?.kind == .invalidOption)
    }
  }

  /// Fixed seed; the parser must neither crash nor accept a row it cannot answer.
  @Test func randomBytesAreSurvived() throws {
    var generator = RangeTableTests.Generator()
    let alphabet = Array("0123456789.:,\t|\"\n\r/abcfASIT-? #".utf8)
    for round in 0..<400 {
      var bytes = round % 2 == 0 ? Array(Self.header.utf8) : []
      for _ in 0..<generator.next(600) { bytes.append(alphabet[generator.next(alphabet.count)]) }
      if round % 3 == 0 { bytes.append(UInt8(generator.next(256))) }
      let sources: [GeoIPTableSource] = [
        .init(content: .bytes(bytes, name: "t.csv")),
        .init(content: .bytes(bytes, name: "t.csv"), columns: ["start", "end", "asn", "country"]),
      ]
      for source in sources {
        let database = try? GeoIPDatabase(loading: [source], options: .init(badRowShare: 1))
        guard let database else { continue }
        #expect(database.tables[0].rows > 0)
        _ = try database.facts("11.0.0.1")
        _ = try database.facts("2a00::1")
      }
    }
  }
}
