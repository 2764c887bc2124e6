// SPDX-License-Identifier: Apache-2.0

import Attribution
import PacketDecoding
import StageSamples
import Testing
import VideoDetection

@testable import Exfiltration

@Suite struct StoryRuleTests {
  /// Device `number` sends to `destination` from `start` for `seconds`.
  private func member(
    _ number: Int, to destination: String, at start: Double, seconds: Double = 20,
    asn: UInt32? = nil, isPulled: Bool = false
  ) throws -> StoryMember {
    let packet = PacketReference(file: 0, frame: UInt64(number), time: time(start))
    let source = try ip("192.168.1.\(number)")
    var finding = Finding(
      id: "F-\(number)-\(destination)-\(start)", severity: .high,
      video: Finding.Video(verdict: .certain, reasons: [], counterReasons: []),
      exposure: ExposureAssessment(level: .foreign, reasons: []), device: "D\(number)",
      sourceAddress: source,
      destination: Destination(
        address: try ip(destination), port: 5_004, asn: asn, scope: .foreign),
      bytes: 1_000_000, wireBytes: 0, uniqueWireBytes: 0, packets: 1_000,
      durationSeconds: seconds, firstTime: time(start), lastTime: time(start + seconds),
      flows: [number], flowCount: 1, attack: [], text: "")
    finding.isPulled = isPulled
    return StoryMember(finding: finding, device: number - 1, starts: [time(start)], packet: packet)
  }

  private func stories(
    _ members: [StoryMember], before: [Int: (time: Int64, before: [PriorEvent])] = [:],
    seconds: Double = 7_200
  ) -> [Story] {
    StoryRule(members, before: before, secondsCovered: seconds).stories()
  }

  @Test func threePlacesInTurnAreAChain() throws {
    let story = try #require(
      stories([
        try member(1, to: "198.51.100.1", at: 0), try member(1, to: "198.51.100.2", at: 100),
        try member(1, to: "198.51.100.3", at: 200),
      ]).first)
    #expect(story.kind == .chain)
    #expect(story.destinations.map(\.description).last == "198.51.100.3")
    #expect(story.facts.filter { $0.kind == "step" }.count == 3)
    #expect(story.bytes == 3_000_000)
    #expect(story.text.contains("3 destinations in turn"))
  }

  @Test func placesUsedAtTheSameTimeAreNone() throws {
    #expect(
      stories([
        try member(1, to: "198.51.100.1", at: 0, seconds: 300),
        try member(1, to: "198.51.100.2", at: 100), try member(1, to: "198.51.100.3", at: 200),
      ]).isEmpty)
  }

  @Test func twoPlacesNeedSeveralDevices() throws {
    var members: [StoryMember] = []
    for number in 1...2 {
      // Far apart, so that only the chain could join them.
      let start = Double(number) * 2_000
      members.append(try member(number, to: "198.51.100.1", at: start))
      members.append(try member(number, to: "198.51.100.2", at: start + 100))
    }
    #expect(stories(members).isEmpty)
    members.append(try member(3, to: "198.51.100.1", at: 5_900))
    members.append(try member(3, to: "198.51.100.2", at: 6_100))
    let story = try #require(stories(members).first)
    #expect(story.kind == .chain)
    #expect(story.devices == ["D1", "D2", "D3"])
  }

  @Test func viewersInTurnAreNoChain() throws {
    #expect(
      stories([
        try member(1, to: "198.51.100.1", at: 0, isPulled: true),
        try member(1, to: "198.51.100.2", at: 100, isPulled: true),
        try member(1, to: "198.51.100.3", at: 200, isPulled: true),
      ]).isEmpty)
  }

  @Test func startsTogetherAgainAndAgainAreNoChance() throws {
    var members: [StoryMember] = []
    for number in 1...2 {
      for run in 0..<5 {
        var one = try member(number, to: "198.51.100.\(number)", at: Double(run) * 1_000)
        one.starts = [time(Double(run) * 1_000 + Double(number) * 0.2)]
        members.append(one)
      }
    }
    let story = try #require(stories(members).first)
    #expect(story.kind == .coincidence)
    let fact = try #require(story.facts.first { $0.kind == "coincidence" })
    #expect((fact.value ?? 1) < 0.001)
    #expect(fact.text.contains("corrected for 3 comparisons"))
  }

  @Test func oneCommonStartMayBeChance() throws {
    // Once in two hours within ten seconds: 1 x 1 x 20 / 7200 x 3 is no proof.
    #expect(
      stories([
        try member(1, to: "198.51.100.1", at: 0), try member(2, to: "198.51.100.2", at: 5),
      ]).isEmpty)
  }

  @Test func inAShortCaptureEverythingCoincides() throws {
    var members: [StoryMember] = []
    for number in 1...2 {
      for run in 0..<5 {
        members.append(try member(number, to: "198.51.100.\(number)", at: Double(run)))
      }
    }
    #expect(stories(members, seconds: 9).isEmpty)
  }

  @Test func threeDevicesToOneOperatorAreAStory() throws {
    let two = try (1...2).map {
      try member($0, to: "198.51.100.\($0)", at: Double($0) * 2_000, asn: 64_502)
    }
    #expect(stories(two).isEmpty)
    let three = two + [try member(3, to: "198.51.100.3", at: 7_000, asn: 64_502)]
    let story = try #require(stories(three).first)
    #expect(story.kind == .commonOperator)
    #expect(story.facts.first?.text.contains("3 devices sent 3 MB in 3 runs to AS64502") == true)
    // Without an operator, the network joins.
    let unknown = try (1...3).map {
      try member($0, to: "198.51.100.\($0)", at: Double($0) * 2_000)
    }
    #expect(stories(unknown).first?.facts.first?.text.contains("198.51.100.0/24") == true)
  }

  @Test func theSameEventBeforeIsAFactOfTheStory() throws {
    var members: [StoryMember] = []
    var before: [Int: (time: Int64, before: [PriorEvent])] = [:]
    for number in 1...3 {
      members.append(
        try member(number, to: "198.51.100.\(number)", at: Double(number) * 2_000, asn: 64_502))
      let event = PriorEvent(
        kind: .firmwareDownload, time: time(Double(number) * 2_000 - 3_600), text: "",
        name: "vendor.example/f.dav", bytes: 50_000)
      before[number - 1] = (time(Double(number) * 2_000), [event])
    }
    let story = try #require(stories(members, before: before).first)
    let fact = try #require(story.facts.first { $0.kind == "common_event" })
    #expect(fact.text.contains("3 of 3 devices loaded firmware: vendor.example/f.dav"))
    #expect(fact.text.contains("60 min before"))
    before[2] = (time(6_000), [])
    #expect(
      !(stories(members, before: before).first?.facts ?? []).contains { $0.kind == "common_event" })
  }

  @Test func theOrderOfFindingsDoesNotMatter() throws {
    var members: [StoryMember] = []
    for number in 1...4 {
      for (run, place) in ["198.51.100.1", "203.0.113.2", "198.51.100.3"].enumerated() {
        members.append(
          try member(number, to: place, at: Double(run) * 100 + Double(number) * 0.1, asn: 1))
      }
    }
    let first = stories(members)
    let second = stories(members.reversed())
    #expect(first.count == 1)
    #expect(first.first?.id == second.first?.id)
    #expect(first.first?.facts.map(\.text) == second.first?.facts.map(\.text))
  }
}
