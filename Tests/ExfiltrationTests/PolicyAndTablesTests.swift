// SPDX-License-Identifier: Apache-2.0

import Attribution
import HostInventory
import PacketDecoding
import StageSamples
import Testing

@testable import Exfiltration

/// What the policy file and several tables change in a result.
@Suite struct PolicyAndTablesTests {
  private let abroad = SampleFlow(
    to: "85.17.186.6", fromPort: 5_018, toPort: 53_134, protocolNumber: 17, sentBytes: 14_000_000,
    seconds: 90)

  private func policy(_ text: String) throws -> PolicyFile {
    try PolicyFile(
      bytes: Array(("{\"schema\": \"lenstrace.policy/1\", " + text + "}").utf8),
      name: "policy.json")
  }

  @Test func anExceptionIsNoExfiltrationAndItsReasonIsPrinted() throws {
    var scenario = try Scenario.video(abroad)
    for (device, isExcepted) in [("192.168.1.10", true), ("192.168.1.11", false)] {
      scenario.policyFile = try policy(
        """
        "exceptions": [{"net": "85.17.0.0/16", "device": "\(device)", "reason": "Off-site backup"}]
        """)
      let finding = try #require(try scenario.run().findings.first)
      #expect(finding.exposure.level == (isExcepted ? .outside : .foreign))
      #expect(
        finding.exposure.reasons.contains("exception of the policy: Off-site backup") == isExcepted)
      #expect(finding.severity == (isExcepted ? .low : .high))
    }
  }

  @Test func aKnownDeviceHasItsNameAndRole() throws {
    var scenario = try Scenario.video(abroad)
    scenario.policyFile = try policy(
      """
      "devices": [{"addresses": ["192.168.1.10"], "name": "Gate 12 left", "place": "Terminal 1", \
      "role": "camera"}]
      """)
    let device = try #require(try scenario.run().devices.first)
    #expect(device.names.first?.name == "Gate 12 left, Terminal 1")
    #expect(device.isCameraOrRecorder)
  }

  @Test func tablesOfDifferentDatesAreSaidWithTheirAnswers() throws {
    var scenario = try Scenario.video(abroad)
    let newer = "start,end,asn,as_name,country\n85.17.0.0,85.17.255.255,64999,Moved,RU\n"
    scenario.tables = [
      GeoIPTableSource(
        content: .bytes(Array(newer.utf8), name: "newer.csv"),
        date: GeoIPTableDate(year: 2026, month: 10, day: 1))
    ]
    let result = try scenario.run()
    let dates = try #require(result.limitations.first { $0.id == "geoip_tables_dates" })
    #expect(dates.count == 273)
    #expect(dates.text.contains("table.csv of 2026-01-01, newer.csv of 2026-10-01"))
    let differ = try #require(result.limitations.first { $0.id == "geoip_tables_differ" })
    #expect(differ.count == 1)
    #expect(
      differ.text.contains(
        "85.17.186.6: AS60781 NL by table.csv of 2026-01-01 line 2, "
          + "AS64999 RU by newer.csv of 2026-10-01 line 2"))
    scenario.tables = []
    let one = try scenario.run().limitations.map(\.id)
    #expect(!one.contains("geoip_tables_dates") && !one.contains("geoip_tables_differ"))
  }

  @Test func aCaptureOutsideTheNATIsRecognised() throws {
    var scenario = Scenario()
    scenario.flows = (1...20).map {
      SampleFlow(
        id: $0, from: "203.0.113.9", to: "85.17.186.\($0)", toPort: 443, sentBytes: 5_000,
        receivedBytes: 90)
    }
    let limitation = try #require(
      try scenario.run().limitations.first { $0.id == "outside_nat" })
    #expect(limitation.count == 20)
    #expect(limitation.text.contains("203.0.113.9 is one end of nearly all flows"))
    #expect(limitation.text.contains("--home-net 203.0.113.9"))
    // Named as the inside, it is a device; and so is nothing said where a private host sends.
    scenario.homeNets = ["203.0.113.9/32"]
    #expect(try !scenario.run().limitations.contains { $0.id == "outside_nat" })
    scenario.homeNets = []
    scenario.flows.append(SampleFlow(id: 21, sentBytes: 5_000))
    #expect(try !scenario.run().limitations.contains { $0.id == "outside_nat" })
  }

  @Test func severalPublicHostsAreNoNAT() throws {
    var scenario = Scenario()
    scenario.flows = (1...40).map {
      SampleFlow(
        id: $0, from: "203.0.113.\($0 % 2)", to: "85.17.186.\($0)", toPort: 443, sentBytes: 5_000)
    }
    #expect(try !scenario.run().limitations.contains { $0.id == "outside_nat" })
  }
}

@Suite struct FrequentAddressesTests {
  @Test func theMostFrequentIsFoundAmongMany() {
    var addresses = FrequentAddresses()
    for index: UInt32 in 0..<100_000 {
      addresses.add(IPAddress(v4: index % 2 == 0 ? 7 : 1_000 + index))
    }
    #expect(addresses.mostFrequent?.address == IPAddress(v4: 7))
    let count = addresses.mostFrequent?.count ?? 0
    #expect(count <= 50_000 && count >= 50_000 - 100_000 / 65)
    #expect(FrequentAddresses().mostFrequent == nil)
  }
}
