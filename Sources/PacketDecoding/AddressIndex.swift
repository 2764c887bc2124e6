// SPDX-License-Identifier: Apache-2.0

/// Numbers that belong to addresses; an open table instead of a dictionary, whose hash costs more
/// than everything else that is done for most flows.
///
/// The hash is seeded anew in each run, so that no capture can be made to fill one chain, and
/// nothing can be read in the table's order: there is none to be had.
package struct AddressIndex: Sendable {
  private static let seed = UInt64.random(in: .min ... .max)

  private let seed = Self.seed
  /// Place in `keys` plus one; at most half are taken.
  private var slots: [UInt32] = []
  private var keys: [IPAddress] = []
  private var values: [Int] = []

  /// Makes an empty index.
  package init() {}

  /// Addresses that have a number.
  package var count: Int { keys.count }

  /// The number of an address, `nil` where it has none.
  package subscript(address: IPAddress) -> Int? {
    guard !slots.isEmpty else { return nil }
    let place = slots[slot(of: address)]
    return place == 0 ? nil : values[Int(place) &- 1]
  }

  /// Gives an address its number, instead of one that it had.
  ///
  /// - Complexity: O(1) amortised.
  package mutating func set(_ value: Int, for address: IPAddress) {
    if slots.count < 2 &* (keys.count &+ 1) { grow() }
    let slot = slot(of: address)
    if slots[slot] != 0 {
      values[Int(slots[slot]) &- 1] = value
      return
    }
    keys.append(address)
    values.append(value)
    slots[slot] = UInt32(truncatingIfNeeded: keys.count)
  }

  /// The number of an address; one without gets the next, from 0.
  ///
  /// Of an index that is filled by this alone, ``addresses`` are in order of their numbers.
  ///
  /// - Complexity: O(1) amortised.
  package mutating func number(of address: IPAddress) -> Int {
    if slots.count < 2 &* (keys.count &+ 1) { grow() }
    let slot = slot(of: address)
    if slots[slot] != 0 { return values[Int(slots[slot]) &- 1] }
    keys.append(address)
    values.append(keys.count &- 1)
    slots[slot] = UInt32(truncatingIfNeeded: keys.count)
    return keys.count &- 1
  }

  /// All addresses that have a number, in the order in which they got one.
  package var addresses: [IPAddress] { keys }

  /// The slot that holds an address, or the free one where it belongs.
  private func slot(of address: IPAddress) -> Int {
    let product = (address.high ^ seed).multipliedFullWidth(by: 0x9E37_79B9_7F4A_7C15)
    let mixed = (product.high ^ product.low ^ address.low ^ seed &>> 1)
      .multipliedFullWidth(by: 0xD6E8_FEB8_6659_FD93)
    let mask = slots.count &- 1
    var slot = Int(truncatingIfNeeded: mixed.high ^ mixed.low) & mask
    while slots[slot] != 0, keys[Int(slots[slot]) &- 1] != address { slot = (slot &+ 1) & mask }
    return slot
  }

  private mutating func grow() {
    slots = [UInt32](repeating: 0, count: max(64, slots.count &* 2))
    for (place, key) in keys.enumerated() {
      slots[slot(of: key)] = UInt32(truncatingIfNeeded: place &+ 1)
    }
  }
}
