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

  /// A chance for a sentence: `1 in 2,000`, or a power of ten; one figure of it, rounded to the
  /// larger chance, because it is a bound.
  static func text(_ probability: Double) -> String {
    guard probability > 0 else { return "1 in 10^300" }
    let inverse = 1 / probability
    if inverse < 1_000_000 {
      var scale: Int64 = 1
      while Double(scale) * 10 <= inverse { scale *= 10 }
      let figure = Int64(inverse) / scale
      let text = "\(figure)" + String(repeating: "0", count: "\(scale)".count - 1)
      return text.count > 3 ? "1 in \(text.dropLast(3)),\(text.suffix(3))" : "1 in \(text)"
    }
    var power = 0
    var rest = inverse
    while rest >= 10 {
      rest /= 10
      power += 1
    }
    return "1 in 10^\(power)"
  }
}
