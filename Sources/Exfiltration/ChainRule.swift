// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import VideoDetection

/// Destinations that devices used one after the other.
enum ChainRule {
  /// The same destinations in the same order, by one device or several.
  struct Chain {
    var destinations: [IPAddress]
    /// Indices in the list of members.
    var members: [Int]
    var devices: Set<Int>
  }

  private struct Visit {
    var destination: IPAddress
    var firstTime: Int64
    var lastTime: Int64
    var members: [Int]
  }

  /// Finds chains, the one with most devices first.
  ///
  /// A destination follows another where it was first sent to after the other was last sent to; an
  /// overlap of a tenth of the earlier one's time, or of a second, is a change and no parallel use.
  static func chains(_ members: [StoryMember]) -> [Chain] {
    var visits: [Int: [Visit]] = [:]
    for (index, member) in members.enumerated() where !member.finding.isPulled {
      let finding = member.finding
      let destination = finding.destination.address
      var list = visits[member.device] ?? []
      if let known = list.firstIndex(where: { $0.destination == destination }) {
        list[known].firstTime = min(list[known].firstTime, finding.firstTime)
        list[known].lastTime = max(list[known].lastTime, finding.lastTime)
        list[known].members.append(index)
      } else {
        list.append(
          Visit(
            destination: destination, firstTime: finding.firstTime, lastTime: finding.lastTime,
            members: [index]))
      }
      visits[member.device] = list
    }
    var chains: [Chain] = []
    for device in visits.keys.sorted() {
      let sorted = (visits[device] ?? []).sorted {
        ($0.firstTime, $0.destination) < ($1.firstTime, $1.destination)
      }
      guard sorted.count >= 2, areInTurn(sorted) else { continue }
      let destinations = sorted.map(\.destination)
      let indices = sorted.flatMap(\.members)
      if let known = chains.firstIndex(where: { $0.destinations == destinations }) {
        chains[known].members += indices
        chains[known].devices.insert(device)
      } else {
        chains.append(Chain(destinations: destinations, members: indices, devices: [device]))
      }
    }
    return chains.filter {
      Double($0.destinations.count) >= StoryThresholds.chainLength.value
        || Double($0.devices.count) >= StoryThresholds.devices.value
    }.sorted { $0.devices.count > $1.devices.count }
  }

  private static func areInTurn(_ visits: [Visit]) -> Bool {
    zip(visits, visits.dropFirst()).allSatisfy { earlier, later in
      let duration = max(0, earlier.lastTime &- earlier.firstTime)
      let tolerance = max(1_000_000_000, duration / 10)
      return later.firstTime >= earlier.lastTime &- tolerance
    }
  }

  /// One fact a destination, in order of use.
  static func facts(_ chain: Chain, _ members: [StoryMember]) -> [Story.Fact] {
    chain.destinations.enumerated().compactMap { number, destination in
      let here = chain.members.map { members[$0] }.filter {
        $0.finding.destination.address == destination
      }
      guard let first = here.min(by: { $0.finding.firstTime < $1.finding.firstTime }),
        let last = here.map(\.finding.lastTime).max(),
        let latestStart = here.map(\.finding.firstTime).max()
      else { return nil }
      let devices = Set(here.map(\.device)).count
      let bytes = here.reduce(0) { $0 &+ $1.finding.bytes }
      var text =
        "\(number + 1). \(first.place): \(NumberText.count(devices, "device")), "
        + "\(NumberText.bytes(bytes)), \(UTCText.range(first.finding.firstTime, last))"
      if devices > 1 {
        let spread = Double(latestStart &- first.finding.firstTime) / 1e9
        text += "; all began within \(NumberText.duration(spread))"
      }
      return Story.Fact(
        kind: "step", time: first.finding.firstTime, text: text, value: Double(devices),
        packets: here.map(\.packet).sorted { ($0.file, $0.frame) < ($1.file, $1.frame) })
    }
  }
}
