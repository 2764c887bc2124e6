// SPDX-License-Identifier: Apache-2.0

import Attribution
import FlowTracking
import HostInventory
import MediaInspection
import PacketDecoding
import ProtocolRecognition
import StageSamples
import Testing
import VideoDetection

@testable import Exfiltration

/// A table in which 198.51.100.0/24 is abroad, 203.0.113.0/24 at home.
private let table = """
  start,end,asn,as_name,country
  85.17.0.0,85.17.255.255,60781,FAR-NL,NL
  5.9.0.0,5.9.255.255,24940,HETZNER-AS,DE
  151.1.0.0,151.1.255.255,3269,TIM,IT
  198.51.100.0,198.51.100.255,64500,Far Access,RU
  203.0.113.0,203.0.113.255,64501,Near Net,IT

  """

/// A scenario with one camera's RTP stream.
struct Scenario {
  var home: [String] = ["IT"]
  var homeNets: [String] = []
  var hasTable = true
  /// Whether the table above is one of the tables.
  var hasFirstTable = true
  var flows: [SampleFlow] = []
  var recognition = SampleRecognition()
  var provedFlows: Set<UInt32> = []
  var cameras: [String] = []
  var timeZone: LocalTimeZone?
  var scope = CaptureScope()
  var timing: (FlowPlace, FlowDirection) -> TimingAssessment? = { _, _ in nil }
  var change: (inout Flow) -> Void = { _ in }
  /// Further tables.
  var tables: [GeoIPTableSource] = []
  var policyFile: PolicyFile?

  /// One proved video stream of 500 packets.
  static func video(_ flow: SampleFlow, direction: FlowDirection = .fromOriginator) throws
    -> Scenario
  {
    var scenario = Scenario()
    scenario.flows = [flow]
    try scenario.addVideo(flow: 0, direction: direction)
    return scenario
  }

  mutating func addVideo(flow: UInt32, direction: FlowDirection = .fromOriginator) throws {
    var stream = try rtpStream(flow: flow, direction: direction)
    stream.stream = UInt32(recognition.streams.count)
    recognition.streams.append(stream)
    provedFlows.insert(flow)
  }

  func run() throws -> Investigation.Result {
    var policy = AttributionPolicy()
    for code in home { try policy.addHome(code) }
    policy.homeNets = homeNets.compactMap { AddressPrefix($0) }
    let database =
      try hasTable
      ? GeoIPDatabase(
        loading: (hasFirstTable
          ? [
            GeoIPTableSource(
              content: .bytes(Array(table.utf8), name: "table.csv"),
              date: GeoIPTableDate(year: 2026, month: 1, day: 1))
          ] : []) + tables) : nil
    var scope = scope
    if scope.firstTime == nil {
      scope.firstTime = time(0)
      scope.lastTime = time(3_600)
      scope.packets = 1_000_000
    }
    let streams = recognition.streams
    let proved = provedFlows
    var input = InvestigationInput(
      recognition: [try recognition.result],
      proof: { _, index in
        guard proved.contains(streams[Int(index)].flow) else { return nil }
        var proof = MediaProof()
        proof.kind = .video
        proof.codec = .h264
        proof.isBitstreamProved = true
        proof.width = 1_280
        proof.height = 720
        proof.measuredFramesPerSecond = 25
        return proof
      },
      attributor: Attributor(
        database: database, policy: policy, captureTimes: time(0)...time(3_600)), scope: scope)
    input.declaredCameras = try cameras.map { try ip($0) }
    input.timing = timing
    input.knownDevices = policyFile?.devices ?? []
    input.exceptions = policyFile?.exceptions ?? []
    input.timeZone = timeZone
    let changed = try flows.map {
      var flow = try $0.flow
      change(&flow)
      return flow
    }
    return Investigation(input).run(FlowCollection(saved: changed))
  }
}

@Suite struct InvestigationTests {
  private let abroad = SampleFlow(
    to: "85.17.186.6", fromPort: 5_018, toPort: 53_134, protocolNumber: 17, sentBytes: 14_000_000,
    seconds: 90)

  @Test func videoAbroadIsAFinding() throws {
    let result = try Scenario.video(abroad).run()
    let finding = try #require(result.findings.first)
    #expect(result.findings.count == 1)
    #expect(finding.video.verdict == .certain)
    #expect(finding.exposure.level == .foreign)
    #expect(finding.severity == .high)
    #expect(finding.device == "D1")
    #expect(finding.destination.port == 53_134)
    #expect(finding.destination.asn == 60_781)
    #expect(finding.destination.country == "NL")
    #expect(finding.destination.scope == .foreign)
    #expect(finding.destination.table == "table.csv")
    #expect(finding.destination.line == 2)
    #expect(finding.bytes == 14_000_000)
    #expect(finding.packets == 14_000)
    #expect(finding.durationSeconds == 90)
    #expect(finding.flows == [1])
    #expect(finding.attack == ["T1048", "T1125"])
    #expect(!finding.video.reasons.isEmpty)
    #expect(finding.text.contains("14 MB of H.264 video (1280x720, 25 frames/s)"))
    #expect(finding.id.wholeMatch(of: /F-[0-9a-f]{8}/) != nil)
  }

