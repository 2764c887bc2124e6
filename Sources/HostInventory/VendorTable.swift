// SPDX-License-Identifier: Apache-2.0

/// Reads the tables that are embedded as generated string literals; the module's only unsafe code.
enum VendorTable {
  /// Looks at the bytes of a table where they stand in the program.
  static func withBytes<Result>(
    of table: StaticString, _ look: (Span<UInt8>) -> Result
  ) -> Result {
    table.withUTF8Buffer { unsafe look($0.span) }
  }

  /// The cells of each row without the header line.
  static func rows(of table: StaticString) -> [[String]] {
    // By bytes, not characters: graphemes cost more than the rest of starting.
    table.withUTF8Buffer { text in
      unsafe text.split(separator: UInt8(ascii: "\n")).dropFirst().map { line in
        unsafe line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
          .map { unsafe String(decoding: $0, as: UTF8.self) }
      }
    }
  }
}
