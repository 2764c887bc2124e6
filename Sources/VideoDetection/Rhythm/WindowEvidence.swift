// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
public import PacketDecoding

/// What the signals say of one window of one direction.
public struct WindowEvidence: Sendable {
  /// Why a window's rhythm says nothing for video.
  public enum Veto: String, Sendable, CaseIterable {
    /// All groups have one size.
    case constantSizes = "constant_sizes"
    /// Groups are small and alike.
    case audioLike = "audio_like"
    /// Groups fill the window; nothing can be observed.
    case saturated
  }

  /// Nanoseconds since 1970.
  public var start: Int64
  /// Seconds covered.
  public var seconds: Double
  /// New payload bytes.
  public var bytes: UInt64
  /// Groups of packets that may be pictures.
  public var groups: Int
  /// Whether the rate suffices; windows without it are not judged.
  public var hasRate: Bool
  /// Frames a second; `nil` without a clock.
  public var clockFrequency: Double?
  /// Rayleigh R at that frequency.
  public var clockStrength: Double
  /// Share of bytes in phase with the clock.
  public var clockLock: Double
  /// Spectral peak over background, where the clock was found in the spectrum only.
  public var spectralPeak: Double?
  /// Whether a clock was refused because it belongs to small packets of one size.
  public var isComb: Bool
  /// Standard deviation over mean of group sizes.
  public var sizeVariation: Double
  /// Median group, bytes.
  public var medianGroup: Double
  /// Seconds from key frame to key frame; `nil` where none recur.
  public var keyFramePeriod: Double?
  /// Prominence of the key-frame correlation.
  public var keyFrameProminence: Double
  /// How sizes depend on the ones before them.
  var order = SizeOrder()
  /// Share of the window that groups fill.
  public var busyShare: Double
  /// What excludes video.
  public var veto: Veto?
  /// Packets that begin groups, to look at.
  public var packets: [PacketReference]

  /// Applies the signals to a window.
  package init(_ window: RhythmWindow) {
    let groups = PacketGroups(window)
    start = window.start
    seconds = window.seconds
    bytes = window.bytes
    self.groups = groups.groups.count
    hasRate = SteadyRate.holds(window)
    sizeVariation = groups.sizes.variation
    medianGroup = groups.sizes.median
    busyShare = SaturatedLine.share(window)
    packets = window.packets
    clockStrength = 0
    clockLock = 0
    keyFrameProminence = 0
    isComb = false
    guard hasRate else { return }
    if busyShare > RhythmThresholds.saturation.value {
      veto = .saturated
    } else if ConstantSizes.excludes(groups) {
      veto = .constantSizes
    } else if AudioLike.holds(groups) {
      veto = .audioLike
    }
    guard veto == nil else { return }
    var clock = FrameClock.find(groups) ?? SpectralClock.find(window, groups)
    if clock != nil, CombVeto.applies(groups) {
      isComb = true
      clock = nil
    }
    clockFrequency = clock?.frequency
    clockStrength = clock?.strength ?? 0
    clockLock = clock?.lock ?? 0
    spectralPeak = clock?.spectralPeak
    order = SizeOrder(groups, clock: clock)
    if let period = KeyFramePeriod.find(groups, clock: clock) {
      keyFramePeriod = period.seconds
      keyFrameProminence = period.prominence
    }
  }

  /// Whether sizes vary as those of pictures do.
  public var hasVariation: Bool { sizeVariation >= RhythmThresholds.variation.value }

  /// Rank correlation of sizes with those before them, the greatest over a few distances.
  public var orderStrength: Double { order.strength }

  /// Points for the order of windows only.
  var strength: Double {
    guard hasRate, veto == nil else { return -1 }
    return (clockFrequency == nil ? 0 : 1 + clockStrength) + (hasVariation ? 1 : 0)
      + (keyFramePeriod == nil ? 0 : 1 + keyFrameProminence)
  }
}
