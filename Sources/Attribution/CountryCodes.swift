// SPDX-License-Identifier: Apache-2.0

/// The codes assigned by ISO 3166-1 with their short names, read once from the embedded table.
struct CountryCodes: Sendable {
  static let shared = CountryCodes(table: countryCodesTable)

  /// Sorted, so that the look-up is a binary search without hashing.
  private let codes: [CountryCode]
  private let names: [String]

  init(table: StaticString) {
    var codes: [CountryCode] = []
    var names: [String] = []
    for row in EmbeddedTable.rows(of: table) {
      guard row.count >= 2, let code = CountryCode(row[0]) else { continue }
      codes.append(code)
      names.append(row[1])
    }
    self.codes = codes
    self.names = names
  }

  var count: Int { codes.count }

  func contains(_ code: CountryCode) -> Bool { index(of: code) != nil }

  func name(of code: CountryCode) -> String? { index(of: code).map { names[$0] } }

  private func index(of code: CountryCode) -> Int? {
    var low = 0
    var high = codes.count
    while low < high {
      let middle = (low + high) / 2
      if codes[middle] < code { low = middle + 1 } else { high = middle }
    }
    return low < codes.count && codes[low] == code ? low : nil
  }
}
