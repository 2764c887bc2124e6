// SPDX-License-Identifier: Apache-2.0

/// Numbers of addresses, from 0 in the order in which they are first asked for; an open table
/// instead of a dictionary, whose hash costs more than everything else that is done for most flows.
///
/// The hash is seeded anew in each run, so that no capture can be made to fill one chain; nothing
/// can be read in the table's order.
package struct AddressIndex: Sendable {
  private static let seed = UInt64.random(in: .min ... .max)

  private let seed = Self.seed
  /// Numbers plus one; at most half are taken.
  private var slots: [UInt32] = []
  /// All addresses that have a number, in order of their numbers.
  package private(set) var addresses: [IPAddress] = []

  /// Makes an empty index.
  package init() {}

  /// Addresses that have a number.
  package var count: Int { addresses.count }

  /// The number of an address, `nil` where it has none.
  package subscript(address: IPAddress) -> Int? {
    guard !slots.isEmpty else { return nil }
    let number = slots[slot(of: address)]
    return number == 0 ? nil : Int(number) &- 1
  }

  /// The number of an address; one without gets the next.
  ///
  /// - Complexity: O(1) amortised.
  package mutating func number(of address: IPAddress) -> Int {
    if slots.count < 2 &* (addresses.count &+ 1) { grow() }
    let slot = slot(of: address)
    if slots[slot] != 0 { return Int(slots[slot]) &- 1 }
    addresses.append(address)
    slots[slot] = UInt32(truncatingIfNeeded: addresses.count)
    return addresses.count &- 1
  }

  /// Loads what the search for an address begins with, so that the cache misses of several searches
  /// overlap.
  ///
  /// - Returns: A number to be kept, so that loading is not optimised away.
  package func load(_ address: IPAddress) -> UInt64 {
    guard !slots.isEmpty else { return 0 }
    let number = Int(slots[start(of: address)])
    return number == 0 ? 0 : addresses[number &- 1].low
  }

  private func start(of address: IPAddress) -> Int {
    let product = (address.high ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    let mixed = (product.high ^ product.low ^ address.low ^ seed &>> 1)
      .multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    return Int(truncatingIfNeeded: mixed.high ^ mixed.low) & (slots.count &- 1)
  }

  /// The slot that holds an address, or the free one where it belongs.
  private func slot(of address: IPAddress) -> Int {
    let mask = slots.count &- 1
    var slot = start(of: address)
    while slots[slot] != 0, addresses[Int(slots[slot]) &- 1] != address {
      slot = (slot &+ 1) & mask
    }
    return slot
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: max(64, slots.count &* 2))
    for (number, address) in addresses.enumerated() {
      slots[slot(of: address)] = UInt32(truncatingIfNeeded: number &+ 1)
    }
  }
}
