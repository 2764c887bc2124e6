// SPDX-License-Identifier: Apache-2.0

/// Random numbers that depend on the seed alone, after Steele, Lea and Flood,
/// "Fast Splittable Pseudorandom Number Generators" (2014).
struct SplitMix64 {
  private var state: UInt64

  init(seed: UInt64) {
    state = seed
  }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }

  /// A number in `0..<bound`; the bias of the multiplication is far below what matters here.
  mutating func below(_ bound: Int) -> Int {
    Int((next() >> 1).multipliedFullWidth(by: UInt64(bound) << 1).high)
  }

  mutating func within(_ range: ClosedRange<Int>) -> Int {
    range.lowerBound + below(range.count)
  }

  /// True once in `1 / probability` times; a probability in parts per million keeps floating point out.
  mutating func chance(partsPerMillion: Int) -> Bool {
    below(1_000_000) < partsPerMillion
  }
}