  @Test func videoToTheRecorderIsInformation() throws {
    var flow = abroad
    flow.to = "192.168.1.50"
    let finding = try #require(try Scenario.video(flow).run().findings.first)
    #expect(finding.exposure.level == .inside)
    #expect(finding.severity == .info)
    #expect(finding.attack.isEmpty)
  }

  @Test(arguments: ["239.1.2.3", "255.255.255.255", "ff3e::1"])
  func multicastIsNeverOutside(destination: String) throws {
    var flow = abroad
    flow.to = destination
    let finding = try #require(try Scenario.video(flow).run().findings.first)
    #expect(finding.exposure.level == .inside)
  }

  @Test func videoAtHomeIsLow() throws {
    var flow = abroad
    flow.to = "151.1.2.3"
    let finding = try #require(try Scenario.video(flow).run().findings.first)
    #expect(finding.exposure.level == .outside)
    #expect(finding.severity == .low)
  }

  @Test func withoutHomeNothingIsForeign() throws {
    var scenario = try Scenario.video(abroad)
    scenario.home = []
    let result = try scenario.run()
    let finding = try #require(result.findings.first)
    #expect(finding.exposure.level == .outside)
    #expect(finding.severity == .medium)
    #expect(finding.destination.country == "NL")
    #expect(result.limitations.contains { $0.id == "home_not_declared" })
  }

  @Test func withoutTableThePlaceIsUnknown() throws {
    var scenario = try Scenario.video(abroad)
    scenario.hasTable = false
    let result = try scenario.run()
    let finding = try #require(result.findings.first)
    #expect(finding.exposure.level == .outside)
    #expect(finding.severity == .medium)
    #expect(finding.destination.scope == .unknown)
    #expect(result.limitations.contains { $0.id == "no_geoip_table" })
  }

  @Test func anAddressInNoRowIsNotGreen() throws {
    var flow = abroad
    flow.to = "8.8.8.8"
    let finding = try #require(try Scenario.video(flow).run().findings.first)
    #expect(finding.exposure.level == .outside)
    #expect(finding.severity == .medium)
  }

  @Test func documentationRowsAreHonouredAndSaid() throws {
    var flow = abroad
    flow.to = "198.51.100.7"
    let result = try Scenario.video(flow).run()
    #expect(result.findings.first?.exposure.level == .foreign)
    #expect(result.limitations.first { $0.id == "documentation_addresses" }?.count == 1)
  }

  @Test func aForeignClientThatPullsIsExfiltration() throws {
    let flow = SampleFlow(
      from: "85.17.186.6", to: "192.168.1.10", fromPort: 50_000, toPort: 554,
      sentBytes: 1_000, receivedBytes: 14_000_000)
    let result = try Scenario.video(flow, direction: .fromResponder).run()
    let finding = try #require(result.findings.first)
    #expect(finding.sourceAddress == (try ip("192.168.1.10")))
    #expect(finding.destination.address == (try ip("85.17.186.6")))
    #expect(finding.destination.port == 50_000)
    #expect(finding.severity == .high)
    #expect(finding.text.contains("pulled by"))
  }

  @Test func inboundVideoIsNoFinding() throws {
    let flow = SampleFlow(receivedBytes: 14_000_000)
    let result = try Scenario.video(flow, direction: .fromResponder).run()
    #expect(result.findings.isEmpty)
    #expect(result.mediaStreams.count == 1)
  }

  @Test func videoBetweenStrangersIsNoFinding() throws {
    var flow = abroad
    flow.from = "198.51.100.9"
    #expect(try Scenario.video(flow).run().findings.isEmpty)
  }

  @Test func aPublicCameraAtHomeIsJudged() throws {
    var flow = abroad
    flow.from = "151.1.9.9"
    let result = try Scenario.video(flow).run()
    #expect(result.findings.first?.exposure.level == .foreign)
    #expect(result.findings.first?.device == nil)
    #expect(result.limitations.contains { $0.id == "public_senders" })
    var scenario = try Scenario.video(flow)
    scenario.homeNets = ["151.1.9.0/24"]
    #expect(try scenario.run().findings.first?.device == "D1")
  }

  @Test func likelyAndPossibleFollowTheMatrix() throws {
    for (verdict, severity) in [(VideoVerdict.likely, Severity.medium), (.possible, .low)] {
      var scenario = Scenario()
      scenario.flows = [abroad]
      scenario.timing = { _, direction in
        direction == .fromOriginator ? TimingAssessment(verdict: verdict) : nil
      }
      let finding = try #require(try scenario.run().findings.first)
      #expect(finding.video.verdict == verdict)
      #expect(finding.severity == severity)
    }
  }

  @Test func possibleInsideIsNoFinding() throws {
    var scenario = Scenario()
    var flow = abroad
    flow.to = "192.168.1.50"
    scenario.flows = [flow]
    scenario.timing = { _, _ in TimingAssessment(verdict: .possible) }
    #expect(try scenario.run().findings.isEmpty)
  }

