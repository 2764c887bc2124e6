// SPDX-License-Identifier: Apache-2.0

/// Chance of counts under the Poisson law, from above.
///
/// Bounds instead of the law itself: they need no exponential function, whose last digits differ
/// between machines, and err on the side of chance.
enum PoissonBound {
  /// An upper bound of the chance of at least `count` events where `mean` are expected: mean to the
  /// power of `count` over `count` factorial, at most 1.
  ///
  /// - Complexity: O(*count*).
  static func probability(atLeast count: Int, mean: Double) -> Double {
    guard count > 0 else { return 1 }
    guard mean > 0, mean.isFinite else { return mean > 0 ? 1 : 0 }
    var product = 1.0
    for number in 1...count {
      product *= mean / Double(number)
      // Later factors are smaller still; below this nothing is printed.
      if product < 1e-300 { return 1e-300 }
    }
    return min(1, product)
  }

  /// A chance for a sentence: `1 in 2000`, or a power of ten.
  static func text(_ probability: Double) -> String {
    guard probability > 0 else { return "1 in 10^300" }
    let inverse = 1 / probability
    if inverse < 1_000_000 { return "1 in \(Int64(inverse))" }
    var power = 0
    var rest = inverse
    while rest >= 10 {
      rest /= 10
      power += 1
    }
    return "1 in 10^\(power)"
  }
}
