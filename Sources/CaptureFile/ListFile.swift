// SPDX-License-Identifier: Apache-2.0

/// A list that the user names instead of many arguments: text with one thing a line.
package enum ListFile {
  /// Largest list read: 64 MiB, a million paths.
  private static let maximumByteCount = 64 << 20

  /// The lines of the list at `path`, compressed or not; `-` is standard input.
  ///
  /// - Parameters:
  ///   - path: Where the list is.
  ///   - content: What is listed, for messages, as in "files".
  ///   - item: What a line holds, as in "path".
  /// - Returns: What stands in the lines; empty ones are passed over.
  /// - Throws: where it cannot be read, is too long or no UTF-8.
  /// - Complexity: O(*n*) in the bytes of the list.
  package static func lines(
    _ path: String, of content: String, item: String
  ) throws(CaptureError) -> [String] {
    let input = CaptureInput(path)
    let source = try DecompressingSource(input)
    func failure(_ reason: String) -> CaptureError {
      CaptureError(
        .usage, file: input.name, reason: "the list of \(content) \(reason)",
        advice: "name a text file with one \(item) a line")
    }
    var bytes: [UInt8] = []
    while let block = source.next() {
      let span = block.bytes
      guard bytes.count + span.count <= maximumByteCount else {
        throw failure("is longer than 64 MiB")
      }
      for index in span.indices { bytes.append(span[index]) }
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw failure("is no UTF-8 text")
    }
    return text.split(whereSeparator: \.isNewline).map(String.init)
  }
}
