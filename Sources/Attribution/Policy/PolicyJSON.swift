// SPDX-License-Identifier: Apache-2.0

/// A JSON value (RFC 8259) with the line it starts on, so that an error can name the place.
///
/// Own reader instead of Foundation's: it names lines, bounds its depth, and keeps the library free
/// of Foundation. Keys that repeat in one object are an error.
package struct PolicyJSON {
  package enum Value {
    case object([(key: String, value: PolicyJSON)])
    case array([PolicyJSON])
    case string(String)
    /// The digits as written.
    case number(String)
    case boolean(Bool)
    case null
  }

  package var value: Value
  /// From 1.
  var line: Int

  package struct Failure: Error {
    package var line: Int
    package var reason: String
  }

  /// Deepest nesting read; a policy needs three.
  static let depthLimit = 16

  init(value: Value, line: Int) {
    self.value = value
    self.line = line
  }

  package init(parsing bytes: [UInt8]) throws(Failure) {
    var reader = Reader(bytes: bytes)
    if bytes.starts(with: [0xEF, 0xBB, 0xBF]) { reader.index = 3 }
    self = try reader.value(depth: 0)
    try reader.end()
  }

  private struct Reader {
    let bytes: [UInt8]
    var index = 0
    var line = 1

    init(bytes: [UInt8]) { self.bytes = bytes }

    func failure(_ reason: String) -> Failure { Failure(line: line, reason: reason) }

    mutating func skipBlanks() {
      while index < bytes.count {
        switch bytes[index] {
        case 0x0A: line += 1
        case 0x20, 0x09, 0x0D: break
        default: return
        }
        index += 1
      }
    }

    mutating func take(_ byte: UInt8) -> Bool {
      skipBlanks()
      guard index < bytes.count, bytes[index] == byte else { return false }
      index += 1
      return true
    }

    mutating func end() throws(Failure) {
      skipBlanks()
      guard index == bytes.count else { throw failure("text after the end of the JSON value") }
    }

    mutating func value(depth: Int) throws(Failure) -> PolicyJSON {
      guard depth <= PolicyJSON.depthLimit else { throw failure("nested too deep") }
      skipBlanks()
      let start = line
      guard index < bytes.count else { throw failure("the JSON text ends early") }
      switch bytes[index] {
      case UInt8(ascii: "{"): return PolicyJSON(value: try object(depth), line: start)
      case UInt8(ascii: "["): return PolicyJSON(value: try array(depth), line: start)
      case UInt8(ascii: "\""): return PolicyJSON(value: .string(try string()), line: start)
      case UInt8(ascii: "-"), 0x30...0x39:
        return PolicyJSON(value: .number(number()), line: start)
      default:
        for (word, value) in [
          ("true", Value.boolean(true)), ("false", .boolean(false)), ("null", .null),
        ] where bytes[index...].starts(with: word.utf8) {
          index += word.utf8.count
          return PolicyJSON(value: value, line: start)
        }
        throw failure("no JSON value where one must be")
      }
    }

    private mutating func object(_ depth: Int) throws(Failure) -> Value {
      index += 1
      var members: [(key: String, value: PolicyJSON)] = []
      if take(UInt8(ascii: "}")) { return .object(members) }
      repeat {
        skipBlanks()
        guard index < bytes.count, bytes[index] == UInt8(ascii: "\"") else {
          throw failure("no key in quotes where one must be")
        }
        let key = try string()
        guard !members.contains(where: { $0.key == key }) else {
          throw failure("the key \"\(GeoIPTableParser.printable(key))\" stands twice")
        }
        guard take(UInt8(ascii: ":")) else { throw failure("no colon after a key") }
        members.append((key, try value(depth: depth + 1)))
      } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "}")) else { throw failure("no comma or brace after a value") }
      return .object(members)
    }

    private mutating func array(_ depth: Int) throws(Failure) -> Value {
      index += 1
      var elements: [PolicyJSON] = []
      if take(UInt8(ascii: "]")) { return .array(elements) }
      repeat { elements.append(try value(depth: depth + 1)) } while take(UInt8(ascii: ","))
      guard take(UInt8(ascii: "]")) else { throw failure("no comma or bracket after a value") }
      return .array(elements)
    }

    private mutating func number() -> String {
      let start = index
      while index < bytes.count, "+-.eE0123456789".utf8.contains(bytes[index]) { index += 1 }
      return String(decoding: bytes[start..<index], as: UTF8.self)
    }

    private mutating func string() throws(Failure) -> String {
      index += 1
      var text: [UInt8] = []
      while index < bytes.count {
        let byte = bytes[index]
        index += 1
        switch byte {
        case UInt8(ascii: "\""): return String(decoding: text, as: UTF8.self)
        case UInt8(ascii: "\\"): text.append(contentsOf: try escape())
        case 0..<0x20: throw failure("a control character in a text")
        default: text.append(byte)
        }
      }
      throw failure("a text without its closing quote")
    }

    private mutating func escape() throws(Failure) -> [UInt8] {
      guard index < bytes.count else { throw failure("a text without its closing quote") }
      let byte = bytes[index]
      index += 1
      switch byte {
      case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return [byte]
      case UInt8(ascii: "b"): return [8]
      case UInt8(ascii: "f"): return [12]
      case UInt8(ascii: "n"): return [10]
      case UInt8(ascii: "r"): return [13]
      case UInt8(ascii: "t"): return [9]
      case UInt8(ascii: "u"):
        var unit = try codeUnit()
        if unit >> 10 == 0x36, index + 1 < bytes.count, bytes[index] == UInt8(ascii: "\\"),
          bytes[index + 1] == UInt8(ascii: "u")
        {
          index += 2
          let low = try codeUnit()
          unit = low >> 10 == 0x37 ? 0x10000 + ((unit & 0x3FF) << 10 | (low & 0x3FF)) : 0xFFFD
        }
        let scalar = Unicode.Scalar(unit) ?? "\u{FFFD}"
        return Array(String(Character(scalar)).utf8)
      default: throw failure("an unknown escape in a text")
      }
    }

    private mutating func codeUnit() throws(Failure) -> UInt32 {
      guard index + 4 <= bytes.count,
        let unit = UInt32(String(decoding: bytes[index..<(index + 4)], as: UTF8.self), radix: 16)
      else { throw failure("four hexadecimal digits must follow \\u") }
      index += 4
      return unit
    }
  }
}
