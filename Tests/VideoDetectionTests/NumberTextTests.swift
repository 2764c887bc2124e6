// SPDX-License-Identifier: Apache-2.0

import Testing
import VideoDetection

@Suite struct NumberTextTests {
  @Test(arguments: [
    (0.0, "0"), (1, "1"), (1.5, "1.5"), (0.05, "0.05"), (-2.346, "-2.35"), (-0.001, "0"),
    (1e13, "?"), (.nan, "?"), (.infinity, "?"),
  ])
  func decimals(value: Double, text: String) {
    #expect(NumberText.decimal(value) == text)
  }

  @Test(
    arguments: [
      (0, "0 B"), (999, "999 B"), (1_000, "1 kB"), (547_802, "548 kB"), (1_000_000, "1 MB"),
      (14_250_000, "14.3 MB"), (2_000_000_000, "2 GB"), (UInt64.max, "18446744.1 TB"),
    ] as [(UInt64, String)])
  func bytes(count: UInt64, text: String) {
    #expect(NumberText.bytes(count) == text)
  }

  @Test func durationsAndRates() {
    #expect(NumberText.duration(0) == "0 s")
    #expect(NumberText.duration(0.000_8) == "less than 0.1 s")
    #expect(NumberText.duration(0.06) == "0.1 s")
    #expect(NumberText.duration(90) == "90 s")
    #expect(NumberText.duration(600) == "10 min")
    #expect(NumberText.duration(9_000) == "2.5 h")
    #expect(NumberText.duration(604_800) == "7 days")
    #expect(NumberText.rate(2_048_000) == "2 Mbit/s")
    #expect(NumberText.count(1, "flow") == "1 flow")
    #expect(NumberText.count(0, "flow") == "0 flows")
  }
}
