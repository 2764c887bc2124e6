// SPDX-License-Identifier: Apache-2.0

import Foundation
import PacketDecoding
import Testing

@testable import Attribution

@Suite struct PolicyFileTests {
  private static let samples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    .appending(path: "Samples/Policy")

  private func policy(_ members: String) throws -> PolicyFile {
    try PolicyFile(
      bytes: Array("{\"schema\": \"lenstrace.policy/1\"\n\(members)}".utf8), name: "p.json")
  }

  @Test func theExampleIsRead() throws {
    let policy = try PolicyFile(path: Self.samples.appending(path: "example.json").path)
    #expect(policy.attribution.homeCountries.count == 30)
    #expect(policy.attribution.homeSets == [.eea])
    #expect(policy.attribution.homeASNs == [3269])
    #expect(policy.attribution.watchASNs == [45102, 37963, 132203])
    #expect(policy.attribution.homeNets.map(\.description) == ["203.0.113.0/26"])
    #expect(policy.attribution.nat64Prefixes.count == 1)
    #expect(policy.cameras == [.address(try address("192.168.1.64"))])
    #expect(policy.devices.map(\.name) == ["Gate 12 left", "Recorder"])
    #expect(policy.devices[0].keys[1] == .mac(MACAddress(bits: 0x4419_B600_0001)))
    let exception = try #require(policy.exceptions.first)
    let recorder = PolicyFile.DeviceKey.address(try address("192.168.1.2"))
    let backup = try address("198.51.100.7")
    #expect(exception.covers(destination: backup, asn: nil, source: [recorder]))
    #expect(!exception.covers(destination: backup, asn: nil, source: policy.cameras))
    #expect(
      !exception.covers(destination: try address("198.51.100.8"), asn: nil, source: [recorder]))
  }

  @Test func theSchemaNamesTheKeysThatAreRead() throws {
    func member(_ node: PolicyJSON, _ key: String) throws -> PolicyJSON {
      guard case .object(let members) = node.value else { throw CancellationError() }
      return try #require(members.first { $0.key == key }).value
    }
    func keys(_ node: PolicyJSON) throws -> [String] {
      guard case .object(let members) = try member(node, "properties").value else { return [] }
      return members.map(\.key)
    }
    let data = try Data(contentsOf: Self.samples.appending(path: "policy.schema.json"))
    let schema = try PolicyJSON(parsing: [UInt8](data))
    #expect(try keys(schema) == PolicyFile.keys)
    let properties = try member(schema, "properties")
    #expect(
      try keys(member(member(properties, "devices"), "items")) == PolicyFile.deviceKeys)
    #expect(
      try keys(member(member(properties, "exceptions"), "items")) == PolicyFile.exceptionKeys)
  }

  @Test(arguments: [
    (",\"hoem\": [\"IT\"]", 2, "unknown key \"hoem\""), (",\n\"home\": [\"QQ\"]", 3, "no ISO 3166"),
    (",\"home\": \"IT\"", 2, "no JSON array"), (",\"home_nets\": [\"1.2.3.4/8\"]", 2, "no prefix"),
    (",\"home_asns\": [4294967296]", 2, "no AS number"),
    (",\"home_asns\": [true]", 2, "no AS number"), (",\"unknown_as\": \"maybe\"", 2, "not report"),
    (",\"cameras\": [\"x\"]", 2, "no IP or MAC"),
    (",\"devices\": [{}]", 2, "without \"addresses\""),
    (",\"exceptions\": [{\"net\": \"1.2.3.4\"}]", 2, "without a \"reason\""),
    (",\"exceptions\": [{\"reason\": \"x\"}]", 2, "would allow everything"),
    (",\"home\": [], \"home\": []", 2, "stands twice"), (",", 2, "no key"),
    (",\"description\": \"\u{1}\"", 2, "control character"),
    (",\"nat64_prefixes\": [\"64:ff9b::/95\"]", 2, "no NAT64 prefix"),
  ])
  func faultsNameLineAndReason(members: String, line: UInt64, reason: String) {
    let error = #expect(throws: GeoIPError.self) { try policy(members) }
    #expect(error?.line == line)
    #expect(error?.reason.contains(reason) == true, "\(error as Any)")
    #expect(error?.file == "p.json")
  }

  @Test func schemaIsRequired() {
    for text in ["{}", "[]", "", "{\"schema\": \"lenstrace.policy/2\"}", "{\"schema\": 1}"] {
      #expect(throws: GeoIPError.self) { try PolicyFile(bytes: Array(text.utf8), name: "p") }
    }
  }

  @Test func depthIsBounded() {
    let deep = String(repeating: "[", count: 100_000)
    #expect(throws: GeoIPError.self) { try policy(",\"home\": \(deep)") }
  }

  @Test func escapesAreResolved() throws {
    let json = try PolicyJSON(parsing: Array(#""a\u0041\n\"\\\/\ud83d\ude00\ud83dx""#.utf8))
    guard case .string(let text) = json.value else {
      Issue.record("no text")
      return
    }
    #expect(text == "aA\n\"\\/\u{1F600}\u{FFFD}x")
  }

  @Test(arguments: [
    "0", "\"\\u12\"", "\"\\x\"", "\"open", "[1", "{\"a\" 1}", "tru", "1 2", "\"\\ud83d\\u",
  ])
  func randomTextIsNoPolicy(text: String) {
    #expect(throws: GeoIPError.self) { try PolicyFile(bytes: Array(text.utf8), name: "p") }
  }
}
