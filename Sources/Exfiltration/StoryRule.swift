// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import PacketDecoding
internal import VideoDetection

/// Joins findings that share devices by a chain, a coincidence or an operator to one story.
struct StoryRule {
  /// Stories kept.
  static let maximumStories = 64

  private let members: [StoryMember]
  private let first: [Int: (time: Int64, before: [PriorEvent])]
  private let secondsCovered: Double

  /// `before` gives, a device, its first outbound video and what came before it.
  init(
    _ members: [StoryMember], before: [Int: (time: Int64, before: [PriorEvent])],
    secondsCovered: Double
  ) {
    self.members = members
    first = before
    self.secondsCovered = secondsCovered
  }

  func stories() -> [Story] {
    let chains = ChainRule.chains(members)
    var starts: [Int: [Int64]] = [:]
    for member in members where !member.finding.isPulled {
      starts[member.device, default: []] += member.starts
    }
    let coincidences = CoincidenceRule.groups(
      starts.keys.sorted().map { ($0, Self.separate(starts[$0] ?? [])) },
      seconds: secondsCovered)
    let operators = CommonOperatorRule.groups(members)

    var sets: [Set<Int>] = []
    for devices in chains.map(\.devices) + coincidences.map(\.devices) + operators.map(\.devices) {
      var merged = devices
      for set in sets where !set.isDisjoint(with: merged) { merged.formUnion(set) }
      sets.removeAll { !$0.isDisjoint(with: merged) }
      sets.append(merged)
    }
    let stories = sets.map { devices in
      story(
        devices, chains.filter { $0.devices.isSubset(of: devices) },
        coincidences.filter { $0.devices.isSubset(of: devices) },
        operators.filter { $0.devices.isSubset(of: devices) })
    }
    return Array(
      stories.sorted {
        if $0.severity != $1.severity { return $0.severity > $1.severity }
        return $0.bytes == $1.bytes ? $0.id < $1.id : $0.bytes > $1.bytes
      }.prefix(Self.maximumStories))
  }

  /// Starts with a pause between them.
  private static func separate(_ times: [Int64]) -> [Int64] {
    var result: [Int64] = []
    let pause = Int64(StoryThresholds.pause.value * 1e9)
    for time in times.sorted() where result.last.map({ time &- $0 > pause }) ?? true {
      result.append(time)
    }
    return Array(result.prefix(CoincidenceRule.maximumStarts))
  }

  private func story(
    _ devices: Set<Int>, _ chains: [ChainRule.Chain], _ coincidences: [CoincidenceRule.Group],
    _ operators: [CommonOperatorRule.Group]
  ) -> Story {
    var used: Set<Int> = []
    for chain in chains { used.formUnion(chain.members) }
    for group in operators { used.formUnion(group.members) }
    for group in coincidences {
      used.formUnion(
        members.indices.filter {
          group.devices.contains(members[$0].device) && !members[$0].finding.isPulled
        })
    }
    let mine = used.map { members[$0] }.sorted {
      ($0.finding.firstTime, $0.finding.id) < ($1.finding.firstTime, $1.finding.id)
    }
    var destinations: [IPAddress] = []
    for member in mine where !destinations.contains(member.finding.destination.address) {
      destinations.append(member.finding.destination.address)
    }
    let kind: Story.Kind =
      !chains.isEmpty ? .chain : !coincidences.isEmpty ? .coincidence : .commonOperator
    let before = devices.sorted().compactMap { device in
      first[device].map { (device: device, time: $0.time, before: $0.before) }
    }
    let facts =
      CommonEventRule.facts(before) + chains.flatMap { ChainRule.facts($0, members) }
      + coincidences.map(CoincidenceRule.fact)
      + operators.map { CommonOperatorRule.fact($0, members) }
    let identity = [kind.rawValue] + mine.map(\.finding.id)
    var story = Story(
      id: "S-" + SHA256Hex.digest(of: identity.joined(separator: "\u{1F}")).prefix(8), kind: kind,
      severity: mine.map(\.finding.severity).max() ?? .info,
      devices: devices.sorted().compactMap { device in
        mine.first { $0.device == device }?.finding.device
      }, destinations: destinations, findings: mine.map(\.finding.id),
      bytes: mine.reduce(0) { $0 &+ $1.finding.bytes },
      firstTime: mine.map(\.finding.firstTime).min() ?? 0,
      lastTime: mine.map(\.finding.lastTime).max() ?? 0, facts: facts, text: "")
    story.text = StoryText.text(story, mine)
    return story
  }
}
