// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

extension MediaStream {
  /// What sender and receiver of a stream say themselves (RTCP, RFC 3550 §6.4).
  public struct ControlReports: Sendable, Hashable {
    /// Sender reports seen.
    public var senderReports: UInt64 = 0
    /// The sender's own count of packets, in its last report.
    public var senderPackets: UInt32?
    /// The sender's own count of payload bytes, in its last report.
    public var senderBytes: UInt32?
    /// The sender's clock in its last report, nanoseconds since 1970.
    public var senderTime: Int64?
    /// The RTP timestamp that belongs to the sender's clock.
    public var senderTimestamp: UInt32?
    /// Packets that the sender counted between its first and last report.
    public var sentBetweenReports: UInt32?
    /// Packets that were captured between them.
    public var capturedBetweenReports: UInt64?
    /// Report blocks of receivers about the stream.
    public var receiverReports: UInt64 = 0
    /// The highest sequence number, with its cycles, that a receiver told.
    public var receiverHighestSequence: UInt32?
    /// Packets that a receiver missed by its last report.
    public var receiverLost: Int32?
    /// Requests for a whole picture.
    public var pictureRequests: UInt64 = 0
    /// When the source said goodbye, nanoseconds since 1970.
    public var byeTime: Int64?

    /// Makes reports that say nothing.
    package init() {}

    /// Takes what was read of a stream's reports.
    init(_ record: RTPRecord) {
      if let history = record.senderReports {
        senderReports = UInt64(history.count)
        senderPackets = history.last.packets
        senderBytes = history.last.payloadBytes
        senderTime = history.last.senderTime
        senderTimestamp = history.last.timestamp
        sentBetweenReports = history.sentPackets
        capturedBetweenReports = history.capturedPackets
      }
      receiverReports = record.receiverReports
      receiverHighestSequence = record.receiverHighestSequence
      receiverLost = record.receiverLost
      pictureRequests = record.pictureRequests
      byeTime = record.byeTime
    }
  }
}
