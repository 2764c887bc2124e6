// SPDX-License-Identifier: Apache-2.0

/// Reads the tab-separated tables that are embedded as generated string literals.
enum EmbeddedTable {
  /// The cells of each row; the header line and comment lines are left out.
  static func rows(of table: StaticString) -> [[String]] {
    "\(table)".split(separator: "\n").dropFirst().filter { !$0.hasPrefix("#") }
      .map { $0.split(separator: "\t", omittingEmptySubsequences: false).map(String.init) }
  }
}
