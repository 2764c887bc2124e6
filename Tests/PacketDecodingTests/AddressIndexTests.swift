// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

struct AddressIndexTests {
  @Test func findsWhatWasSetAndNothingElse() {
    var index = AddressIndex()
    #expect(index[IPAddress(v4: 1)] == nil)
    for number in 0..<5_000 {
      index.set(number, for: IPAddress(v4: UInt32(number) &* 2_654_435_761))
      index.set(-number, for: IPAddress(high: UInt64(number) << 32, low: 7))
    }
    index.set(99, for: IPAddress(v4: 0))
    // The first of both loops is ::7 and 0.0.0.0, each an address of its own.
    #expect(index.count == 10_000)
    #expect(index[IPAddress(v4: 0)] == 99)
    for number in 1..<5_000 {
      #expect(index[IPAddress(v4: UInt32(number) &* 2_654_435_761)] == number)
      #expect(index[IPAddress(high: UInt64(number) << 32, low: 7)] == -number)
    }
    #expect(index[IPAddress(high: 1, low: 7)] == nil)
    #expect(index[.unspecified] == nil)
  }

  @Test func numbersAddressesInOrder() {
    var index = AddressIndex()
    for _ in 0..<2 {
      for number in 0..<1_000 {
        #expect(
          index.number(of: IPAddress(high: UInt64(number % 3), low: UInt64(number))) == number)
      }
    }
    #expect(index.count == 1_000)
    #expect(index.addresses[17] == IPAddress(high: 2, low: 17))
    #expect(index[IPAddress(high: 2, low: 17)] == 17)
  }
}
