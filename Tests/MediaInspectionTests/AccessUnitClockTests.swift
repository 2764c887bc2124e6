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
}
