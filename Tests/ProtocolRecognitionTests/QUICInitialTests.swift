// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ProtocolRecognition

struct QUICInitialTests {
  static func hexadecimal(_ bytes: [UInt8]) -> String {
    bytes.map { String($0 >> 4, radix: 16) + String($0 & 15, radix: 16) }.joined()
  }

  /// FIPS 180-4, one block.
  @Test func digest() {
    #expect(
      Self.hexadecimal(SHA256.digest(ascii("abc")))
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      Self.hexadecimal(SHA256.digest([]))
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }

  /// FIPS 197, appendix C.1.
  @Test func cipher() {
    var block = InlineArray<16, UInt8>(repeating: 0)
    for index in 0..<16 { block[index] = UInt8(index) * 0x11 }
    let result = AES128(key: (0..<16).map { UInt8($0) }).encrypt(block)
    var bytes: [UInt8] = []
    for index in 0..<16 { bytes.append(result[index]) }
    #expect(Self.hexadecimal(bytes) == "69c4e0d86a7b0430d8cdb78070b4c55a")
  }

  /// RFC 9001, appendix A.1.
  @Test func clientKeys() throws {
    let salt = try #require(QUICInitial.salt(1))
    let keys = QUICInitial.keys(
      version: 1, salt: salt, destination: [0x83, 0x94, 0xC8, 0xF0, 0x3E, 0x51, 0x57, 0x08])
    #expect(Self.hexadecimal(keys.key) == "1f369613dd76d5467730efcbe3b1a22d")
    #expect(Self.hexadecimal(keys.vector) == "fa044b2f42a3fd3b46fb255c")
    #expect(Self.hexadecimal(keys.header) == "9f50449e04a0e810283a1e9933adedd2")
  }

  /// An Initial packet enciphered here, its hello in two CRYPTO frames out of order.
  @Test func readsTheServerName() throws {
    let destination: [UInt8] = [1, 2, 3, 4, 5, 6, 7, 8]
    let salt = try #require(QUICInitial.salt(1))
    let keys = QUICInitial.keys(version: 1, salt: salt, destination: destination)
    let body = clientHello("quic.example", protocols: ["h3"])
    let message = [1, 0] + bigEndian(UInt16(body.count)) + body
    func crypto(_ range: Range<Int>) -> [UInt8] {
      [6] + bigEndian(UInt16(0x4000 | range.lowerBound)) + bigEndian(UInt16(0x4000 | range.count))
        + message[range]
    }
    var clear = crypto(40..<message.count) + [1] + crypto(0..<40)
    clear += [UInt8](repeating: 0, count: 1_100 - clear.count)
    let number: [UInt8] = [0, 0, 0, 2]
    var counter = InlineArray<16, UInt8>(repeating: 0)
    for index in 0..<12 { counter[index] = keys.vector[index] }
    counter[11] ^= 2
    let cipher = AES128(key: keys.key)
    var ciphered: [UInt8] = []
    for (index, byte) in clear.enumerated() {
      let block = index / 16 + 2
      counter[14] = UInt8(block >> 8)
      counter[15] = UInt8(block & 255)
      let key = cipher.encrypt(counter)
      ciphered.append(byte ^ key[index % 16])
    }
    ciphered += [UInt8](repeating: 0xEE, count: 16)
    var sample = InlineArray<16, UInt8>(repeating: 0)
    for index in 0..<16 { sample[index] = ciphered[index] }
    let mask = AES128(key: keys.header).encrypt(sample)
    var packet: [UInt8] = [0xC3 ^ (mask[0] & 0x0F), 0, 0, 0, 1, 8] + destination + [0, 0]
    packet += bigEndian(UInt16(0x4000 | (number.count + ciphered.count)))
    for (index, byte) in number.enumerated() { packet.append(byte ^ mask[index + 1]) }
    packet += ciphered
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 443)
    traffic.send(packet)
    let result = traffic.finish()
    #expect(result.flows.first?.serverName == "quic.example")
    #expect(result.flows.first?.details.map(\.text) == ["h3"])
    for length in stride(from: 0, to: packet.count, by: 13) {
      var cut = Traffic()
      cut.send(Array(packet[..<length]))
      _ = cut.finish()
    }
  }
}
