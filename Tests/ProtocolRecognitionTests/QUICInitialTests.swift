// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ProtocolRecognition

struct QUICInitialTests {
  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// RFC 9001, appendix A.1.
  @Test func clientKeys() throws {
    let salt = try #require(QUICInitial.salt(1))
    let keys = QUICKeys(
      version: 1, salt: salt, destination: [0x83, 0x94, 0xC8, 0xF0, 0x3E, 0x51, 0x57, 0x08])
    #expect(Self.hexadecimal(keys.key) == "1f369613dd76d5467730efcbe3b1a22d")
    #expect(Self.hexadecimal(keys.vector) == "fa044b2f42a3fd3b46fb255c")
    #expect(Self.hexadecimal(keys.header) == "9f50449e04a0e810283a1e9933adedd2")
    // Appendix A.2: sample and mask of the client's Initial packet.
    let sample: [UInt8] = [
      0xD1, 0xB1, 0xC9, 0x8D, 0xD7, 0x68, 0x9F, 0xB8, 0xEC, 0x11, 0xD2, 0x42, 0xB1, 0x23, 0xDC,
      0x9B,
    ]
    let mask = try #require(keys.mask(of: sample))
    #expect(Self.hexadecimal(Array(mask.prefix(5))) == "437b9aec36")
  }

  /// RFC 9369, appendix A.1.
  @Test func clientKeysOfTheSecondVersion() throws {
    let salt = try #require(QUICInitial.salt(0x6B33_43CF))
    let keys = QUICKeys(
      version: 0x6B33_43CF, salt: salt,
      destination: [0x83, 0x94, 0xC8, 0xF0, 0x3E, 0x51, 0x57, 0x08])
    #expect(Self.hexadecimal(keys.key) == "8b1a0bc121284290a29e0971b5cd045d")
    #expect(Self.hexadecimal(keys.vector) == "91f73e2351d8fa91660e909f")
    #expect(Self.hexadecimal(keys.header) == "45b95e15235d6f45a6b19cbcb0294ba9")
  }

  /// An Initial packet enciphered here, its hello in two CRYPTO frames out of order.
  @Test func readsTheServerName() throws {
    let destination: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    let salt = try #require(QUICInitial.salt(1))
    let keys = QUICKeys(version: 1, salt: salt, destination: destination)
    let body = clientHello("quic.example", protocols: ["h3"])
    let message = [1, 0] + bigEndian(UInt16(body.count)) + body
    func crypto(_ range: Range<Int>) -> [UInt8] {
      [6] + bigEndian(UInt16(0x4000 | range.lowerBound)) + bigEndian(UInt16(0x4000 | range.count))
        + message[range]
    }
    var clear = crypto(40..<message.count) + [1] + crypto(0..<40)
    clear += [UInt8](repeating: 0, count: 1_100 - clear.count)
    let number: [UInt8] = [0, 0, 0, 2]
    // Counter mode is its own inverse; the tag is not checked.
    let ciphered =
      try #require(keys.open(clear, number: 2)) + [UInt8](repeating: 0xEE, count: 16)
    let mask = try #require(keys.mask(of: Array(ciphered[..<16])))
    var packet: [UInt8] = [0xC3 ^ (mask[0] & 0x0F), 0, 0, 0, 1, 8] + destination + [0, 0]
    packet += bigEndian(UInt16(0x4000 | (number.count + ciphered.count)))
    for (index, byte) in number.enumerated() { packet.append(byte ^ mask[index + 1]) }
    packet += ciphered
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 443)
    traffic.send(packet)
    let result = traffic.finish()
    #expect(result.flows.first?.serverName == "quic.example")
    #expect(
      result.flows.first?.details.map(\.text) == ["h3", "q12d0202h3_62ed6f6ca7ad_000000000000"])
    for length in stride(from: 0, to: packet.count, by: 13) {
      var cut = Traffic()
      cut.send(Array(packet[..<length]))
      _ = cut.finish()
    }
  }
}
