// SPDX-License-Identifier: Apache-2.0

import Attribution
import Testing

@Suite struct SpecialPurposeRangesTests {
  @Test(arguments: [
    ("10.1.2.3", "10.0.0.0/8", "home"), ("100.64.0.1", "100.64.0.0/10", "home-side"),
    ("192.0.0.9", "192.0.0.9/32", "never-foreign"), ("192.0.0.1", "192.0.0.0/29", "home"),
    ("192.88.99.1", "192.88.99.0/24", "database"), ("224.0.0.251", "224.0.0.0/24", "never-foreign"),
    ("255.255.255.255", "255.255.255.255/32", "never-foreign"), ("fe80::1", "fe80::/10", "home"),
    ("fd00:448a:1130::5", "fc00::/7", "home"), ("2001:0:1::", "2001::/32", "unwrap-teredo"),
    ("2001:3::1", "2001:3::/32", "database"), ("2001:db8::1", "2001:db8::/32", "never-foreign"),
    ("::1", "::1/128", "home"), ("4000::", "4000::/3", "never-foreign"),
    ("ff02::fb", "ff00::/8", "never-foreign"),
  ])
  func longestPrefixAnswers(text: String, prefix: String, policy: String) throws {
    let range = try #require(SpecialPurposeRanges.shared.range(of: try address(text)))
    #expect(range.prefix.description == prefix)
    #expect(range.policy.rawValue == policy)
  }

  @Test(arguments: ["8.8.8.8", "172.32.0.0", "100.128.0.0", "2a00::1", "2001:4860:4860::8888"])
  func ordinaryAddressesAreNotListed(text: String) throws {
    #expect(SpecialPurposeRanges.shared.range(of: try address(text)) == nil)
  }

  @Test func everythingOutsideGlobalUnicastIsListed() throws {
    for top in 0..<256 where top >> 5 != 1 {
      let text = "\(String(top << 8 | 0x00FF, radix: 16))::abcd:ef01:2345:6789"
      #expect(SpecialPurposeRanges.shared.range(of: try address(text)) != nil, "\(text)")
    }
  }
}
