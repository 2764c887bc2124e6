// SPDX-License-Identifier: Apache-2.0

/// The beginning of a file, cut into cells, as the layouts look at it.
struct GeoIPTableHead: Sendable {
  /// The base name of the file, lower case; a hint for what the country column means.
  let fileName: String
  /// Comment lines before or among the rows looked at, without the mark.
  let comments: [String]
  /// The delimiter of most rows.
  let delimiter: UInt8
  /// Cells of the first rows, the header included, blanks trimmed.
  let rows: [[String]]
  /// Whether every cell was quoted.
  let isAllQuoted: Bool

  /// The first row in lower case if it holds no address and no number, so that it can be a header.
  var header: [String]? {
    guard let first = rows.first, first.count >= 2,
      !first.contains(where: { Self.isAddress($0) || Self.isInteger($0) || Self.isPrefix($0) })
    else { return nil }
    return first.map { $0.lowercased() }
  }

  /// The number of columns that most rows have.
  var columnCount: Int {
    var counts: [Int] = Array(repeating: 0, count: DelimitedRecord.fieldLimit + 1)
    for row in rows { counts[min(row.count, DelimitedRecord.fieldLimit)] += 1 }
    return counts.indices.max { counts[$0] < counts[$1] } ?? 0
  }

  /// Whether at least three of four rows satisfy a test in a column; a bad row must not hide a
  /// layout.
  func column(_ index: Int, is test: (String) -> Bool) -> Bool {
    let cells = rows.compactMap { index < $0.count ? $0[index] : nil }
    return !cells.isEmpty && cells.count { test($0) } * 4 >= cells.count * 3
  }

  /// Whether some row has two letters in a column and the others two letters or a marker.
  func isCountry(_ index: Int) -> Bool {
    column(index) { Self.isTwoLetters($0) || Self.isAbsent($0) }
      && rows.contains { index < $0.count && Self.isTwoLetters($0[index]) }
  }

  /// Whether the first two columns are the ends of ranges.
  var startsWithRange: Bool { startsWithAddresses || startsWithIntegers || isTorRange }
  /// Whether the first two columns are addresses in text form.
  var startsWithAddresses: Bool { column(0, is: Self.isAddress) && column(1, is: Self.isAddress) }
  /// Whether the first two columns are addresses as integers.
  var startsWithIntegers: Bool {
    column(0, is: Self.isInteger) && column(1, is: Self.isInteger)
      // Small numbers are identifiers and no addresses: 1.0.0.0 is 16,777,216.
      && rows.contains { $0.count > 1 && $0[1].utf8.count >= 8 }
  }
  private var isTorRange: Bool {
    column(0) { Self.isAddress($0) || Self.isInteger($0) }
      && column(1) { Self.isAddress($0) || Self.isInteger($0) }
  }

  static func isAddress(_ text: String) -> Bool {
    switch bound(text) {
    case .v4, .v6: true
    default: false
    }
  }

  static func isInteger(_ text: String) -> Bool {
    if case .integer = bound(text) { return true }
    return false
  }

  static func isPrefix(_ text: String) -> Bool {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    return parts.count == 2 && isAddress(String(parts[0])) && UInt8(parts[1]) != nil
  }

  static func isASN(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return AddressField.asNumber(bytes.span, 0, bytes.count) != nil
  }

  static func isTwoLetters(_ text: String) -> Bool {
    text.utf8.count == 2 && text.utf8.allSatisfy { CountryCode.upper($0) != nil }
  }

  static func isAbsent(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    return AddressField.isAbsent(bytes.span, 0, bytes.count)
  }

  private static func bound(_ text: String) -> AddressField.Bound? {
    let bytes = Array(text.utf8)
    return AddressField.bound(bytes.span, 0, bytes.count)
  }
}

extension GeoIPTableHead {
  /// Cuts the beginning of a file; `isFinal` says that it is the whole file.
  init(fileName: String, bytes: Span<UInt8>, from start: Int, isFinal: Bool) {
    var comments: [String] = []
    var starts: [Int] = []
    var index = start
    while index < bytes.count, starts.count <= GeoIPLimits.headRows, comments.count < 64 {
      var end = index
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      guard end < bytes.count || isFinal else { break }
      let length = end - index
      if length > 0, bytes[index] == UInt8(ascii: "#") {
        comments.append(Self.text(bytes, index + 1, min(end, index + 1 + GeoIPLimits.nameLength)))
      } else if length > 1 || (length == 1 && bytes[index] != UInt8(ascii: "\r")),
        length <= GeoIPLimits.lineLength
      {
        starts.append(index)
      }
      index = end + 1
    }
    let delimiter = Self.delimiter(bytes, starts)
    var rows: [[String]] = []
    var isAllQuoted = true
    var record = DelimitedRecord()
    for start in starts {
      guard
        case .record = record.scan(
          bytes, from: start, delimiter: delimiter, quoting: delimiter == UInt8(ascii: ","),
          isFinal: isFinal)
      else { continue }
      var cells: [String] = []
      var text: [UInt8] = []
      for field in 0..<record.count {
        if !record[field].isQuoted { isAllQuoted = false }
        record.copyText(field, of: bytes, into: &text, limit: GeoIPLimits.nameLength)
        cells.append(String(decoding: text, as: UTF8.self))
      }
      rows.append(cells)
    }
    self.init(
      fileName: fileName.lowercased(), comments: comments, delimiter: delimiter, rows: rows,
      isAllQuoted: isAllQuoted && !rows.isEmpty)
  }

  /// Tab, bar or comma: the first of them that stands in at least half of the rows.
  private static func delimiter(_ bytes: Span<UInt8>, _ starts: [Int]) -> UInt8 {
    for candidate in [UInt8(ascii: "\t"), UInt8(ascii: "|")] {
      var count = 0
      for start in starts {
        var index = start
        while index < bytes.count, bytes[index] != UInt8(ascii: "\n") {
          if bytes[index] == candidate {
            count += 1
            break
          }
          index += 1
        }
      }
      if count > 0, count * 2 >= starts.count { return candidate }
    }
    return UInt8(ascii: ",")
  }

  private static func text(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> String {
    var text: [UInt8] = []
    for index in start..<max(start, end) { text.append(bytes[index]) }
    return String(decoding: text, as: UTF8.self)
  }
}
