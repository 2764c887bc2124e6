// SPDX-License-Identifier: Apache-2.0

/// Order statistics and spread of sizes.
struct SizeStatistics {
  /// The sizes in ascending order.
  let sorted: [Double]
  let mean: Double
  /// Standard deviation over mean; 0 for fewer than two sizes.
  let variation: Double

  init(_ sizes: [Double]) {
    sorted = sizes.sorted()
    let sum = sorted.reduce(0, +)
    mean = sorted.isEmpty ? 0 : sum / Double(sorted.count)
    let average = mean
    let squares = sorted.reduce(0) { $0 + ($1 - average) * ($1 - average) }
    variation =
      sorted.count >= 2 && mean > 0 ? (squares / Double(sorted.count)).squareRoot() / mean : 0
  }

  /// The size below which a share of all sizes lies; 0 where there are none.
  func quantile(_ share: Double) -> Double {
    guard !sorted.isEmpty else { return 0 }
    let position = Int((Double(sorted.count - 1) * share).rounded())
    return sorted[min(max(position, 0), sorted.count - 1)]
  }

  var median: Double { quantile(0.5) }
}
