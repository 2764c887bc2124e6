// SPDX-License-Identifier: Apache-2.0

/// Reads a table from chunks of bytes in bounded memory: recognises the layout, then cuts records.
///
/// Holds at most ``GeoIPLimits/headLength`` bytes before the layout is known, and one record (16
/// lines of 64 KiB) beyond a chunk afterwards, whatever the file holds.
struct GeoIPTableParser {
  /// The rows and what was learnt about the table.
  struct Result {
    var info: GeoIPTableInfo
    var reading: GeoIPReading
    var v4: RangeTable<UInt32>
    var v6: RangeTable<UInt128>
    var interner: RecordInterner
    /// Locations only: country of each key, in file order.
    var places: [(key: UInt32, country: UInt16)]
  }

  private let source: GeoIPTableSource
  private let options: GeoIPLoadingOptions
  private var buffer: [UInt8] = []
  private var reader: GeoIPRowReader?
  private var record = DelimitedRecord()
  private var layoutName = "columns"
  private var comments: [String] = []
  private var line: UInt64 = 1
  private var isSkippingLine = false
  private var isHeaderPending = false
  private var info: GeoIPTableInfo

  /// Comment lines kept for the date and the maker.
  private static let commentLimit = 64

  init(source: GeoIPTableSource, table: UInt16, options: GeoIPLoadingOptions) {
    self.source = source
    self.options = options
    let name = source.name.split(separator: "/").last.map(String.init) ?? source.name
    info = GeoIPTableInfo(path: name, layout: "", hasASN: false)
    self.table = table
  }

  private let table: UInt16

  /// Bytes held back until more arrive.
  var bufferedByteCount: Int { buffer.count }

  /// Takes the next bytes of the file.
  mutating func append(_ bytes: Span<UInt8>) throws(GeoIPError) {
    EvidenceText.append(bytes, to: &buffer)
    try process(isFinal: false)
  }

  /// Ends the file; throws if the table is not usable.
  mutating func finish() throws(GeoIPError) -> Result {
    try process(isFinal: true)
    guard let reader else {
      throw failure(.unknownLayout, "the file is empty", "give a GeoIP table with rows")
    }
    var info = info
    info.layout = layoutName
    info.hasASN = reader.reading.hasASN
    info.countryBasis =
      reader.reading.hasCountry && reader.reading.content == .ranges
      ? source.countryBasis ?? reader.reading.countryBasis ?? .unstated : nil
    info.rows = reader.rowCount
    info.unreadableCountries = reader.unreadableCountries
    info.foldedCountries = reader.foldedCountries
    try checkQuality(info)
    setDate(&info, reading: reader.reading)
    return Result(
      info: info, reading: reader.reading, v4: reader.v4, v6: reader.v6, interner: reader.interner,
      places: reader.places)
  }

  private mutating func process(isFinal: Bool) throws(GeoIPError) {
    if reader == nil {
      guard isFinal || buffer.count >= GeoIPLimits.headLength else { return }
      if buffer.isEmpty { return }
      try recognize(isFinal: isFinal)
    }
    // Taken out of `self`, so that rows can be added while the bytes are looked at.
    var bytes = buffer
    buffer = []
    let consumed = try parse(bytes.span, isFinal: isFinal)
    bytes.removeSubrange(0..<consumed)
    buffer = bytes
  }

