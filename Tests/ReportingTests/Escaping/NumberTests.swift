// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Reporting

struct NumberTests {
  @Test(arguments: [
    (0.0, "0"), (25, "25"), (-1.5, "-1.5"), (1e-7, "0.0000001"), (1.25e-5, "0.0000125"),
    (1e16, "10000000000000000"), (1.5e20, "150000000000000000000"), (123_456.789, "123456.789"),
    (.leastNonzeroMagnitude, "0." + String(repeating: "0", count: 323) + "5"),
  ])
  func decimalsHaveNoExponent(value: Double, text: String) {
    #expect(DecimalText.exact(value) == text)
    #expect(Double(text) == value)
  }

  @Test func whatIsNoNumberIsUnknown() {
    #expect(DecimalText.exact(.nan) == nil)
    #expect(DecimalText.exact(.infinity) == nil)
  }

  @Test func randomDecimalsReadBackTheSame() {
    var state: UInt64 = 1
    for _ in 0..<20_000 {
      state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
      let value = Double(bitPattern: state)
      guard value.isFinite else { continue }
      let text = DecimalText.exact(value) ?? ""
      #expect(Double(text) == value)
      #expect(!text.contains("e"))
    }
  }

  @Test(arguments: [
    (UInt64(0), "0 B"), (999, "999 B"), (1_000, "1 kB"), (999_600, "1 MB"), (1_053_778, "1.05 MB"),
    (12_345_678_901, "12.3 GB"), (UInt64.max, "18.4 EB"),
  ])
  func bytesForPeople(count: UInt64, text: String) {
    #expect(Quantity.bytes(count) == text)
  }

  @Test(arguments: [
    (24.68, "24.7 s"), (0.5, "0.5 s"), (65, "1 min 5 s"), (3_600, "1 h"), (90_000, "1 d 1 h"),
    (.nan, "?"), (-1, "?"),
  ])
  func durationsForPeople(seconds: Double, text: String) {
    #expect(Quantity.duration(seconds) == text)
  }

  @Test func groupsOfThreeDigits() {
    #expect(DecimalText.grouped(0) == "0")
    #expect(DecimalText.grouped(1_234_567) == "1,234,567")
    #expect(DecimalText.grouped(999) == "999")
  }
}
