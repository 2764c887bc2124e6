// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import ProtocolRecognition

struct TextStoreTests {
  @Test func textStoreKeepsEachTextOnce() {
    var store = TextStore()
    let one = ascii("a.example")
    let two = ascii("b.example")
    let first = store.intern(one.span)
    let second = store.intern(two.span)
    let again = store.intern(one.span)
    #expect(again == first)
    #expect(first != second)
    #expect(store[second ?? 0] == "b.example")
    #expect(store.count == 2)
    #expect(store[77] == "")
  }
}
