// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@Suite struct CommunityIDTests {
  // The values are those of Zeek's test suite (testing/btest/bifs/community_id.zeek), which the
  // specification names as its baseline.
  @Test(
    "Identifiers equal Zeek's, whichever endpoint comes first",
    arguments: [
      (6, "1:wCb3OG7yAFWelaUydu0D+125CLM="), (17, "1:0Mu9InQx6z4ZiCZM/7HXi2WMhOg="),
    ] as [(UInt8, String)])
  func baseline(protocolNumber: UInt8, expected: String) throws {
    let source = try #require(IPAddress("1.2.3.4"))
    let destination = try #require(IPAddress("5.6.7.8"))
    let forward = CommunityID.text(
      protocolNumber: protocolNumber, source: source, sourcePort: 1_122, destination: destination,
      destinationPort: 3_344)
    let backward = CommunityID.text(
      protocolNumber: protocolNumber, source: destination, sourcePort: 3_344, destination: source,
      destinationPort: 1_122)
    #expect(forward == expected)
    #expect(backward == expected)
  }

  @Test("Flows without ports in the specification's sense have no identifier")
  func none() throws {
    let address = try #require(IPAddress("::1"))
    #expect(
      CommunityID.text(
        protocolNumber: 58, source: address, sourcePort: 0, destination: address,
        destinationPort: 0) == nil)
  }
}