  @Test func bulkOutIsAFindingOfUnknownContent() throws {
    var scenario = Scenario()
    scenario.flows = [
      SampleFlow(to: "85.17.186.6", sentBytes: 60_000_000, receivedBytes: 100_000)
    ]
    let finding = try #require(try scenario.run().findings.first)
    #expect(finding.video.verdict == .notAssessed)
    #expect(finding.severity == .low)
    #expect(finding.video.reasons.contains { $0.signal == "bulk" })
    scenario.flows[0].receivedBytes = 30_000_000
    #expect(try scenario.run().findings.isEmpty)
    scenario.flows[0] = SampleFlow(
      to: "85.17.186.6", sentBytes: 60_000_000, receivedBytes: 1_000, seconds: 7_200)
    #expect(try scenario.run().findings.isEmpty)
  }

  @Test func flowsOfOneChannelAreOneFinding() throws {
    var scenario = Scenario()
    for id in 1...3 {
      var flow = abroad
      flow.id = id
      flow.fromPort = UInt16(5_000 + id)
      flow.start = Double(id) * 100
      scenario.flows.append(flow)
      try scenario.addVideo(flow: UInt32(id - 1))
    }
    let result = try scenario.run()
    let finding = try #require(result.findings.first)
    #expect(result.findings.count == 1)
    #expect(finding.flows == [1, 2, 3])
    #expect(finding.bytes == 42_000_000)
    #expect(finding.durationSeconds == 290)
    #expect(finding.text.contains(", in 3 flows within "))
    #expect(result.mediaStreams.count == 3)
  }

  @Test func identityDependsOnContentOnly() throws {
    let first = try #require(try Scenario.video(abroad).run().findings.first)
    var other = abroad
    other.start = 1
    #expect(try Scenario.video(abroad).run().findings.first?.id == first.id)
    #expect(try Scenario.video(other).run().findings.first?.id != first.id)
  }

  @Test func suspicionsRaiseToX3() throws {
    var scenario = try Scenario.video(abroad)
    scenario.recognition.names = [("example.org", "151.1.2.3", "192.168.1.10")]
    let unnamed = try #require(try scenario.run().findings.first)
    #expect(unnamed.exposure.level == .foreignSuspicious)
    scenario.recognition.names = [("cloud.example.org", "85.17.186.6", "192.168.1.10")]
    let named = try #require(try scenario.run().findings.first)
    #expect(named.exposure.level == .foreign)
    #expect(named.destination.names == ["cloud.example.org"])
    scenario.scope.firstTime = time(-25 * 3_600)
    scenario.scope.lastTime = time(3_600)
    #expect(try scenario.run().findings.first?.exposure.level == .foreignSuspicious)
  }

  @Test func threeCamerasToOneASAreX4() throws {
    var scenario = Scenario()
    for id in 1...3 {
      var flow = abroad
      flow.id = id
      flow.from = "192.168.1.\(id)"
      flow.to = "85.17.186.\(id)"
      scenario.flows.append(flow)
      try scenario.addVideo(flow: UInt32(id - 1))
    }
    let result = try scenario.run()
    #expect(
      result.findings.map(\.exposure.level) == [
        .foreignSustained, .foreignSustained, .foreignSustained,
      ])
    #expect(result.findings.allSatisfy { $0.severity == .critical })
  }

  @Test func aGigabyteADayIsX4() throws {
    var flow = abroad
    flow.sentBytes = 1_000_000_000
    #expect(try Scenario.video(flow).run().findings.first?.severity == .critical)
  }

  @Test func destinationsSumWhatInsideHostsSent() throws {
    var scenario = Scenario()
    scenario.flows = [
      SampleFlow(id: 1, sentBytes: 100, receivedBytes: 5_000),
      SampleFlow(id: 2, from: "192.168.1.11", sentBytes: 50),
      SampleFlow(id: 3, to: "203.0.113.5", sentBytes: 400),
      SampleFlow(id: 4, to: "203.0.113.6", sentBytes: 0, receivedBytes: 9_000),
      SampleFlow(id: 5, to: "192.168.1.11", sentBytes: 9_000),
    ]
    let result = try scenario.run()
    #expect(result.destinations.map(\.address.description) == ["203.0.113.5", "198.51.100.7"])
    #expect(result.destinations.map(\.bytes) == [400, 150])
    #expect(result.destinations.map(\.devices) == [["D1"], ["D1", "D2"]])
    #expect(result.destinations.map(\.scope) == [.home, .foreign])
  }

  @Test func nothingGivesNothing() throws {
    let result = try Scenario().run()
    #expect(result.findings.isEmpty && result.devices.isEmpty && result.destinations.isEmpty)
    #expect(result.limitations.contains { $0.id == "blind_spots" })
  }

  @Test func notAssessedIsCountedAsALimit() throws {
    var scenario = Scenario()
    scenario.flows = [abroad]
    let result = try scenario.run()
    #expect(result.findings.isEmpty)
    #expect(result.limitations.first { $0.id == "not_assessed_rhythm_not_measured" }?.count == 1)
    #expect(result.detector.verdict(ofFlow: 1).strongest == .notAssessed)
  }
}
