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
    #expect(first.map { store[$0] } == "a.example")
    #expect(second.map { store[$0] } == "b.example")
    // The third text follows the second: the one that was known took no place.
    let third = store.intern(ascii("c.example").span)
    #expect((third ?? 0) &- (second ?? 0) == (second ?? 0) &- (first ?? 0))
    #expect(store[77] == "")
    #expect(store[.max] == "")
  }

  /// What is appended is not bounded, and takes time in proportion to it: copied for each text, these
  /// would be terabytes.
  @Test(.timeLimit(.minutes(1)))
  func textsGoOnBeyondTheLimit() {
    var store = TextStore(maximumBytes: 4_096)
    var numbers: [UInt32] = []
    for number in 0..<400_000 { numbers.append(store.append(ascii("name-\(number).example").span)) }
    #expect(store[numbers[7]] == "name-7.example")
    #expect(store[numbers[399_999]] == "name-399999.example")
  }

  @Test func textsAreWhatTheBytesSay() {
    var store = TextStore()
    for round in 0..<3 {
      for number in 0..<2_000 {
        let text =
          "Mozilla/5.0 (number \(number % 300); é) \(String(repeating: "x", count: number % 40))"
        let index = store.intern(text.utf8.span)
        #expect(index.map { store[$0] } == text, "round \(round)")
      }
    }
    let broken: [UInt8] = Array(repeating: 0x61, count: 20) + [0xFF, 0xC3]
    let index = store.intern(broken.span)
    #expect(index.map { store[$0] } == String(decoding: broken, as: UTF8.self))
  }

  /// Every difference counts, wherever it stands and however long the text.
  @Test func textsThatDifferInOneByteAreTwo() {
    for length in 1..<40 {
      for place in 0..<length {
        var store = TextStore()
        var text = [UInt8](repeating: 0x61, count: length)
        let first = store.intern(text.span)
        text[place] = 0x62
        let second = store.intern(text.span)
        #expect(first != second, "length \(length), place \(place)")
        #expect(second.map { store.bytes($0).array(0..<length) } == text)
      }
    }
  }

  @Test func fullStoresKeepWhatTheyHave() {
    var store = TextStore(maximumBytes: 12)
    let first = store.store(ascii("0123456789").span)
    let second = store.store(ascii("abc").span)
    #expect(first.map { store[$0] } == "0123456789")
    #expect(second == nil)
    #expect(store.store(ascii("0123456789").span) == first)
    let third = store.store(ascii("abc").span, isBounded: false)
    #expect(third.map { store[$0] } == "abc")
  }

  /// Two bytes tell a length.
  @Test func textsAreCutWhereTheirLengthEnds() {
    var store = TextStore()
    let number = store.store([UInt8](repeating: 0x61, count: 70_000).span)
    let next = store.store(ascii("abc").span)
    #expect(number.map { store.bytes($0).count } == TextStore.maximumText)
    #expect(next.map { store[$0] } == "abc")
  }
}
