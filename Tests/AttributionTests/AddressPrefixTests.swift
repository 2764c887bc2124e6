// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct AddressPrefixTests {
  @Test(arguments: [
    ("10.0.0.0/8", "10.0.0.0/8"), ("10.0.0.1", "10.0.0.1/32"), ("2A00::/16", "2a00::/16"),
    ("::1", "::1/128"), ("0.0.0.0/0", "0.0.0.0/0"), ("::/0", "::/0"),
    ("::ffff:192.0.2.0/120", "192.0.2.0/24"),
  ])
  func reads(text: String, description: String) {
    #expect(AddressPrefix(text)?.description == description)
  }

  @Test(arguments: [
    "10.0.0.1/8", "10.0.0.0/33", "10.0.0.0/", "10.0.0.0/-1", "/8", "2a00::1/16", "::/129", "x", "",
    "10.0.0.0/8/8", "::ffff:192.0.2.0/24",
  ])
  func refuses(text: String) {
    #expect(AddressPrefix(text) == nil)
  }

  @Test func containsItsOwnFamilyOnly() throws {
    let all = try #require(AddressPrefix("::/0"))
    #expect(!all.contains(try address("1.2.3.4")))
    #expect(all.contains(try address("ffff::")))
    let net = try #require(AddressPrefix("192.0.2.0/24"))
    #expect(net.contains(try address("192.0.2.255")))
    #expect(!net.contains(try address("192.0.3.0")))
    #expect(net.contains(try #require(AddressPrefix("192.0.2.128/25"))))
    #expect(!net.contains(try #require(AddressPrefix("192.0.0.0/16"))))
  }
}
