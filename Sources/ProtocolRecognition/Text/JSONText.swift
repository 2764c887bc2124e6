// SPDX-License-Identifier: Apache-2.0

/// String members of small JSON messages, found by name; not a JSON parser.
enum JSONText {
  /// The string value of the first member called `name` (given with its quotes).
  static func value(_ name: ASCII, in bytes: Span<UInt8>) -> String? {
    guard let found = bytes.firstIndex(of: name, in: 0..<bytes.count) else { return nil }
    var offset = found &+ name.bytes.count
    while offset < bytes.count, bytes[offset] <= 0x20 || bytes[offset] == UInt8(ascii: ":") {
      offset &+= 1
    }
    guard bytes.byte(offset) == UInt8(ascii: "\"") else { return nil }
    let start = offset &+ 1
    let end = bytes.firstIndex(of: UInt8(ascii: "\""), in: start..<bytes.count) ?? bytes.count
    return bytes.text(start..<end)
  }
}
