// SPDX-License-Identifier: Apache-2.0

/// A list of hardware address prefixes as the IEEE publishes it: `oui.csv`, `mam.csv`, `oui36.csv`,
/// or the classic text files of the same names
/// ([registration authority](https://standards.ieee.org/products-programs/regauth/)).
///
/// Takes the place of the embedded table where both know a prefix. Which registrants make cameras
/// is told by `camera-makers.tsv`; of the others the name is shown and nothing is concluded.
package struct HardwareRegistry: Sendable {
  /// Why a file is no list of prefixes.
  package struct Refusal: Error, Sendable {
    /// What is wrong.
    package var reason: String
    /// What to do.
    package var advice: String
  }

  /// Largest file read, in bytes: ten times the IEEE's largest list of 2026.
  package static let byteLimit = 64 << 20
  /// Bytes kept of a registrant's name.
  static let nameLength = 128
  /// Bytes of a line that are looked at; a longer one is no row.
  private static let lineLength = 4096

  /// Registrants by prefix and its length in bits, as `HardwareVendors` keys them.
  private(set) var vendors: [UInt64: HardwareVendors.Vendor] = [:]
  /// Rows with a prefix and a registrant.
  package private(set) var rows = 0

  /// Reads a list, recognised by its content.
  ///
  /// - Complexity: O(*n*) in the bytes.
  package init(_ bytes: Span<UInt8>) throws(Refusal) {
    guard bytes.count <= Self.byteLimit else {
      throw Refusal(
        reason: "the file is larger than \(Self.byteLimit) bytes",
        advice: "give the IEEE's oui.csv or oui.txt")
    }
    var block: UInt64?
    var start = 0
    var isCSV = false
    var isFirst = true
    while start < bytes.count {
      var end = start
      while end < bytes.count, bytes[end] != UInt8(ascii: "\n") { end += 1 }
      let line = bytes.extracting(start..<min(end, start + Self.lineLength))
      start = end + 1
      let text = Self.text(line)
      if isFirst {
        isCSV = text.hasPrefix("Registry,Assignment,Organization Name")
        isFirst = false
        if isCSV { continue }
      }
      if isCSV {
        addCSV(text)
      } else {
        addText(text, &block)
      }
    }
    guard rows > 0 else {
      throw Refusal(
        reason: "no list of hardware address prefixes",
        advice: "give the IEEE's oui.csv or oui.txt")
    }
  }

  // MA-L,002272,American Micro-Fuel Device Corp.,...
  private mutating func addCSV(_ line: String) {
    let fields = line.split(separator: ",", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3 else { return }
    add(prefix: fields[1], name: Self.csvField(fields[2]))
  }

  // 002272     (base 16)   American Micro-Fuel Device Corp.
  // Parts of a block are given by their ranges, `400000-4FFFFF     (base 16)`, after a line
  // `F0-AC-D7   (hex)`.
  private mutating func addText(_ line: String, _ block: inout UInt64?) {
    if let mark = line.firstRange(of: "(hex)") {
      let digits = line[..<mark.lowerBound].filter(\.isHexDigit)
      block = digits.utf8.count == 6 ? UInt64(digits, radix: 16) : nil
    } else if let mark = line.firstRange(of: "(base 16)") {
      let name = line[mark.upperBound...]
      let place = Substring(Self.trimmed(line[..<mark.lowerBound]))
      let ends = place.split(separator: "-")
      guard ends.count == 2 else {
        add(prefix: place, name: Self.trimmed(name))
        return
      }
      guard let block, let first = UInt64(ends[0], radix: 16),
        let last = UInt64(ends[1], radix: 16), first <= last, last < 1 << 24
      else { return }
      let hostBits = first ^ last
      guard hostBits > 0, hostBits & (hostBits &+ 1) == 0, first & hostBits == 0 else { return }
      let length = 48 &- UInt64(hostBits.nonzeroBitCount)
      add(bits: (block << 24 | first) >> (48 &- length), length: length, name: Self.trimmed(name))
    }
  }

  private mutating func add(prefix: Substring, name: String) {
    guard [6, 7, 9].contains(prefix.utf8.count), let bits = UInt64(prefix, radix: 16) else {
      return
    }
    add(bits: bits, length: UInt64(prefix.utf8.count * 4), name: name)
  }

  private mutating func add(bits: UInt64, length: UInt64, name: String) {
    guard !name.isEmpty else { return }
    rows += 1
    let cut = String(decoding: Array(name.utf8.prefix(Self.nameLength)), as: UTF8.self)
    vendors[bits << 8 | length] =
      CameraMakers.shared.maker(registeredAs: name)
      ?? HardwareVendors.Vendor(name: cut, category: .other)
  }

  /// The first field of the rest of a row, without its quotes.
  private static func csvField(_ rest: Substring) -> String {
    guard rest.first == "\"" else { return trimmed(rest.prefix { $0 != "," }) }
    var field = ""
    var isQuote = false
    for character in rest.dropFirst() {
      if isQuote {
        guard character == "\"" else { break }
        field.append(character)
        isQuote = false
      } else if character == "\"" {
        isQuote = true
      } else {
        field.append(character)
      }
    }
    return trimmed(Substring(field))
  }

  private static func trimmed(_ text: Substring) -> String {
    var text = text
    while let first = text.first, first.isWhitespace { text.removeFirst() }
    while let last = text.last, last.isWhitespace { text.removeLast() }
    return String(text)
  }

  /// The text of a line without a byte order mark and carriage return.
  private static func text(_ line: Span<UInt8>) -> String {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(line.count)
    for index in line.indices { bytes.append(line[index]) }
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { bytes.removeFirst(3) }
    if bytes.last == UInt8(ascii: "\r") { bytes.removeLast() }
    return String(decoding: bytes, as: UTF8.self)
  }
}

/// Registrants of hardware addresses that make cameras, or what looks like cameras.
struct CameraMakers: Sendable {
  /// The embedded table, read on first use.
  static let shared = CameraMakers(table: cameraMakersTable)

  private let makers: [String: HardwareVendors.Vendor]

  init(table: StaticString) {
    var makers: [String: HardwareVendors.Vendor] = [:]
    for row in VendorTable.rows(of: table) {
      guard row.count >= 3, let category = HardwareVendors.Category(rawValue: row[1]) else {
        continue
      }
      for name in row[2].split(separator: "|") {
        makers[Self.key(name)] = HardwareVendors.Vendor(name: row[0], category: category)
      }
    }
    self.makers = makers
  }

  /// The maker that a name of the registry stands for.
  func maker(registeredAs name: some StringProtocol) -> HardwareVendors.Vendor? {
    makers[Self.key(name)]
  }

  /// Names differ in case, spaces and punctuation from one registration to the next.
  private static func key(_ name: some StringProtocol) -> String {
    String(
      decoding: name.utf8.compactMap { byte -> UInt8? in
        switch byte {
        case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte | 0x20
        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "0")...UInt8(ascii: "9"): byte
        default: nil
        }
      }, as: UTF8.self)
  }
}