  private mutating func parse(_ bytes: Span<UInt8>, isFinal: Bool) throws(GeoIPError) -> Int {
    guard var reader else { return bytes.count }
    self.reader = nil
    defer { self.reader = reader }
    var position = 0
    if line == 1, !isSkippingLine, Self.hasMark(bytes) { position = 3 }
    let delimiter = reader.reading.delimiter
    let quoting = reader.reading.hasQuoting
    while position < bytes.count {
      if isSkippingLine {
        guard let end = Self.lineEnd(bytes, position) else { return bytes.count }
        position = end + 1
        line += 1
        isSkippingLine = false
        continue
      }
      let byte = bytes[position]
      if byte == UInt8(ascii: "#") || byte == UInt8(ascii: "\n") || byte == UInt8(ascii: "\r") {
        guard let end = Self.lineEnd(bytes, position) ?? (isFinal ? bytes.count : nil) else {
          if bytes.count - position <= GeoIPLimits.lineLength { return position }
          isSkippingLine = true
          continue
        }
        if byte == UInt8(ascii: "#") || Self.isBlank(bytes, position, end) {
          info.skippedLines += 1
          line += 1
          position = end + 1
          continue
        }
      }
      let outcome = record.scan(
        bytes, from: position, delimiter: delimiter, quoting: quoting, isFinal: isFinal)
      switch outcome {
      case .record(let next, let lines):
        if isHeaderPending {
          isHeaderPending = false
        } else {
          switch reader.add(record, of: bytes, line: UInt32(truncatingIfNeeded: line)) {
          case .accepted: break
          case .skipped: info.skippedLines += 1
          case .bad(let reason): addBadRow(reason)
          case .full:
            throw failure(
              .limit, "more than \(GeoIPLimits.rows) rows or 4 GiB of names",
              "give a table with whole prefixes instead of single addresses")
          }
        }
        line += UInt64(lines)
        position = next
      case .incomplete: return position
      case .lineTooLong:
        addBadRow(.lineTooLong)
        isSkippingLine = true
      case .unbalancedQuote:
        addBadRow(.unbalancedQuote)
        isSkippingLine = true
      }
    }
    return min(position, bytes.count)
  }

  private mutating func addBadRow(_ reason: BadRowReason) {
    info.badRows += 1
    guard info.badRowSamples.count < GeoIPLimits.badRowSamples else { return }
    info.badRowSamples.append(.init(line: UInt32(truncatingIfNeeded: line), reason: reason))
  }

  private mutating func recognize(isFinal: Bool) throws(GeoIPError) {
    try refuseBinary()
    let start = Self.hasMark(buffer.span) ? 3 : 0
    let head = GeoIPTableHead(
      fileName: info.path, bytes: buffer.span, from: start, isFinal: isFinal)
    comments = head.comments
    if head.rows.isEmpty {
      if isFinal {
        throw failure(
          .unknownLayout, "no row in the file", "give a GeoIP table that has rows")
      }
      throw failure(
        .unknownLayout, line: 1,
        "no line end in the first \(GeoIPLimits.headLength) bytes",
        "give a text table with one range a line (or an unpacked copy of it)")
    }
    let reading: GeoIPReading
    if source.columns.isEmpty {
      guard let found = try GeoIPFormats.recognize(head, file: source.name) else {
        throw unknown(head)
      }
      layoutName = found.layout.name
      reading = found.reading
    } else {
      reading = try declaredReading(head)
    }
    isHeaderPending = reading.hasHeader
    reader = GeoIPRowReader(reading: reading, table: table)
  }

  /// The reading that `--geoip-columns` asks for.
  private func declaredReading(_ head: GeoIPTableHead) throws(GeoIPError) -> GeoIPReading {
    var columns: [GeoIPColumn] = []
    for name in source.columns {
      guard let column = GeoIPColumn(rawValue: name), column != .place, column != .registeredPlace
      else {
        throw GeoIPError(
          kind: .invalidOption, file: "--geoip-columns", line: nil,
          reason: "no column is called \"\(GeoIPTableParser.printable(name))\"",
          advice: "use start, end, network, prefix_length, asn, origins, country, name, flags, -")
      }
      columns.append(column)
    }
    let hasRange =
      columns.contains(.network)
      || (columns.contains(.start) && (columns.contains(.end) || columns.contains(.prefixLength)))
    let hasFacts =
      columns.contains(.asn) || columns.contains(.origins) || columns.contains(.country)
    guard hasRange, hasFacts else {
      throw GeoIPError(
        kind: .invalidOption, file: "--geoip-columns", line: nil,
        reason: "the columns give no range or neither AS nor country",
        advice: "name start and end (or network), and asn or country")
    }
    return GeoIPReading(
      delimiter: head.delimiter, hasQuoting: head.delimiter == UInt8(ascii: ","),
      hasHeader: head.header != nil, columns: columns, countryBasis: .unstated)
  }

  private func unknown(_ head: GeoIPTableHead) -> GeoIPError {
    if head.startsWithRange || head.column(0, is: GeoIPTableHead.isPrefix) {
      return failure(
        .ambiguousLayout, line: 1,
        "address ranges, but it is not clear which of the \(head.columnCount) columns is what",
        "name the columns, for example --geoip-columns start,end,asn,country,name")
    }
    return failure(
      .unknownLayout, line: 1, "no known GeoIP layout",
      "give a table as described in `lenstrace geoip --help`, or name its columns with "
        + "--geoip-columns")
  }

