// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

struct AddressIndexTests {
  @Test func findsWhatWasNumberedAndNothingElse() {
    var index = AddressIndex()
    #expect(index[IPAddress(v4: 1)] == nil)
    // The first of both kinds is 0.0.0.0 and ::7, each an address of its own.
    for number in 0..<5_000 {
      #expect(index.number(of: IPAddress(v4: UInt32(number) &* 2_654_435_761)) == 2 * number)
      #expect(index.number(of: IPAddress(high: UInt64(number) << 32, low: 7)) == 2 * number + 1)
    }
    #expect(index.count == 10_000)
    for number in 0..<5_000 {
      #expect(index[IPAddress(v4: UInt32(number) &* 2_654_435_761)] == 2 * number)
      #expect(index[IPAddress(high: UInt64(number) << 32, low: 7)] == 2 * number + 1)
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
