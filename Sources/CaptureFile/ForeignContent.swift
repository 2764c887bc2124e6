// SPDX-License-Identifier: Apache-2.0

/// What is handed in for a capture and is none, told by its first bytes, so that a message can say
/// what to do.
///
/// To add one: a line in `all`.
struct ForeignContent: Sendable {
  /// First bytes, and how many bytes from the start they stand.
  var magic: [UInt8]
  var offset = 0
  /// What it is, after "it is".
  var name: String
  /// What the user can do.
  var advice: String

  /// First bytes as [file(1)](https://www.darwinsys.com/file/) knows them.
  static let all: [ForeignContent] = [
    packed([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00], "xz", "xz -dk FILE"),
    packed(Array("BZh".utf8), "bzip2", "bzip2 -dk FILE"),
    packed([0x50, 0x4B, 0x03, 0x04], "zip", "unzip FILE"),
    packed([0x37, 0x7A, 0xBC, 0xAF, 0x27, 0x1C], "7z", "7z x FILE"),
    packed(Array("Rar!".utf8), "rar", "unrar x FILE"),
    packed([0x1F, 0x9D], "compress", "uncompress FILE"),
    packed([0x5D, 0x00, 0x00], "lzma", "xz -dk --format=lzma FILE"),
    ForeignContent(
      magic: Array("ustar".utf8), offset: 257, name: "a tar archive",
      advice: "extract the captures in it first, for example with `tar xf FILE`"),
    ForeignContent(
      magic: Array("SQLite format 3".utf8), name: "a SQLite database",
      advice: "name the capture that it was made from"),
    ForeignContent(
      magic: Array("%PDF-".utf8), name: "a PDF document",
      advice: "name the capture that it tells of"),
  ]

  /// First words of texts, in lower case and behind spaces.
  private static let texts: [(first: String, name: String, advice: String)] = [
    ("<!doctype html", "an HTML page", page),
    ("<html", "an HTML page", page),
    ("<?xml", "an XML document", "name the capture itself: an export holds no packets"),
    ("{", "a JSON document", "name the capture itself, or a saved analysis (.lenstrace)"),
    ("[", "a JSON document", "name the capture itself, or a saved analysis (.lenstrace)"),
  ]
  private static let page =
    "it may be an error that was saved in place of the capture: fetch the file again"

  /// Bytes that are looked at to tell a text.
  private static let textByteCount = 512

  private static func packed(_ magic: [UInt8], _ name: String, _ command: String) -> ForeignContent
  {
    ForeignContent(
      magic: magic, name: "compressed with \(name), which is not unpacked here",
      advice: "decompress it first, for example with `\(command)`")
  }

  /// What `bytes` begin like, and what to do; `nil` where they are not known.
  static func told(by bytes: Span<UInt8>) -> (name: String, advice: String)? {
    let known = all.first { content in
      bytes.count >= content.offset + content.magic.count
        && content.magic.indices.allSatisfy { bytes[content.offset + $0] == content.magic[$0] }
    }
    if let known { return (known.name, known.advice) }
    var start = 0
    // A byte-order mark stands before some texts.
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF { start = 3 }
    var text: [UInt8] = []
    for index in start..<min(bytes.count, textByteCount) { text.append(bytes[index]) }
    // A control character other than a tab or the end of a line makes it binary.
    guard !text.isEmpty, text.allSatisfy({ $0 >= 0x20 || (0x09...0x0D).contains($0) }),
      let string = String(validating: text.prefix { $0 < 0x80 }, as: UTF8.self)
    else { return nil }
    let words = string.drop(while: \.isWhitespace).lowercased()
    if let found = texts.first(where: { words.hasPrefix($0.first) }) {
      return (found.name, found.advice)
    }
    return ("a text", "a hexadecimal dump becomes a capture with `text2pcap`")
  }
}
