// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import Attribution

@Suite struct AddressFieldTests {
  private func bound(_ text: String) -> AddressField.Bound? {
    let bytes = Array(text.utf8)
    return AddressField.bound(bytes.span, 0, bytes.count)
  }

  @Test(arguments: [
    "0.0.0.0", "255.255.255.255", "1.2.3.4", "256.1.1.1", "1.2.3", "1.2.3.4.5", "01.2.3.4",
    "1.2.3.04", "1..2.3", ".1.2.3", "1.2.3.", "::", "::1", "1::", "2001:db8::1",
    "2001:DB8:0:0:0:0:0:1", "0064:ff9b::", "0:0:0:0:0:0:0:0", "1:2:3:4:5:6:7:8", "1:2:3:4:5:6:7",
    "1:2:3:4:5:6:7:8:9", "1:2:3:4:5:6:7::", "::2:3:4:5:6:7:8", "1::2::3", ":::", ":1", "1:",
    "12345::", "::ffff:1.2.3.4", "::1.2.3.4", "1:2:3:4:5:6:1.2.3.4", "1:2:3:4:5:6:7:1.2.3.4",
    "::1.2.3", "::01.2.3.4", "fe80::1%eth0", "g::", "1.2.3.4:", "2001::1:", "",
  ])
  func agreesWithIPAddress(text: String) {
    switch (bound(text), IPAddress(text)) {
    case (.v4(let bits), let address?): #expect(address == IPAddress(v4: bits))
    case (.v6(let bits), let address?): #expect(UInt128(address) == bits)
    case (nil, nil): break
    case (let field, let address): Issue.record("\(text): \(field as Any) \(address as Any)")
    }
  }

  @Test(arguments: [
    ("0", UInt128(0)), ("872420864", 872_420_864),
    ("340282366920938463463374607431768211455", UInt128.max),
  ])
  func readsIntegers(text: String, value: UInt128) {
    #expect(bound(text) == .integer(value))
  }

  @Test(arguments: ["340282366920938463463374607431768211456", "01", "-1", "1e3", "0x10"])
  func refusesOtherNumbers(text: String) {
    #expect(bound(text) == nil)
  }

  @Test(arguments: [
    ("64500", UInt32(64500)), ("AS1299", 1299), ("as1", 1), ("1.10", 65546), ("AS1.10", 65546),
    ("65535.65535", .max), ("4294967295", .max), ("", 0), ("-", 0), ("None", 0), ("0", 0),
  ])
  func readsASNumbers(text: String, value: UInt32) {
    let bytes = Array(text.utf8)
    #expect(AddressField.asNumber(bytes.span, 0, bytes.count) == value)
  }

  @Test(arguments: ["4294967296", "65536.1", "1.65536", "1.2.3", "AS", "x", "1.", ".1", "12a"])
  func refusesOtherASNumbers(text: String) {
    let bytes = Array(text.utf8)
    #expect(AddressField.asNumber(bytes.span, 0, bytes.count) == nil)
  }
}
