// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import Reporting

struct ReportBytesTests {
  private func text(_ write: (inout ReportBytes) -> Void) -> String {
    var bytes = ReportBytes()
    write(&bytes)
    let span = bytes.span
    return String(decoding: span.indices.map { span[$0] }, as: UTF8.self)
  }

  @Test(arguments: [
    "0.0.0.0", "1.20.255.9", "255.255.255.255", "::", "::1", "1::", "fe80::1:0:0:2",
    "2001:db8:0:1:1:1:1:1", "2001:0:0:1::8", "::2:0:0:0:3", "1:2:3:4:5:6:7:8", "0:1::",
    "1:0:2:0:3:0:4:0", "ff02::fb", "a:b:c:d:e:f:0:0",
  ])
  func addressesAreTheirDescription(address: String) throws {
    let value = try #require(IPAddress(address))
    #expect(text { $0.append(quoting: value) } == "\"\(value)\"")
  }

  @Test(arguments: [0, 0x0102_0A0B_FEFF, 0xFFFF_FFFF_FFFF] as [UInt64])
  func hardwareAddressesToo(bits: UInt64) {
    let value = MACAddress(bits: bits)
    #expect(text { $0.append(quoting: value) } == "\"\(value)\"")
  }

  @Test(
    arguments: [
      0, -1, 1_772_438_400_032_592_000, 1_772_495_999_999_999_999, -86_400_000_000_000,
      951_782_400_000_000_000, .min, .max,
    ] as [Int64])
  func timesAreThatOfTheCalendar(nanoseconds: Int64) {
    // Twice, and after another day: the date is remembered.
    let expected = "\"" + Timestamp(nanoseconds: nanoseconds).rfc3339 + "\""
    #expect(
      text {
        $0.append(quotingTime: nanoseconds)
        $0.append(quotingTime: nanoseconds)
        $0.append(quotingTime: 86_400_000_000_000)
        $0.append(quotingTime: nanoseconds)
      } == expected + expected + "\"1970-01-02T00:00:00.000000000Z\"" + expected)
  }

  @Test(arguments: 0..<20)
  func numbersOfEachLength(digits: Int) {
    let least = (0..<digits).reduce(UInt64(1)) { value, _ in value &* 10 }
    for number in [least, least - 1, least + 1] {
      #expect(text { $0.append(decimal: number) } == String(number))
    }
    #expect(text { $0.append(decimal: UInt64.max) } == String(UInt64.max))
    #expect(text { $0.append(decimal: Int64.min) } == String(Int64.min))
  }

  @Test(arguments: [0, 1, 3, 7, 8, 9, 15, 16, 17, 100, 5_000])
  func copiesOfEachLengthAndBeyondTheRoom(length: Int) {
    let piece = String((0..<length).map { Character(Unicode.Scalar(UInt8(97 + $0 % 26))) })
    let times = 3_000 / (length + 1) + 2
    #expect(
      text { bytes in
        for _ in 0..<times { bytes.appendJSON(piece) }
      } == String(repeating: "\"\(piece)\"", count: times))
  }

  @Test func keysAndLines() {
    #expect(
      text {
        $0.append(key: "id", afterComma: false)
        $0.append("null")
        $0.appendLine(indent: 4, afterComma: true)
        $0.append(key: "a_longer_key_than_sixteen_bytes", afterComma: false)
        $0.append(hexadecimal: 0x00AF)
        $0.append(key: "twelve_bytes", afterComma: true)
        $0.appendNull()
        $0.appendLine(indent: 0, afterComma: false)
      } == "\"id\": null,\n    \"a_longer_key_than_sixteen_bytes\": 00af, \"twelve_bytes\": null\n")
  }

  @Test func nothingIsLeftAfterRemoval() {
    #expect(
      text {
        $0.append("abc")
        $0.removeAll()
        $0.append("d")
      } == "d")
  }
}
