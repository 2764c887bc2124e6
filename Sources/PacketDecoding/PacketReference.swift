// SPDX-License-Identifier: Apache-2.0

/// Names one packet of the evidence, as an investigator finds it again in Wireshark.
public struct PacketReference: Hashable, Sendable, BitwiseCopyable {
  /// Index of the capture file in the analysis' list of inputs, from 0.
  public var file: UInt32
  /// Wireshark's frame number in that file, from 1; 0 where no packet is meant.
  public var frame: UInt64
  /// Time of the record in nanoseconds since 1970-01-01T00:00:00Z.
  public var time: Int64

  /// Names frame `frame` of input `file`, recorded at `time`.
  @inlinable
  public init(file: UInt32, frame: UInt64, time: Int64) {
    self.file = file
    self.frame = frame
    self.time = time
  }
}
