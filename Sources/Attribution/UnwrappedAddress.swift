// SPDX-License-Identifier: Apache-2.0

public import PacketDecoding

/// The IPv4 address inside an IPv6 address of a transition mechanism.
public struct UnwrappedAddress: Hashable, Sendable {
  /// The mechanism.
  public enum Mechanism: String, Sendable {
    /// IPv4-compatible IPv6 address (::/96, RFC 4291 section 2.5.5.1, deprecated).
    case ipv4Compatible = "ipv4_compatible"
    /// NAT64 with the well-known prefix 64:ff9b::/96 (RFC 6052).
    case nat64WellKnown = "nat64_well_known"
    /// NAT64 with a prefix the policy names (RFC 6052 section 2.2).
    case nat64 = "nat64"
    /// 6to4 (RFC 3056).
    case sixToFour = "6to4"
    /// Teredo (RFC 4380).
    case teredo
  }

  /// The mechanism.
  public let mechanism: Mechanism
  /// The IPv4 address that is really spoken with; of Teredo the client.
  public let address: IPAddress
  /// The Teredo server, which sees the set-up of each conversation.
  public let server: IPAddress?

  /// Takes the IPv4 address out of an address, if a special-purpose range or a declared NAT64
  /// prefix says that it holds one.
  public init?(_ address: IPAddress, nat64Prefixes: [AddressPrefix] = []) {
    guard !address.isIPv4 else { return nil }
    for prefix in nat64Prefixes where prefix.contains(address) {
      guard let bits = Self.nat64(address, length: prefix.length) else { continue }
      self.init(mechanism: .nat64, address: IPAddress(v4: bits), server: nil)
      return
    }
    let low = UInt32(truncatingIfNeeded: address.low)
    switch SpecialPurposeRanges.shared.range(of: address)?.policy {
    case .unwrapLow32:
      let isNAT64 = address.high == 0x0064_FF9B_0000_0000
      self.init(
        mechanism: isNAT64 ? .nat64WellKnown : .ipv4Compatible, address: IPAddress(v4: low),
        server: nil)
    case .unwrap6to4:
      let bits = UInt32(truncatingIfNeeded: address.high >> 16)
      self.init(mechanism: .sixToFour, address: IPAddress(v4: bits), server: nil)
    case .unwrapTeredo:
      let server = UInt32(truncatingIfNeeded: address.high)
      self.init(
        mechanism: .teredo, address: IPAddress(v4: ~low), server: IPAddress(v4: server))
    default: return nil
    }
  }

  private init(mechanism: Mechanism, address: IPAddress, server: IPAddress?) {
    self.mechanism = mechanism
    self.address = address
    self.server = server
  }

  /// Prefix lengths that RFC 6052 section 2.2 defines.
  static let nat64Lengths = [32, 40, 48, 56, 64, 96]

  /// RFC 6052 section 2.2: the 32 bits follow the prefix and jump over bits 64 to 71.
  private static func nat64(_ address: IPAddress, length: Int) -> UInt32? {
    guard nat64Lengths.contains(length) else { return nil }
    let bits = UInt128(address)
    if length == 96 { return UInt32(truncatingIfNeeded: bits) }
    // Without the octet "u" the 32 bits are contiguous.
    let upper = bits >> 64
    let lower = bits & 0x00FF_FFFF_FFFF_FFFF
    let joined = upper << 56 | lower  // 120 bits
    return UInt32(truncatingIfNeeded: joined >> UInt128(120 - 32 - length))
  }
}
