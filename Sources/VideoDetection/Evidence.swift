// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// One measured fact for or against video, with everything needed to check it again.
public struct Evidence: Sendable, Hashable {
  /// Stable name of the signal, such as `rtp_level` or `codec_structure`.
  public var signal: String
  /// What was measured, in the unit that `text` names; `nil` where the fact is not a number.
  public var value: Double?
  /// What it was compared with, in the same unit; `nil` where there is no threshold.
  public var threshold: Double?
  /// Weight in decibans (10 log10 of the likelihood ratio, classifier.md §2.3); `nil` for proofs.
  ///
  /// For the reader only: gates decide, not sums.
  public var points: Double?
  /// One sentence in plain words.
  ///
  /// Parts that come from packets are not escaped.
  public var text: String
  /// Packets to look at, at most ``maximumPackets``, in order.
  public var packets: [PacketReference]

  /// Packets that one piece of evidence names at most.
  public static let maximumPackets = 5

  /// Makes a piece of evidence; only the first ``maximumPackets`` packets are kept.
  public init(
    signal: String, value: Double? = nil, threshold: Double? = nil, points: Double? = nil,
    text: String, packets: [PacketReference] = []
  ) {
    self.signal = signal
    self.value = value
    self.threshold = threshold
    self.points = points
    self.text = text
    self.packets = Array(packets.prefix(Self.maximumPackets))
  }
}
