// SPDX-License-Identifier: Apache-2.0

/// Reads the tab-separated tables that are embedded as generated string literals.
enum EmbeddedTable {
  /// The cells of each row; the header line and comment lines are left out.
  static func rows(of table: StaticString) -> [[String]] {
    // By bytes, not characters: graphemes cost more than the rest of starting.
    table.withUTF8Buffer { text in
      unsafe text.split(separator: UInt8(ascii: "\n")).dropFirst()
        .filter { unsafe $0.first != UInt8(ascii: "#") }
        .map { line in
          unsafe line.split(separator: UInt8(ascii: "\t"), omittingEmptySubsequences: false)
            .map { unsafe String(decoding: $0, as: UTF8.self) }
        }
    }
  }
}
