// SPDX-License-Identifier: Apache-2.0

import Attribution
import PacketDecoding
import StageSamples
import Testing

@testable import Exfiltration

@Suite struct ExposureRuleTests {
  private func place(_ address: String) throws -> AddressAttribution {
    var policy = AttributionPolicy()
    try policy.addHome("IT")
    let table = "start,end,asn,as_name,country\n85.17.0.0,85.17.255.255,60781,X,NL\n"
    let database = try GeoIPDatabase(
      loading: [GeoIPTableSource(content: .bytes(Array(table.utf8), name: "t.csv"))])
    return Attributor(database: database, policy: policy).attribution(of: try ip(address))
  }

  private func raised(_ change: (inout ExposureContext) -> Void) throws -> Exposure {
    var context = ExposureContext()
    change(&context)
    let destination = try place("85.17.186.6")
    let exposure = try #require(
      ExposureRule.exposure(source: try place("192.168.1.10"), destination: destination))
    #expect(exposure.level == .foreign)
    let raised = ExposureRule.raise(exposure, destination, context)
    #expect(raised.reasons.count >= exposure.reasons.count)
    return raised.level
  }

  @Test func eachSuspicionIsX3() throws {
    #expect(try raised { _ in } == .foreign)
    let peer = try place("85.17.1.2")
    #expect(try raised { $0.relayedPeers = [peer] } == .foreignSuspicious)
    #expect(try raised { $0.contacts = "three servers" } == .foreignSuspicious)
    #expect(try raised { $0.hoursAfterStart = 24 } == .foreignSuspicious)
    #expect(try raised { $0.hoursAfterStart = 23.9 } == .foreign)
    #expect(
      try raised {
        $0.hasName = false
        $0.showsLookUps = true
      } == .foreignSuspicious)
    #expect(try raised { $0.hasName = false } == .foreign)
  }

  @Test func eachContinuanceIsX4() throws {
    #expect(
      try raised {
        $0.activeHours = 3
        $0.activeDays = 2
      } == .foreignSustained)
    #expect(try raised { $0.activeHours = 30 } == .foreign)
    #expect(try raised { $0.activeNights = 2 } == .foreignSustained)
    #expect(try raised { $0.activeNights = 1 } == .foreign)
    #expect(try raised { $0.camerasToSameAS = 3 } == .foreignSustained)
    #expect(try raised { $0.camerasToSameAS = 2 } == .foreign)
    #expect(try raised { $0.bytes = 1_000_000_000 } == .foreignSustained)
    #expect(
      try raised {
        $0.bytes = 1_000_000_000
        $0.seconds = 172_800
      } == .foreign)
  }

  @Test func onlyForeignIsRaised() throws {
    var context = ExposureContext()
    context.bytes = .max
    context.camerasToSameAS = 10
    let inside = ExposureAssessment(level: .inside, reasons: [])
    let destination = try place("192.168.1.1")
    #expect(ExposureRule.raise(inside, destination, context).level == .inside)
  }

  @Test func inboundAndBetweenStrangersIsNone() throws {
    #expect(
      ExposureRule.exposure(source: try place("85.17.1.1"), destination: try place("10.0.0.1"))
        == nil)
    #expect(
      ExposureRule.exposure(source: try place("85.17.1.1"), destination: try place("85.17.1.2"))
        == nil)
  }
}
