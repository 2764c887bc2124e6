// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import Reporting

struct AddressTextTests {
  @Test(arguments: [
    "0.0.0.0", "1.20.255.9", "255.255.255.255", "::", "::1", "1::", "fe80::1:0:0:2",
    "2001:db8:0:1:1:1:1:1", "2001:0:0:1::8", "::2:0:0:0:3", "1:2:3:4:5:6:7:8", "0:1::",
    "1:0:2:0:3:0:4:0", "ff02::fb", "a:b:c:d:e:f:0:0",
  ])
  func isTheDescription(text: String) throws {
    let address = try #require(IPAddress(text))
    var bytes: [UInt8] = []
    bytes.append(address)
    #expect(String(decoding: bytes, as: UTF8.self) == address.description)
  }

  @Test(arguments: [0, 0x0102_0A0B_FEFF, 0xFFFF_FFFF_FFFF] as [UInt64])
  func hardwareAddressesToo(bits: UInt64) {
    var bytes: [UInt8] = []
    bytes.append(MACAddress(bits: bits))
    #expect(String(decoding: bytes, as: UTF8.self) == MACAddress(bits: bits).description)
  }

  @Test(arguments: [0, -1, 1_772_438_400_032_592_000, .min, .max] as [Int64])
  func timesToo(nanoseconds: Int64) {
    var bytes: [UInt8] = []
    bytes.append(Timestamp(nanoseconds: nanoseconds))
    #expect(
      String(decoding: bytes, as: UTF8.self) == Timestamp(nanoseconds: nanoseconds).rfc3339)
  }
}
