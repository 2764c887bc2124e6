// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// Packets of one direction with gaps below 8 ms: one picture, one record, one burst
/// (classifier.md §3.3, `group`).
package struct PacketGroup: Sendable, BitwiseCopyable {
  /// Start after the start of the window, microseconds.
  package var start: UInt32
  /// From its first to its last packet, microseconds.
  package var duration: UInt32
  /// New payload bytes.
  package var bytes: UInt32
  /// Whether it began in the window before, so that its start means nothing.
  package var isContinued: Bool

  /// Makes a group.
  package init(start: UInt32, duration: UInt32, bytes: UInt32, isContinued: Bool = false) {
    self.start = start
    self.duration = duration
    self.bytes = bytes
    self.isContinued = isContinued
  }
}

/// Ten seconds of one direction, closed: a value whose mathematics is done elsewhere.
package struct RhythmWindow: Sendable {
  /// Length of a window: 10 s in nanoseconds (classifier.md §2.5: shorter ones find less).
  package static let length: Int64 = 10_000_000_000
  /// Pause that ends a group: 8 ms in microseconds, less than half a frame at 60 frames a second
  /// and more than a packet takes at 1.5 Mbit/s (classifier.md §3.3).
  package static let groupGap: UInt32 = 8_000
  /// Groups kept of a window; more than 100 a second are no frames (classifier.md §3.1).
  package static let maximumGroups = 1_024
  /// Width of a bin: 5 ms in microseconds (classifier.md §3.1).
  package static let binWidth: UInt32 = 5_000
  /// Bins of a window.
  package static let binCount = 2_000
  /// Bytes of a packet that the bins count; smaller ones are acknowledgments and keep-alives
  /// (classifier.md §3.3, clock fallback).
  package static let minimumBinnedPacket: UInt32 = 300
  /// Packets of a window that are named as evidence.
  package static let maximumPackets = 3

  /// Index of the flow in its shard.
  package var flow: UInt32
  /// The direction measured.
  package var direction: FlowDirection
  /// Nanoseconds since 1970.
  package var start: Int64
  /// Time of the last packet of the direction in the window.
  package var lastTime: Int64
  /// New payload bytes.
  package var bytes: UInt64
  /// New payload bytes in each of its seconds.
  package var bytesPerSecond: [UInt32]
  /// Its groups, in order.
  package var groups: [PacketGroup]
  /// Bytes of larger packets per bin, in units of 16 bytes.
  package var bins: [UInt16]
  /// First packets of the first groups.
  package var packets: [PacketReference]
  /// Whether the direction went on after the window, so that the window is whole.
  package var isWhole: Bool

  /// Makes a window.
  package init(
    flow: UInt32, direction: FlowDirection, start: Int64, lastTime: Int64, bytes: UInt64,
    bytesPerSecond: [UInt32], groups: [PacketGroup], bins: [UInt16],
    packets: [PacketReference] = [], isWhole: Bool = true
  ) {
    self.flow = flow
    self.direction = direction
    self.start = start
    self.lastTime = lastTime
    self.bytes = bytes
    self.bytesPerSecond = bytesPerSecond
    self.groups = groups
    self.bins = bins
    self.packets = packets
    self.isWhole = isWhole
  }

  /// Seconds that the window covers: all ten, or up to the last packet.
  package var seconds: Double {
    isWhole ? Double(Self.length) / 1e9 : Double(max(0, lastTime &- start)) / 1e9
  }
}
