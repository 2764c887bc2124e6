// SPDX-License-Identifier: Apache-2.0

/// Reads the data section of a MaxMind DB file
/// ([format 2.0](https://maxmind.github.io/MaxMind-DB/)), tolerating any damage.
struct MaxMindValueReader {
  /// The whole file.
  let bytes: [UInt8]
  /// Where the section starts, from which pointers count.
  let section: Int
  /// Where the section ends.
  let end: Int

  /// Deepest nesting followed; real records need four.
  static let depthLimit = 16
  /// Most members of one map or array followed; City records have about ten.
  static let memberLimit = 1024
  /// Pointers followed in a row; the format forbids a pointer to a pointer.
  private static let pointerLimit = 1

  enum Kind: Int {
    case pointer = 1
    case text = 2
    case double = 3
    case bytes = 4
    case uint16 = 5
    case uint32 = 6
    case map = 7
    case int32 = 8
    case uint64 = 9
    case uint128 = 10
    case array = 11
    case cache = 12
    case endMarker = 13
    case boolean = 14
    case float = 15
  }

  /// A control field: what follows, how large it is, and where its content starts.
  struct Control {
    var kind: Kind
    /// Bytes, members, or the value of a boolean.
    var size: Int
    var content: Int
    /// Where the next field starts if this one was reached by a pointer.
    var next: Int?
  }

  /// The control field at an offset into the file, pointers followed.
  func control(at offset: Int) -> Control? {
    var position = offset
    var next: Int?
    for _ in 0...Self.pointerLimit {
      guard let byte = byte(position) else { return nil }
      var type = Int(byte >> 5)
      if type == Kind.pointer.rawValue {
        let length = Int(byte >> 3 & 3) + 1
        guard let value = unsigned(position + 1, length) else { return nil }
        let upper = UInt64(byte & 7)
        let pointer: UInt64 =
          switch length {
          case 1: upper << 8 | value
          case 2: (upper << 16 | value) &+ 2048
          case 3: (upper << 24 | value) &+ 526_336
          default: value
          }
        next = next ?? position + 1 + length
        guard pointer < UInt64(end - section) else { return nil }
        position = section + Int(pointer)
        continue
      }
      var content = position + 1
      if type == 0 {
        guard let extended = self.byte(content) else { return nil }
        type = Int(extended) + 7
        content += 1
      }
      var size = Int(byte & 31)
      if size >= 29 {
        let length = size - 28
        guard let value = unsigned(content, length) else { return nil }
        size = Int(value) + [29, 285, 65_821][length - 1]
        content += length
      }
      guard let kind = Kind(rawValue: type), kind != .pointer else { return nil }
      return Control(kind: kind, size: size, content: content, next: next)
    }
    return nil
  }

  /// Where the field after the one at `offset` starts.
  func skip(_ offset: Int, depth: Int = 0) -> Int? {
    guard depth <= Self.depthLimit, let control = control(at: offset) else { return nil }
    if let next = control.next { return next }
    switch control.kind {
    case .map, .array:
      guard control.size <= Self.memberLimit else { return nil }
      var position = control.content
      for _ in 0..<(control.kind == .map ? 2 * control.size : control.size) {
        guard let next = skip(position, depth: depth + 1) else { return nil }
        position = next
      }
      return position
    case .boolean, .endMarker, .cache: return control.content
    default: return control.content + control.size
    }
  }

  /// Calls `body` with key and offset of each member of the map at `offset`.
  func forEachMember(of offset: Int, _ body: (ArraySlice<UInt8>, Int) -> Void) {
    guard let map = control(at: offset), map.kind == .map, map.size <= Self.memberLimit else {
      return
    }
    var position = map.content
    for _ in 0..<map.size {
      guard let key = text(position), let value = skip(position) else { return }
      body(key, value)
      guard let next = skip(value) else { return }
      position = next
    }
  }

  /// The bytes of the text at an offset.
  func text(_ offset: Int) -> ArraySlice<UInt8>? {
    guard let control = control(at: offset), control.kind == .text, control.size >= 0,
      control.content <= end, control.size <= end - control.content
    else { return nil }
    return bytes[control.content..<(control.content + control.size)]
  }

  /// The unsigned integer or boolean at an offset.
  func number(_ offset: Int) -> UInt64? {
    guard let control = control(at: offset) else { return nil }
    switch control.kind {
    case .boolean: return UInt64(control.size)
    case .uint16, .uint32, .uint64:
      return control.size <= 8 ? unsigned(control.content, control.size) : nil
    default: return nil
    }
  }

  private func byte(_ offset: Int) -> UInt8? {
    offset >= section && offset < end ? bytes[offset] : nil
  }

  private func unsigned(_ offset: Int, _ length: Int) -> UInt64? {
    guard offset >= section, offset <= end, length <= end - offset else { return nil }
    var value: UInt64 = 0
    for index in offset..<(offset + length) { value = value << 8 | UInt64(bytes[index]) }
    return value
  }
}
