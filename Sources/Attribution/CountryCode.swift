// SPDX-License-Identifier: Apache-2.0

/// Two upper-case letters that a table or a policy uses for a country, kept as written.
///
/// Whether they name a country is told by ``kind``; ISO 3166-1 assigns 249 of the 676 pairs.
public struct CountryCode: Hashable, Sendable, Comparable {
  /// The first letter in the upper byte, the second in the lower one.
  public let rawValue: UInt16

  /// What a pair of letters stands for.
  public enum Kind: Sendable {
    /// Assigned by ISO 3166-1, or XK (Kosovo, user-assigned and widely used).
    case country
    /// Withdrawn from ISO 3166-1 and still met in tables (CS, SU, AN, YU, TP, ZR).
    case withdrawn
    /// A region and no country: EU, AP.
    case region
    /// Not assigned: the address' country stays unknown.
    case unassigned
  }

  init(rawValue: UInt16) { self.rawValue = rawValue }

  /// Makes a code of two ASCII letters, folding case, and UK to GB, EL to GR, FX to FR.
  ///
  /// Returns `nil` for anything but two letters.
  public init?(_ text: some StringProtocol) {
    let bytes = Array(text.utf8)
    guard bytes.count == 2, let first = Self.upper(bytes[0]), let second = Self.upper(bytes[1])
    else { return nil }
    self.init(rawValue: Self.folded(UInt16(first) << 8 | UInt16(second)))
  }

  /// What the letters stand for.
  ///
  /// - Complexity: O(1).
  public var kind: Kind {
    switch rawValue {
    case Self.bits("EU"), Self.bits("AP"): return .region
    case Self.bits("XK"): return .country
    case Self.bits("AN"), Self.bits("CS"), Self.bits("SU"), Self.bits("YU"), Self.bits("TP"),
      Self.bits("ZR"):
      return .withdrawn
    default: return CountryCodes.shared.contains(self) ? .country : .unassigned
    }
  }

  /// The English short name, or `nil` where ISO 3166-1 assigns none.
  public var name: String? { CountryCodes.shared.name(of: self) }

  /// Orders alphabetically.
  public static func < (lhs: CountryCode, rhs: CountryCode) -> Bool { lhs.rawValue < rhs.rawValue }

  /// The bits of a two-letter literal.
  @inline(__always)
  static func bits(_ text: StaticString) -> UInt16 {
    guard text.hasPointerRepresentation, text.utf8CodeUnitCount == 2 else { return 0 }
    return unsafe UInt16(text.utf8Start[0]) << 8 | UInt16(text.utf8Start[1])
  }

  /// The code that ISO 3166-1 uses for an exceptional reservation, or the code itself.
  static func folded(_ code: UInt16) -> UInt16 {
    switch code {
    case bits("UK"): bits("GB")
    case bits("EL"): bits("GR")
    case bits("FX"): bits("FR")
    default: code
    }
  }

  /// An ASCII letter in upper case, or `nil` for another byte.
  static func upper(_ byte: UInt8) -> UInt8? {
    switch byte {
    case UInt8(ascii: "A")...UInt8(ascii: "Z"): byte
    case UInt8(ascii: "a")...UInt8(ascii: "z"): byte &- 32
    default: nil
    }
  }
}

extension CountryCode: CustomStringConvertible {
  /// The two letters.
  public var description: String {
    String(decoding: [UInt8(rawValue >> 8), UInt8(rawValue & 0xFF)], as: UTF8.self)
  }
}
