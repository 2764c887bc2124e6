// SPDX-License-Identifier: Apache-2.0

internal import VideoDetection

/// Devices that begin to send at the same times, more often than chance makes likely.
///
/// Under chance, the starts of one device fall near those of another as a Poisson process would:
/// with rate r of the other, lambda = own starts x 2 x window x r. Chances are corrected by
/// Bonferroni for every pair and window compared (classifier.md 3.6).
enum CoincidenceRule {
  /// Devices that are joined by pairs with unlikely coincidence.
  struct Group {
    var devices: Set<Int>
    /// Pairs that are unlikely, and all comparisons made.
    var pairs: Int
    var comparisons: Int
    /// The narrowest window that joined a pair, in seconds.
    var windowSeconds: Double
    /// Upper bound of the chance of the least unlikely pair, corrected.
    var probability: Double
  }

  /// Windows tried, in seconds: a command, a schedule, an event that several see.
  static let windows: [Double] = [1, 10, 60]
  /// Devices compared at most; pairs grow with the square.
  static let maximumDevices = 512
  /// Starts of a device that are compared at most.
  static let maximumStarts = 256

  /// Finds groups; `starts` are ascending times a device, `seconds` the time covered.
  static func groups(_ starts: [(device: Int, times: [Int64])], seconds: Double) -> [Group] {
    let list = starts.filter { !$0.times.isEmpty }.prefix(maximumDevices)
    guard list.count >= 2, seconds > 0 else { return [] }
    let comparisons = list.count * (list.count - 1) / 2 * windows.count
    var parents = Array(list.indices)
    func root(_ index: Int) -> Int {
      var index = index
      while parents[index] != index { index = parents[index] }
      return index
    }
    var joined: [(first: Int, window: Double, probability: Double)] = []
    for first in list.indices {
      for second in list.indices where second > first {
        for window in windows {
          let (own, other) = (list[first].times, list[second].times)
          // In a capture no longer than the window, everything coincides.
          guard seconds > 10 * window else { break }
          let mean = Double(own.count) * Double(other.count) * 2 * window / seconds
          let pairs = coincidences(own, other, window)
          let chance =
            PoissonBound.probability(atLeast: pairs, mean: mean) * Double(comparisons)
          guard chance < StoryThresholds.coincidenceChance.value else { continue }
          joined.append((first, window, chance))
          parents[root(second)] = root(first)
          break
        }
      }
    }
    var groups: [Int: Group] = [:]
    for pair in joined {
      let key = root(pair.first)
      var group =
        groups[key]
        ?? Group(
          devices: [], pairs: 0, comparisons: comparisons, windowSeconds: 0, probability: 0)
      group.pairs += 1
      group.windowSeconds = max(group.windowSeconds, pair.window)
      group.probability = max(group.probability, pair.probability)
      groups[key] = group
    }
    for index in list.indices { groups[root(index)]?.devices.insert(list[index].device) }
    return groups.keys.sorted().compactMap { groups[$0] }
  }

  /// Starts of one device that lie within the window of one of the other, each used once.
  private static func coincidences(_ own: [Int64], _ other: [Int64], _ window: Double) -> Int {
    let width = Int64(window * 1e9)
    var count = 0
    var next = 0
    for time in own {
      while next < other.count, other[next] < time &- width { next += 1 }
      guard next < other.count, other[next] <= time &+ width else { continue }
      count += 1
      next += 1
    }
    return count
  }

  static func fact(_ group: Group) -> Story.Fact {
    let devices = NumberText.count(group.devices.count, "device")
    return Story.Fact(
      kind: "coincidence",
      text: "\(devices) began within \(NumberText.duration(group.windowSeconds)) of each other "
        + "again and again; independent devices would do this in at most "
        + PoissonBound.text(group.probability)
        + " captures, corrected for \(group.comparisons) comparisons",
      value: group.probability, threshold: StoryThresholds.coincidenceChance.value)
  }
}
