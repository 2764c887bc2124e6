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

  // The values are those of the reference implementation's tests
  // (https://github.com/corelight/pycommunityid, tests/communityid_test.py), seed 0.
  @Test(
    "Identifiers equal the reference implementation's",
    arguments: [
      (6, "128.232.110.120", 34_855, "66.35.250.204", 80, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
      (6, "66.35.250.204", 80, "128.232.110.120", 34_855, "1:LQU9qZlK+B5F3KDmev6m5PMibrg="),
      (17, "192.168.1.52", 54_585, "8.8.8.8", 53, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
      (17, "8.8.8.8", 53, "192.168.1.52", 54_585, "1:d/FP5EW3wiY1vCndhwleRRKHowQ="),
      (132, "192.168.170.8", 7, "192.168.170.56", 80, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ="),
      (132, "192.168.170.56", 80, "192.168.170.8", 7, "1:jQgCxbku+pNGw8WPbEc/TS/uTpQ="),
      (1, "192.168.0.89", 8, "192.168.0.1", 0, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
      (1, "192.168.0.1", 0, "192.168.0.89", 8, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
      (1, "192.168.0.89", 20, "192.168.0.1", 0, "1:3o2RFccXzUgjl7zDpqmY7yJi8rI="),
      (1, "192.168.0.89", 20, "192.168.0.1", 1, "1:tz/fHIDUHs19NkixVVoOZywde+I="),
      (1, "192.168.0.1", 0, "192.168.0.89", 20, "1:X0snYXpgwiv9TZtqg64sgzUn6Dk="),
      (
        58, "fe80::200:86ff:fe05:80da", 135, "fe80::260:97ff:fe07:69ea", 0,
        "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="
      ),
      (
        58, "fe80::260:97ff:fe07:69ea", 136, "fe80::200:86ff:fe05:80da", 0,
        "1:dGHyGvjMfljg6Bppwm3bg0LO8TY="
      ),
      (
        58, "3ffe:507:0:1:260:97ff:fe07:69ea", 3, "3ffe:507:0:1:200:86ff:fe05:80da", 0,
        "1:NdobDX8PQNJbAyfkWxhtL2Pqp5w="
      ),
      (
        58, "3ffe:507:0:1:200:86ff:fe05:80da", 3, "3ffe:507:0:1:260:97ff:fe07:69ea", 0,
        "1:/OGBt9BN1ofenrmSPWYicpij2Vc="
      ),
    ] as [(UInt8, String, UInt16, String, UInt16, String)])
  func reference(
    protocolNumber: UInt8, source: String, sourcePort: UInt16, destination: String,
    destinationPort: UInt16, expected: String
  ) throws {
    #expect(
      CommunityID.text(
        protocolNumber: protocolNumber, source: try #require(IPAddress(source)),
        sourcePort: sourcePort, destination: try #require(IPAddress(destination)),
        destinationPort: destinationPort) == expected)
  }

  @Test("Protected 802.11 frames have no identifier")
  func none() throws {
    let address = try #require(IPAddress("::1"))
    #expect(
      CommunityID.text(
        protocolNumber: 0, source: address, sourcePort: 0, destination: address,
        destinationPort: 0) == nil)
  }
}
