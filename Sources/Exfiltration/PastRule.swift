// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import VideoDetection

/// Compares a channel with what the same device sent outside before it.
struct PastRule {
  /// Time after which the device's past says something.
  static let minimumSeconds = ExposureThresholds.pastSeconds

  /// What a device sent outside, a channel.
  struct Sent {
    var destination: IPAddress
    var firstTime: Int64
    var lastTime: Int64
    var bytes: UInt64
  }

  /// The comparison; `since` is the device's first packet in the capture.
  static func past(
    of channel: Sent, others: [Sent], since: Int64, night: DevicePast.Night
  ) -> DevicePast {
    let start = channel.firstTime
    let observed = Double(max(0, start &- since)) / 1e9
    var earlier: UInt64 = 0
    var isKnown = false
    // A control channel that opens a moment before is part of the same conversation.
    let before = start &- Int64(StoryThresholds.pause.value * 1e9)
    for other in others where other.firstTime < start {
      if other.destination == channel.destination, other.firstTime < before { isKnown = true }
      if other.lastTime < start || other.lastTime <= other.firstTime {
        earlier &+= other.bytes
      } else {
        let share =
          Double(start &- other.firstTime) / Double(other.lastTime &- other.firstTime)
        earlier &+= UInt64(Double(other.bytes) * min(1, max(0, share)))
      }
    }
    let isLong = observed >= minimumSeconds.value
    let seconds = Double(max(0, channel.lastTime &- start)) / 1e9
    return DevicePast(
      secondsObserved: observed, earlierBytes: earlier,
      earlierBitsPerSecond: isLong ? Double(earlier) * 8 / observed : nil,
      bitsPerSecond: seconds > 0 ? Double(channel.bytes) * 8 / seconds : nil,
      isNewDestination: isKnown ? false : isLong ? true : nil, night: night)
  }
}
