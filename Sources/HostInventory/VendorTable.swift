// SPDX-License-Identifier: Apache-2.0

/// Reads the tab-separated tables that are embedded as generated string literals.
enum VendorTable {
  /// The cells of each row without the header line.
  static func rows(of table: StaticString) -> [[String]] {
    "\(table)".split(separator: "\n").dropFirst()
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
  }
}
