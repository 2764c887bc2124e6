// SPDX-License-Identifier: Apache-2.0

/// Writes HTML and SVG: markup only from literals of this source, everything else escaped.
///
/// That markup is a `StaticString` makes it impossible to write text from a packet as markup; text
/// and attribute values pass one place that escapes them.
struct MarkupWriter {
  let sink: ReportSink

  /// Characters of a text after which it is cut; the JSON has it whole.
  static let maximumCharacters = 240

  init(_ sink: ReportSink) { self.sink = sink }

  /// An attribute without a value from a packet in its name.
  typealias Attributes = KeyValuePairs<StaticString, String>

  /// Writes markup of ours.
  func markup(_ literal: StaticString) { sink.write("\(literal)") }

  /// Writes text, made harmless.
  func text(_ text: String, limit: Int = maximumCharacters) {
    sink.write(MarkupText.escaped(text, limit: limit))
  }

  /// Opens an element.
  func open(_ name: StaticString, _ attributes: Attributes = [:]) {
    sink.write("<\(name)")
    write(attributes)
    sink.write(">")
  }

  /// Closes an element.
  func close(_ name: StaticString) { sink.write("</\(name)>") }

  /// Writes an element without content, as XML has it.
  func empty(_ name: StaticString, _ attributes: Attributes = [:]) {
    sink.write("<\(name)")
    write(attributes)
    sink.write("/>")
  }

  /// Writes an element with text in it.
  func element(
    _ name: StaticString, _ attributes: Attributes = [:], _ content: String,
    limit: Int = maximumCharacters
  ) {
    open(name, attributes)
    text(content, limit: limit)
    close(name)
  }

  /// Writes an element with other elements in it.
  func element(_ name: StaticString, _ attributes: Attributes = [:], content: () -> Void) {
    open(name, attributes)
    content()
    close(name)
  }

  private func write(_ attributes: Attributes) {
    for (name, value) in attributes {
      sink.write(" \(name)=\"")
      sink.write(MarkupText.escaped(value, limit: .max))
      sink.write("\"")
    }
  }
}

/// Text for HTML and SVG: the one place where packet data is made harmless for them.
enum MarkupText {
  /// Replaces what is markup by references and controls by `\u{…}`, and cuts after `limit`
  /// characters.
  static func escaped(_ text: String, limit: Int) -> String {
    var result = ""
    var used = 0
    for scalar in text.unicodeScalars {
      if used >= limit { return result + "…" }
      used += 1
      switch scalar {
      case "&": result += "&amp;"
      case "<": result += "&lt;"
      case ">": result += "&gt;"
      case "\"": result += "&quot;"
      case "'": result += "&#39;"
      default:
        if scalar.isHostile || scalar.value & 0xFFFE == 0xFFFE {
          let escape = "\\u{\(scalar.hexadecimal)}"
          result += escape
          used += escape.utf8.count - 1
        } else {
          result.unicodeScalars.append(scalar)
        }
      }
    }
    return result
  }

  /// A coordinate with one decimal.
  static func coordinate(_ value: Double) -> String { DecimalText.rounded(value, places: 1) }
}
