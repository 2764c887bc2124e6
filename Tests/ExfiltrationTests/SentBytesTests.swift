// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import Exfiltration

@Suite struct SentBytesTests {
  @Test func eachSenderIsNamedOnceInOrder() {
    var sums = SentBytes([true, false, true, true])
    for (device, destination) in [(5, 0), (2, 3), (5, 0), (1, 0), (7, 1), (2, 0)] {
      sums.add(10, from: device, to: destination)
    }
    let senders = sums.senders()
    let ids = (0...7).map { "D\($0 + 1)" }
    #expect(senders.ids(of: 0, ids) == ["D2", "D3", "D6"])
    #expect(senders.ids(of: 1, ids).isEmpty)
    #expect(senders.ids(of: 2, ids).isEmpty)
    #expect(senders.ids(of: 3, ids) == ["D3"])
    #expect(sums.bytes == [40, 0, 0, 10])
  }

  /// The shortened key must give the order of the whole comparison, at its edges too.
  @Test func theMostBytesComeFirstThenTheLowerAddress() {
    let limit = UInt64(UInt32.max)
    let addresses = [
      IPAddress(v4: 0), IPAddress(v4: 1), IPAddress(v4: 0xFFFF_FFFE), IPAddress(v4: 0xFFFF_FFFF),
      IPAddress(high: 0, low: 1), IPAddress(high: 1, low: 0), IPAddress(high: 1, low: 2),
      IPAddress(high: 0xFF02 << 48, low: 1),
    ]
    let volumes: [UInt64] = [0, 1, 7, limit - 1, limit, limit + 1, .max]
    var all: [IPAddress] = []
    var sums = SentBytes(
      Array(repeating: true, count: volumes.count * addresses.count))
    // From the last to the first, so that the order in which they came is not that expected.
    for volume in volumes {
      for address in addresses.reversed() {
        sums.add(volume, from: 0, to: all.count)
        all.append(address)
      }
    }
    let expected = all.indices.sorted {
      sums.bytes[$0] == sums.bytes[$1] ? all[$0] < all[$1] : sums.bytes[$0] > sums.bytes[$1]
    }
    #expect(sums.order(all) == expected)
  }

  @Test func whatWasNotSentToIsLeftOut() {
    var sums = SentBytes([true, true, false])
    sums.add(0, from: 1, to: 1)
    sums.add(9, from: 1, to: 2)
    #expect(sums.order([IPAddress(v4: 1), IPAddress(v4: 2), IPAddress(v4: 3)]) == [1])
  }
}
