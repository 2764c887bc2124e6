// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Exfiltration

@Suite struct PoissonBoundTests {
  @Test(arguments: [(3, 0.2, 0.008 / 6), (1, 0.5, 0.5), (0, 0.1, 1), (2, 50, 1)])
  func isTheBoundOfTheTail(count: Int, mean: Double, expected: Double) {
    let bound = PoissonBound.probability(atLeast: count, mean: mean)
    #expect(abs(bound - expected) < 1e-12)
  }

  @Test func nothingExpectedMeansNoChance() {
    #expect(PoissonBound.probability(atLeast: 1, mean: 0) == 0)
    #expect(PoissonBound.probability(atLeast: 5, mean: .infinity) == 1)
    #expect(PoissonBound.probability(atLeast: 10_000, mean: 1) > 0)
  }

  @Test(arguments: [
    (0.5, "1 in 2"), (0.0009765625, "1 in 1,000"), (1.2211e-6, "1 in 800,000"),
    (0.0015625, "1 in 600"),
    (1e-6 / 3, "1 in 10^6"), (1e-30, "1 in 10^30"),
    (0, "1 in 10^300"),
  ])
  func isSaidInWords(chance: Double, text: String) {
    let said = PoissonBound.text(chance)
    // A power of ten may round to its neighbour.
    #expect(said == text || said == text.replacing("30", with: "29"))
  }
}
