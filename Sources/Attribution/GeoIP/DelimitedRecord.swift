// SPDX-License-Identifier: Apache-2.0

/// One record of a delimited file: where its fields lie in the bytes it was scanned from.
///
/// A quote opens a field only at the field's first byte (RFC 4180 and what makers really write:
/// `OOO "Network ...` is plain text), and never where the layout has no quoting (TSV).
struct DelimitedRecord {
  /// Most columns looked at; the widest known layout (IP2Location DB11) has ten.
  static let fieldLimit = 24

  struct Field {
    var start: Int = 0
    var end: Int = 0
    /// Whether the field was quoted.
    var isQuoted = false
    /// Whether the field holds quotes that must be resolved before it is shown.
    var hasInnerQuotes = false
  }

  enum Outcome {
    /// A whole record; the next one starts at `next`, after `lines` line ends.
    case record(next: Int, lines: Int)
    /// The bytes end inside the record.
    case incomplete
    /// A physical line without an end within the limit.
    case lineTooLong
    /// A quoted field that crosses too many lines.
    case unbalancedQuote
  }

  private(set) var fields = InlineArray<24, Field>(repeating: Field())
  /// Number of fields, at most ``fieldLimit``.
  private(set) var count = 0

  subscript(index: Int) -> Field { fields[index] }

  /// Scans the record that starts at `start`; `isFinal` says that no more bytes follow.
  mutating func scan(
    _ bytes: Span<UInt8>, from start: Int, delimiter: UInt8, quoting: Bool, isFinal: Bool
  ) -> Outcome {
    count = 0
    var index = start
    var lineStart = start
    var lines = 0
    var field = Field(start: start, end: start)
    let end = bytes.count
    let quote = UInt8(ascii: "\"")
    while true {
      if quoting, index < end, bytes[index] == quote {
        field.isQuoted = true
        index += 1
        field.start = index
        var isClosed = false
        while index < end {
          let byte = bytes[index]
          if byte == quote {
            if index + 1 == end, !isFinal { return .incomplete }
            if index + 1 < end, bytes[index + 1] == quote {
              field.hasInnerQuotes = true
              index += 2
              continue
            }
            isClosed = true
            break
          }
          index += 1
          if byte == UInt8(ascii: "\n") {
            lines += 1
            lineStart = index
            if lines >= GeoIPLimits.quotedLines { return .unbalancedQuote }
          } else if index - lineStart > GeoIPLimits.lineLength {
            return .lineTooLong
          }
        }
        guard isClosed else { return isFinal ? .unbalancedQuote : .incomplete }
        field.end = index
        index += 1
      }
      // Plain text, or what stands between a closing quote and the delimiter.
      let textStart = index
      var byte: UInt8 = 0
      while index < end {
        byte = bytes[index]
        if byte == delimiter || byte == UInt8(ascii: "\n") { break }
        index += 1
      }
      if index - lineStart > GeoIPLimits.lineLength { return .lineTooLong }
      if index == end, !isFinal { return .incomplete }
      if !field.isQuoted {
        field.end = index
      } else if !Self.isBlank(bytes, textStart, index) {
        field.end = index
        field.hasInnerQuotes = true
      }
      let isLast = index == end || byte == UInt8(ascii: "\n")
      append(field, in: bytes, isLast: isLast)
      guard isLast else {
        index += 1
        field = Field(start: index, end: index)
        continue
      }
      return .record(next: index == end ? end : index + 1, lines: lines + 1)
    }
  }

  /// Copies a field's text to `text`, with quotes resolved as Python's `csv` does.
  func copyText(_ index: Int, of bytes: Span<UInt8>, into text: inout [UInt8], limit: Int) {
    text.removeAll(keepingCapacity: true)
    guard index < count else { return }
    let field = fields[index]
    guard field.hasInnerQuotes else {
      let end = min(field.end, field.start + limit)
      for position in field.start..<end { text.append(bytes[position]) }
      return
    }
    var isInside = true
    var position = field.start
    while position < field.end, text.count < limit {
      let byte = bytes[position]
      position += 1
      if isInside, byte == UInt8(ascii: "\"") {
        if position < field.end, bytes[position] == UInt8(ascii: "\"") {
          position += 1
        } else {
          isInside = false
          continue
        }
      }
      text.append(byte)
    }
  }

  private mutating func append(_ field: Field, in bytes: Span<UInt8>, isLast: Bool) {
    guard count < Self.fieldLimit else { return }
    var trimmed = field
    if isLast, trimmed.end > trimmed.start, bytes[trimmed.end - 1] == UInt8(ascii: "\r"),
      !trimmed.isQuoted
    {
      trimmed.end -= 1
    }
    while trimmed.start < trimmed.end, bytes[trimmed.start] == UInt8(ascii: " ") {
      trimmed.start += 1
    }
    while trimmed.end > trimmed.start, bytes[trimmed.end - 1] == UInt8(ascii: " ") {
      trimmed.end -= 1
    }
    fields[count] = trimmed
    count += 1
  }

  private static func isBlank(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Bool {
    for index in start..<end
    where bytes[index] != UInt8(ascii: " ") && bytes[index] != UInt8(ascii: "\r") {
      return false
    }
    return true
  }
}
