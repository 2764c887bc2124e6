// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import FlowTracking

/// A detector that `#expect` can ask.
private final class Detector {
  private var detector = DuplicateDetector()

  func isDuplicate(_ fingerprint: UInt64, at time: Int64, source: UInt32) -> Bool {
    detector.isDuplicate(fingerprint, at: time, source: source)
  }

  var original: (time: Int64, source: UInt32) { detector.original }
}

@Suite struct DuplicateDetectorTests {
  private static let window = DuplicateDetector.window

  /// Distinct fingerprints with well-mixed bits, as the decoder gives.
  private func fingerprint(_ number: Int) -> UInt64 {
    var value = UInt64(truncatingIfNeeded: number) &* 0x9E37_79B9_7F4A_7C15
    value = (value ^ value >> 32) &* 0xD6E8_FEB8_6659_FD93
    return value ^ value >> 29
  }

  @Test("A copy lies within the window, before or after its original")
  func window() {
    let detector = Detector()
    let time: Int64 = 1_772_438_400_000_000_000
    #expect(!detector.isDuplicate(7, at: time, source: 3))
    #expect(detector.isDuplicate(7, at: time + Self.window, source: 0))
    #expect(detector.original == (time, 3))
    #expect(detector.isDuplicate(7, at: time - Self.window, source: 0))
    #expect(!detector.isDuplicate(7, at: time + Self.window + 1, source: 5))
    #expect(detector.isDuplicate(7, at: time + Self.window + 2, source: 0))
    #expect(detector.original == (time + Self.window + 1, 5))
  }

  @Test("No original within the window is forgotten, as long as there is room for all")
  func room() {
    let detector = Detector()
    let count = DuplicateDetector.maximumCount
    for number in 0..<count {
      #expect(!detector.isDuplicate(fingerprint(number), at: Int64(number), source: 0))
    }
    var found = 0
    for number in 0..<count
    where detector.isDuplicate(fingerprint(number), at: Int64(count), source: 0) {
      found += 1
      #expect(detector.original.time == Int64(number))
    }
    #expect(found == count)
  }

  @Test("Beyond the bound the oldest packets leave")
  func bound() {
    let detector = Detector()
    let count = DuplicateDetector.maximumCount
    for number in 0...count {
      #expect(!detector.isDuplicate(fingerprint(number), at: Int64(number), source: 0))
    }
    #expect(detector.isDuplicate(fingerprint(1), at: Int64(count), source: 0))
    #expect(!detector.isDuplicate(fingerprint(0), at: Int64(count), source: 0))
  }

  @Test("Packets that are long past make room only as they are overwritten")
  func twoClocks() {
    let detector = Detector()
    let hour: Int64 = 3_600_000_000_000
    // Two interfaces whose clocks differ by an hour, each of which sees its packets twice.
    for number in 0..<1_000 {
      let time = Int64(number) * 1_000_000
      #expect(!detector.isDuplicate(fingerprint(2 * number), at: time, source: 0))
      #expect(!detector.isDuplicate(fingerprint(2 * number + 1), at: time + hour, source: 1))
      #expect(detector.isDuplicate(fingerprint(2 * number), at: time + 100, source: 0))
      #expect(detector.isDuplicate(fingerprint(2 * number + 1), at: time + hour, source: 1))
    }
  }

  @Test("Times at the ends of their range neither trap nor match")
  func extremes() {
    let detector = Detector()
    for time in [Int64.min, .max, 0, .min + 1, .max - 1, -1] {
      _ = detector.isDuplicate(9, at: time, source: 0)
    }
    #expect(!detector.isDuplicate(10, at: .max, source: 0))
    #expect(!detector.isDuplicate(10, at: 0, source: 0))
  }

  @Test("Fingerprints made up to share a hash are looked at only so far")
  func sharedHash() {
    let detector = Detector()
    for number in 0..<100 {
      #expect(!detector.isDuplicate(UInt64(number) << 32, at: 5, source: 0))
    }
    #expect(detector.isDuplicate(99 << 32, at: 5, source: 0))
    #expect(!detector.isDuplicate(1 << 32, at: 5, source: 0))
  }
}