  /// Compressed and binary files get a message of their own instead of a million bad rows.
  private func refuseBinary() throws(GeoIPError) {
    let head = buffer.prefix(GeoIPLimits.headLength)
    func starts(_ magic: [UInt8]) -> Bool { head.starts(with: magic) }
    let packed: [([UInt8], String)] = [
      ([0x1F, 0x8B], "gzip"), ([0x28, 0xB5, 0x2F, 0xFD], "zstd"), ([0xFD, 0x37, 0x7A], "xz"),
      ([0x42, 0x5A, 0x68], "bzip2"), ([0x50, 0x4B, 3, 4], "zip"),
    ]
    for (magic, name) in packed where starts(magic) {
      throw failure(.unknownLayout, "the content is packed with \(name)", "unpack it first")
    }
    if starts([0xFF, 0xFE]) || starts([0xFE, 0xFF]) {
      throw failure(
        .unknownLayout, "the text is UTF-16", "convert it: iconv -f UTF-16 -t UTF-8")
    }
    // Names may hold a stray NUL; binary files hold many.
    if head.count(where: { $0 == 0 }) * 100 > head.count {
      throw failure(
        .unknownLayout, "a binary file and no text table",
        "give the CSV or TSV edition of the database")
    }
  }

  private func checkQuality(_ info: GeoIPTableInfo) throws(GeoIPError) {
    let first = info.badRowSamples.first
    if info.rows == 0 {
      throw failure(
        .tooManyBadRows, line: first.map { UInt64($0.line) },
        "no usable row among \(info.badRows)"
          + (first.map { " (\($0.reason.rawValue))" } ?? ""),
        "check the layout, or name the columns with --geoip-columns")
    }
    let total = Double(info.rows + info.badRows)
    guard Double(info.badRows) > total * options.badRowShare else { return }
    throw failure(
      .tooManyBadRows, line: first.map { UInt64($0.line) },
      "\(info.badRows) of \(info.rows + info.badRows) rows cannot be used, the first because: "
        + (first?.reason.rawValue ?? "unknown"),
      "see all with `lenstrace geoip check`, or name the columns with --geoip-columns")
  }

  private func setDate(_ info: inout GeoIPTableInfo, reading: GeoIPReading) {
    var candidates: [(GeoIPTableDate?, GeoIPTableDate.Basis)] = [
      (source.date, .option), (reading.date, .header),
      (comments.lazy.compactMap(GeoIPTableDateText.inComment).first, .header),
    ]
    let parts = source.name.split(separator: "/")
    if let name = parts.last { candidates.append((GeoIPTableDateText.inName(name), .fileName)) }
    if let folder = parts.dropLast().last {
      candidates.append((GeoIPTableDateText.inName(folder), .folderName))
    }
    for (date, basis) in candidates where date != nil {
      info.date = date
      info.dateBasis = basis
      return
    }
  }

  private func failure(
    _ kind: GeoIPError.Kind, line: UInt64? = nil, _ reason: String, _ advice: String
  ) -> GeoIPError {
    GeoIPError(kind: kind, file: source.name, line: line, reason: reason, advice: advice)
  }

  /// Text of an option or a file as it may stand in a message: printable ASCII, at most 64 bytes.
  static func printable(_ text: some StringProtocol) -> String {
    String(
      decoding: text.utf8.prefix(64).map { (0x20...0x7E).contains($0) ? $0 : UInt8(ascii: "?") },
      as: UTF8.self)
  }

  private static func hasMark(_ bytes: Span<UInt8>) -> Bool {
    bytes.count >= 3 && bytes[0] == 0xEF && bytes[1] == 0xBB && bytes[2] == 0xBF
  }

  private static func lineEnd(_ bytes: Span<UInt8>, _ start: Int) -> Int? {
    for index in start..<bytes.count where bytes[index] == UInt8(ascii: "\n") { return index }
    return nil
  }

  private static func isBlank(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    for index in start..<end
    where bytes[index] != UInt8(ascii: "\r") && bytes[index] != UInt8(ascii: " ") {
      return false
    }
    return true
  }
}
