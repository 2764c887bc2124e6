// SPDX-License-Identifier: Apache-2.0

/// A finding compared with what the same device did before it in the capture.
public struct DevicePast: Sendable, Hashable {
  /// Activity at night, in the zone that the user named.
  public enum Night: Sendable, Hashable {
    /// No zone was named (`--time-zone`).
    case notAssessed
    /// Nights (22 to 6 o'clock) with traffic of the finding, and the share of its hours that lie
    /// in nights, 0...1.
    case assessed(nights: Int, share: Double)
  }

  /// Seconds from the device's first packet in the capture to the finding's first.
  public var secondsObserved: Double
  /// New payload that the device had sent outside before, in bytes; conversations that were still
  /// going on count by their share of time.
  public var earlierBytes: UInt64
  /// Rate outward before, bits a second; `nil` where the time observed is too short to compare.
  public var earlierBitsPerSecond: Double?
  /// Rate of the finding, bits a second; `nil` for a single packet.
  public var bitsPerSecond: Double?
  /// Whether the device had sent nothing to the destination's address, operator aside, in the time
  /// observed; `nil` where that time is too short to say.
  public var isNewDestination: Bool?
  /// Activity at night.
  public var night: Night

  /// Rate of the finding in multiples of the rate before; `nil` without both.
  public var rateFactor: Double? {
    guard let earlierBitsPerSecond, let bitsPerSecond, earlierBitsPerSecond > 0 else { return nil }
    return bitsPerSecond / earlierBitsPerSecond
  }

  /// Makes a comparison.
  public init(
    secondsObserved: Double, earlierBytes: UInt64, earlierBitsPerSecond: Double?,
    bitsPerSecond: Double?, isNewDestination: Bool?, night: Night
  ) {
    self.secondsObserved = secondsObserved
    self.earlierBytes = earlierBytes
    self.earlierBitsPerSecond = earlierBitsPerSecond
    self.bitsPerSecond = bitsPerSecond
    self.isNewDestination = isNewDestination
    self.night = night
  }
}
