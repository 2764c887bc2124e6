// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import PacketDecoding

/// Remembers where recent addresses are; flows come in bunches of the same few hosts.
struct ScopeCache {
  private static let slots = 1 << 16
  private let attributor: Attributor
  private var addresses: [IPAddress]
  private var scopes: [AddressAttribution.Scope]

  init(_ attributor: Attributor) {
    self.attributor = attributor
    addresses = [IPAddress](repeating: .unspecified, count: Self.slots)
    scopes = [AddressAttribution.Scope](
      repeating: attributor.scope(of: .unspecified), count: Self.slots)
  }

  mutating func scope(of address: IPAddress) -> AddressAttribution.Scope {
    let mixed = (address.high ^ address.low) &* 0x9E37_79B9_7F4A_7C15
    let slot = Int(truncatingIfNeeded: mixed >> 48)
    if addresses[slot] == address { return scopes[slot] }
    let scope = attributor.scope(of: address)
    addresses[slot] = address
    scopes[slot] = scope
    return scope
  }
}
