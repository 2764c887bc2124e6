// SPDX-License-Identifier: Apache-2.0

/// The exact confidence interval of a share (Clopper and Pearson, Biometrika 26, 1934).
///
/// Our own: no maintained Swift package in reach has the incomplete beta function; binomial sums
/// suffice for counts.
public enum ClopperPearson {
  /// Bisections: far below what is printed.
  private static let steps = 60

  /// The interval that covers the true share with 95 % probability at least.
  ///
  /// - Complexity: O(120 × count).
  public static func interval(_ hits: Int, of count: Int) -> ClosedRange<Double> {
    guard count > 0, hits >= 0, hits <= count else { return 0...1 }
    let tail = 0.025
    let lower =
      hits == 0
      ? 0 : solve { 1 - atMost(hits - 1, of: count, share: $0) < tail }
    let upper =
      hits == count ? 1 : solve { atMost(hits, of: count, share: $0) >= tail }
    return min(lower, upper)...max(lower, upper)
  }

  /// The share at which a condition that holds for small ones ceases to hold.
  private static func solve(_ holds: (Double) -> Bool) -> Double {
    var low = 0.0
    var high = 1.0
    for _ in 0..<steps {
      let middle = (low + high) / 2
      if holds(middle) { low = middle } else { high = middle }
    }
    return (low + high) / 2
  }

  /// Probability of at most `hits` of `count`, each with probability `share`.
  static func atMost(_ hits: Int, of count: Int, share: Double) -> Double {
    guard share > 0 else { return 1 }
    guard share < 1 else { return hits >= count ? 1 : 0 }
    let other = 1 - share
    // C(n, k) p^k q^(n-k), large and small factors in turns so that nothing overflows.
    var term = 1.0
    var left = count - hits
    for index in stride(from: 1, through: hits, by: 1) {
      term *= Double(count - hits + index) / Double(index) * share
      while term > 1, left > 0 {
        term *= other
        left -= 1
      }
    }
    for _ in 0..<left { term *= other }
    var sum = term
    for index in stride(from: hits, to: 0, by: -1) {
      term *= Double(index) / Double(count - index + 1) * other / share
      sum += term
      if term < sum * 1e-17 { break }
    }
    return min(1, sum)
  }
}
