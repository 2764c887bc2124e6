// SPDX-License-Identifier: Apache-2.0

/// Hello messages of TLS 1.3 in its compatible form, [RFC 8446](https://www.rfc-editor.org/rfc/rfc8446).
enum TLSHandshake {
  private static func big16(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  private static func prefixed(_ content: [UInt8]) -> [UInt8] {
    big16(content.count) + content
  }

  private static func `extension`(_ type: Int, _ content: [UInt8]) -> [UInt8] {
    big16(type) + prefixed(content)
  }

  private static func randomBytes(_ count: Int, _ random: inout SplitMix64) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: random.next() >> 24) }
  }

  private static func record(handshakeType: UInt8, _ body: [UInt8], version: Int) -> [UInt8] {
    [0x16] + big16(version) + prefixed([handshakeType, 0] + prefixed(body))
  }

  static func clientHello(serverName: String, random: inout SplitMix64) -> [UInt8] {
    var extensions = `extension`(0, prefixed([0] + prefixed(Array(serverName.utf8))))
    extensions += `extension`(11, [1, 0])
    extensions += `extension`(10, prefixed([0x00, 0x1D, 0x00, 0x17, 0x00, 0x18]))
    extensions += `extension`(35, [])
    extensions += `extension`(16, prefixed([2] + Array("h2".utf8) + [8] + Array("http/1.1".utf8)))
    extensions += `extension`(23, [])
    extensions += `extension`(
      13, prefixed([0x04, 0x03, 0x05, 0x03, 0x08, 0x04, 0x08, 0x05, 0x04, 0x01, 0x05, 0x01]))
    extensions += `extension`(43, [4, 0x03, 0x04, 0x03, 0x03])
    extensions += `extension`(45, [1, 1])
    extensions += `extension`(51, prefixed([0x00, 0x1D] + prefixed(randomBytes(32, &random))))
    let ciphers: [UInt8] = [
      0x13, 0x01, 0x13, 0x02, 0x13, 0x03, 0xC0, 0x2B, 0xC0, 0x2F, 0xC0, 0x2C, 0xC0, 0x30,
    ]
    var body: [UInt8] = [0x03, 0x03]
    body += randomBytes(32, &random)
    body += [32] + randomBytes(32, &random)
    body += prefixed(ciphers) + [1, 0]
    body += prefixed(extensions)
    return record(handshakeType: 1, body, version: 0x0301)
  }

  /// Server Hello, Change Cipher Spec, and the encrypted rest of the flight.
  static func serverFlight(random: inout SplitMix64) -> [UInt8] {
    var body: [UInt8] = [0x03, 0x03]
    body += randomBytes(32, &random)
    body += [32] + randomBytes(32, &random)
    body += [0x13, 0x01, 0]
    body += prefixed(
      `extension`(43, [0x03, 0x04])
        + `extension`(51, [0x00, 0x1D] + prefixed(randomBytes(32, &random))))
    let encrypted = randomBytes(2_200 + random.below(1_600), &random)
    return record(handshakeType: 2, body, version: 0x0303) + changeCipherSpec
      + [0x17, 0x03, 0x03] + prefixed(encrypted)
  }

  static let changeCipherSpec: [UInt8] = [0x14, 0x03, 0x03, 0x00, 0x01, 0x01]

  static func clientFinished(random: inout SplitMix64) -> [UInt8] {
    changeCipherSpec + [0x17, 0x03, 0x03] + prefixed(randomBytes(53, &random))
  }

  /// Turns from Client Hello to Finished.
  static func turns(
    serverName: String, roundTrip: Int, random: inout SplitMix64
  ) -> [TCPConversation.Turn] {
    let hello = clientHello(serverName: serverName, random: &random)
    let flight = serverFlight(random: &random)
    let finished = clientFinished(random: &random)
    return [
      .init(sender: .fromOriginator, content: .bytes(hello), delay: 120),
      .init(sender: .fromResponder, content: .bytes(flight), delay: roundTrip),
      .init(sender: .fromOriginator, content: .bytes(finished), delay: 700),
    ]
  }
}
