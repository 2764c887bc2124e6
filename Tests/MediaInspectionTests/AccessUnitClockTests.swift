// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct AccessUnitClockTests {
  private func clock(_ timestamps: [UInt32]) -> AccessUnitClock {
    var clock = AccessUnitClock()
    for timestamp in timestamps { _ = clock.note(timestamp) }
    return clock
  }

  @Test func runsOfEqualTimestampsAreOnePicture() {
    #expect(clock([0, 0, 0, 3600, 3600, 7200]).accessUnits == 3)
  }

  @Test func latePacketOfThePictureBeforeIsNoPicture() {
    #expect(clock([0, 3600, 0, 3600, 7200, 3600, 7200]).accessUnits == 3)
  }

  /// B pictures: decoding order 0 3 1 2 6 4 5 ...
  @Test func picturesOutOfDisplayOrder() throws {
    var timestamps: [UInt32] = [0]
    for group in 0..<10 {
      for place in [3, 1, 2] { timestamps.append(UInt32(group * 3 + place) * 3003) }
    }
    let rate = try #require(clock(timestamps).framesPerSecond)
    #expect(abs(rate - 30000.0 / 1001) < 1e-9)
  }

  @Test func wrapAndNewStart() throws {
    var timestamps = (0..<20).map { UInt32.max - 30000 &+ UInt32($0) &* 3600 }
    timestamps += (0..<20).map { 2_000_000_000 + UInt32($0) * 3600 }
    let rate = try #require(clock(timestamps).framesPerSecond)
    #expect(abs(rate - 25) < 1e-9)
    #expect(clock(timestamps).accessUnits == 40)
  }

  @Test func fewPicturesHaveNoRate() {
    #expect(clock([0, 3600, 7200]).framesPerSecond == nil)
  }

  /// Two clips one after the other, the second shorter than the largest step: not one film that
  /// was shown twice as fast.
  @Test func clipThatBeginsAgainIsANewStart() throws {
    let clip = (0..<50).map { UInt32($0) * 3600 }
    let clock = clock(clip + clip)
    #expect(abs((try #require(clock.framesPerSecond)) - 25) < 1e-9)
    #expect(clock.seconds == 4)
  }

  /// Of three pictures in a packet only the first is stamped.
  @Test func picturesWithoutTimestampsAreCounted() throws {
    var clock = AccessUnitClock()
    for packet in 0..<20 {
      _ = clock.note(UInt32(packet) * 3 * 7500, after: packet == 0 ? 0 : 2)
    }
    #expect(clock.accessUnits == 58)
    #expect(abs((try #require(clock.framesPerSecond)) - 12) < 1e-9)
    #expect(abs((try #require(clock.seconds)) - 58.0 / 12) < 1e-9)
  }
}
