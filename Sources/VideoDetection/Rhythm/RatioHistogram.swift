// SPDX-License-Identifier: Apache-2.0

/// Counts values by their ratio: bins 1.5 % wide, so that values within a few percent of each
/// other are counted together however many there are (classifier.md §3.1, window log).
struct RatioHistogram {
  /// Bins from `least` on: up to 64 times it.
  private static let binCount = 280
  private static let ratio = 1.015

  /// Lower limits of the bins, as multiples of the least value; made by products only, because
  /// logarithms differ between C libraries.
  private static let limits: [Double] = (0..<binCount).reduce(into: []) { limits, _ in
    limits.append((limits.last ?? 1 / ratio) * ratio)
  }

  private struct Bin {
    var index: Int16
    var count: UInt32
  }

  private let least: Double
  /// Only the bins with values, in order of first use; steady streams have one or two.
  private var bins: [Bin] = []

  init(least: Double) {
    self.least = least
  }

  mutating func add(_ value: Double) {
    guard let index = index(of: value) else { return }
    if let position = bins.firstIndex(where: { Int($0.index) == index }) {
      bins[position].count &+= 1
    } else {
      bins.append(Bin(index: Int16(index), count: 1))
    }
  }

  private func index(of value: Double) -> Int? {
    let multiple = value / least
    guard multiple >= 1 else { return nil }
    var low = 0
    var high = Self.binCount
    while low + 1 < high {
      let middle = (low + high) / 2
      if Self.limits[middle] <= multiple { low = middle } else { high = middle }
    }
    return low
  }

  /// Values within `reach` bins of the one that holds `value`.
  private func count(around value: Double, reach: Int) -> Int {
    guard let centre = index(of: value) else { return 0 }
    return bins.reduce(0) {
      (Int($1.index) - centre).magnitude <= reach ? $0 + Int($1.count) : $0
    }
  }

  /// The value that most values share, and how many do; of equals the lowest.
  ///
  /// - Parameters:
  ///   - tolerance: Share by which values may differ.
  ///   - factors: Multiples that count as the same value.
  /// - Returns: `nil` where there are no values.
  func mode(tolerance: Double, factors: [Double] = [1]) -> (value: Double, count: Int)? {
    let reach = max(1, Int(tolerance / (Self.ratio - 1)))
    var best: (value: Double, count: Int)?
    for bin in bins.sorted(by: { $0.index < $1.index }) {
      let value = least * Self.limits[Int(bin.index)] * (1 + Self.ratio) / 2
      let count = factors.reduce(0) { $0 + self.count(around: value * $1, reach: reach) }
      if best.map({ count > $0.count }) ?? true { best = (value, count) }
    }
    return best
  }
}
