// SPDX-License-Identifier: Apache-2.0

/// Edimax's command messages: `<param><code value="1300" /><port value="50474" /></param>`, by which
/// its cameras and plugs look for each other on the link (code 1300, answered by 1400) and register
/// with `myedimax.com` (camera-protocols.md B14).
///
/// Seen from cameras of 2015 and in the source of openHAB's binding for Edimax plugs. It names the
/// maker and no kind of device.
struct EdimaxRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let firstBytes = FirstBytes(of: [opening])

  private static let opening: ASCII = "<param><code value=\""
  /// Digits of a code: all that are known have four.
  private static let codeDigits = 4

  /// The code of a message, or `nil` where the bytes are none.
  static func code(_ bytes: Span<UInt8>) -> Int? {
    guard bytes.has(opening) else { return nil }
    let start = opening.bytes.count
    var code = 0
    for index in start..<start &+ codeDigits {
      let digit = bytes.byte(index) &- UInt8(ascii: "0")
      guard digit < 10 else { return nil }
      code = code &* 10 &+ Int(digit)
    }
    return bytes.byte(start &+ codeDigits) == UInt8(ascii: "\"") ? code : nil
  }

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    code(bytes) == nil ? .notMine : .certain
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    guard let code = Self.code(bytes) else { return .foreignDatagram }
    context.setService(.edimax, chunk)
    context.addMark(
      "edimax", vendor: "edimax", text: "message with code \(code)", confidence: .weak, chunk)
    return .more
  }
}
