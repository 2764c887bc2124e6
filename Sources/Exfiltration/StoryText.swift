// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import VideoDetection

/// Says a story in three sentences: what, how sure and why, what would change that.
enum StoryText {
  /// Destinations named in the first sentence.
  private static let namedDestinations = 5

  static func text(_ story: Story, _ members: [StoryMember]) -> String {
    [what(story, members), why(story, members), whatIf(story)].joined(separator: " ")
  }

  private static func what(_ story: Story, _ members: [StoryMember]) -> String {
    let devices = NumberText.count(story.devices.count, "device")
    let verdict = members.map(\.finding.video.verdict).max() ?? .noEvidence
    let content =
      switch verdict {
      case .certain: "of video"
      case .likely: "of likely video"
      case .possible: "in a way that video may take"
      case .noEvidence, .notAssessed: "of unknown content"
      }
    var places: [String] = []
    for member in members where !places.contains(member.place) { places.append(member.place) }
    let shown = places.prefix(namedDestinations).joined(separator: ", then ")
    let more = places.count - namedDestinations
    let all = story.kind == .chain ? shown : shown.replacingThen
    let target =
      switch story.kind {
      case .chain: "to \(NumberText.count(places.count, "destination")) in turn: "
      case .coincidence, .commonOperator: "to "
      }
    return "\(devices) (\(range(story.devices))) sent \(NumberText.bytes(story.bytes)) \(content) "
      + target + all + (more > 0 ? " and \(more) more" : "") + ", "
      + UTCText.range(story.firstTime, story.lastTime) + "."
  }

  private static func why(_ story: Story, _ members: [StoryMember]) -> String {
    var counts: [VideoVerdict: Int] = [:]
    for member in members { counts[member.finding.video.verdict, default: 0] += 1 }
    let verdicts = counts.sorted { $0.key > $1.key }
      .map { "\($0.value) \($0.value == 1 ? "is" : "are") \(phrase($0.key))" }
      .joined(separator: ", ")
    let parts = story.facts.filter { $0.kind != "step" }.map(\.text)
    return "Of the \(NumberText.count(members.count, "finding")), \(verdicts)"
      + (parts.isEmpty ? "" : "; " + parts.joined(separator: "; ")) + "."
  }

  private static func phrase(_ verdict: VideoVerdict) -> String {
    switch verdict {
    case .certain: "certainly video"
    case .likely: "likely video"
    case .possible: "possibly video"
    case .noEvidence: "of unknown content"
    case .notAssessed: "not assessed"
    }
  }

  private static func whatIf(_ story: Story) -> String {
    switch story.kind {
    case .chain, .coincidence:
      "What came before is listed and not called a cause; a schedule, a command, or an event that "
        + "all of them saw would each look like this, and the devices' own logs would tell."
    case .commonOperator:
      "Devices of one maker may share a cloud; what the destination serves, or a wrong GeoIP row, "
        + "would change this."
    }
  }

  /// `D1 to D12`, or the ids.
  private static func range(_ ids: [String]) -> String {
    guard ids.count > 4, let first = ids.first, let last = ids.last else {
      return ids.joined(separator: ", ")
    }
    let numbers = ids.compactMap { Int($0.dropFirst()) }
    let isWhole = zip(numbers, numbers.dropFirst()).allSatisfy { $1 == $0 + 1 }
    return isWhole
      ? "\(first) to \(last)"
      : ids.prefix(4).joined(separator: ", ") + " and \(ids.count - 4) more"
  }
}

extension String {
  /// An enumeration without order.
  fileprivate var replacingThen: String {
    split(separator: ", then ").joined(separator: ", ")
  }
}
