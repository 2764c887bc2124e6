// SPDX-License-Identifier: Apache-2.0

/// Counts access units by their RTP timestamps.
///
/// Packets of one picture share a timestamp (RFC 6184 §5.1), so runs of equal timestamps are
/// pictures. With B pictures the timestamps go back and forth; only their sum over time is used.
/// In a container a packet may hold several pictures of which only the first is stamped
/// (ISO/IEC 13818-1 §2.4.3.7); those are counted by their own headers.
struct AccessUnitClock: Sendable {
  /// Clock rate of every RTP payload format for video, in hertz (RFC 3551 §5).
  static let videoClockRate = 90_000.0
  /// Largest step between pictures that is time and not a new start: 10 s.
  private static let maximumStep: Int64 = 900_000
  /// Largest step back that is the order of decoding and no new start: 16 pictures are held at most
  /// (ITU-T H.264 §A.3.1), 1 s at 16 a second.
  private static let maximumStepBack: Int64 = -90_000

  private(set) var accessUnits: UInt64 = 0
  private var current: UInt32 = 0
  private var previous: UInt32 = 0
  /// Place of the current timestamp, and the range of places, since the last new start.
  private var position: Int64 = 0
  private var lowest: Int64 = 0
  private var highest: Int64 = 0
  private var closedSpan: Int64 = 0
  private var steps: UInt64 = 0

  /// Takes the timestamp of the next packet; true when it starts a picture.
  @inline(__always)
  mutating func note(_ timestamp: UInt32) -> Bool { note(timestamp, after: 0) }

  /// Takes the timestamp of the next packet, after `unstamped` pictures since the last timestamp
  /// that have none of their own.
  @inline(__always)
  mutating func note(_ timestamp: UInt32, after unstamped: UInt64) -> Bool {
    if accessUnits > 0 {
      if timestamp == current { return false }
      // A packet that was late by one picture is not a third one.
      if accessUnits > 1, timestamp == previous { return false }
      let step = Int64(Int32(truncatingIfNeeded: timestamp &- current))
      if step > Self.maximumStepBack, step < Self.maximumStep {
        position &+= step
        lowest = min(lowest, position)
        highest = max(highest, position)
        steps &+= 1 &+ unstamped
      } else {
        closedSpan &+= highest &- lowest
        position = 0
        lowest = 0
        highest = 0
      }
    }
    previous = current
    current = timestamp
    accessUnits &+= 1 &+ unstamped
    return true
  }

  /// Pictures per second of a 90 kHz clock, nil with fewer than ten of them.
  ///
  /// Steps over the range of timestamps: pictures come in decoding order, so the last one to come
  /// is not always the last one shown.
  var framesPerSecond: Double? {
    guard steps >= 10, span > 0 else { return nil }
    let rate = Double(steps) * Self.videoClockRate / Double(span)
    return rate <= 1000 ? rate : nil
  }

  /// Length of what was filmed, in seconds: every picture lasts until the next one, nil where the
  /// rate is not known.
  var seconds: Double? { framesPerSecond.map { Double(accessUnits) / $0 } }

  /// Ticks that the timestamps cover.
  private var span: Int64 { closedSpan &+ (highest &- lowest) }
}

extension AccessUnitClock: StorableState {
  mutating func exchange(with port: inout StatePort) {
    port.pass(&accessUnits)
    port.pass(&current)
    port.pass(&previous)
    port.pass(&position)
    port.pass(&lowest)
    port.pass(&highest)
    port.pass(&closedSpan)
    port.pass(&steps)
  }
}
