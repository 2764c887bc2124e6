// SPDX-License-Identifier: Apache-2.0

/// Names of the clouds that cameras talk to, by suffix (camera-protocols.md D).
package struct CameraDomains: Sendable {
  /// What a suffix says.
  package struct Domain: Sendable, Hashable {
    /// Maker or platform in lower case.
    package var vendor: String
    /// The suffix that matched.
    package var suffix: String
    /// Whether only cameras and their applications use it.
    package var isCameraSpecific: Bool
  }

  /// The embedded table, read on first use.
  package static let shared = CameraDomains(table: cameraDomainsTable)

  /// Labels of a name that are compared at most; longer names than this are looked at from the end.
  private static let maximumLabels = 8

  private let domains: [String: Domain]

  init(table: StaticString) {
    var domains: [String: Domain] = [:]
    for row in VendorTable.rows(of: table) {
      guard row.count >= 4, row[2] != "no" else { continue }
      domains[row[0]] = Domain(vendor: row[1], suffix: row[0], isCameraSpecific: row[2] == "yes")
    }
    self.domains = domains
  }

  /// The longest suffix of `name` in the table, upper and lower case alike.
  package func domain(of name: String) -> Domain? {
    let labels = name.lowercased().split(separator: ".").suffix(Self.maximumLabels)
    guard labels.count >= 2 else { return nil }
    for start in labels.indices.dropLast() {
      if let domain = domains[labels[start...].joined(separator: ".")] { return domain }
    }
    // One label of a suffix may be a region: kinesisvideo.*.amazonaws.com.
    for start in labels.indices.dropLast(3) {
      var pattern = labels[start...].map(String.init)
      pattern[1] = "*"
      if let domain = domains[pattern.joined(separator: ".")] { return domain }
    }
    return nil
  }
}
