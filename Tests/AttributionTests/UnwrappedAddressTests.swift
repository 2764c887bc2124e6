// SPDX-License-Identifier: Apache-2.0

import Attribution
import PacketDecoding
import Testing

@Suite struct UnwrappedAddressTests {
  @Test(arguments: [
    ("64:ff9b::808:808", "nat64_well_known", "8.8.8.8", ""),
    ("2002:808:808::1", "6to4", "8.8.8.8", ""),
    ("2001:0:4136:e378:8000:63bf:3fff:fdd2", "teredo", "192.0.2.45", "65.54.227.120"),
    ("::8.8.8.8", "ipv4_compatible", "8.8.8.8", ""),
  ])
  func vectors(text: String, mechanism: String, inner: String, server: String) throws {
    let unwrapped = try #require(UnwrappedAddress(try address(text)))
    #expect(unwrapped.mechanism.rawValue == mechanism)
    #expect(unwrapped.address == (try address(inner)))
    #expect(unwrapped.server?.description ?? "" == server)
  }

  @Test(arguments: ["8.8.8.8", "::ffff:8.8.8.8", "::", "::1", "2a00::1", "64:ff9b:1::808:808"])
  func otherAddressesStay(text: String) throws {
    #expect(UnwrappedAddress(try address(text)) == nil)
  }

  /// RFC 6052 section 2.4, table 2: 192.0.2.33 under each prefix length.
  @Test(arguments: [
    ("2001:db8::/32", "2001:db8:c000:221::"), ("2001:db8:100::/40", "2001:db8:1c0:2:21::"),
    ("2001:db8:122::/48", "2001:db8:122:c000:2:2100::"),
    ("2001:db8:122:300::/56", "2001:db8:122:3c0:0:221::"),
    ("2001:db8:122:344::/64", "2001:db8:122:344:c0:2:2100::"),
    ("2001:db8:122:344::/96", "2001:db8:122:344::192.0.2.33"),
  ])
  func networkSpecificNAT64(prefix: String, text: String) throws {
    let prefix = try #require(AddressPrefix(prefix))
    let unwrapped = try #require(UnwrappedAddress(try address(text), nat64Prefixes: [prefix]))
    #expect(unwrapped.address.description == "192.0.2.33")
    #expect(unwrapped.mechanism == .nat64)
  }
}
