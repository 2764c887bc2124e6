// SPDX-License-Identifier: Apache-2.0

import HostInventory
import ProtocolRecognition
import Testing

@testable import Exfiltration

@Suite struct NameTableTests {
  /// A shard whose announcements named `names`, and the numbers of these among its texts.
  private func shard(_ names: [String]) -> (RecognitionResult, [UInt32]) {
    var result = RecognitionResult()
    let texts = names.compactMap { result.texts.intern($0.utf8.span) }
    return (result, texts)
  }

  private func number(_ name: String, _ table: inout NameTable) -> Int {
    table.number(of: name.utf8.span)
  }

  @Test func theSameBytesHaveOneNumberInAnyShard() throws {
    let (first, firstTexts) = shard(["a.example", "b.example"])
    let (second, secondTexts) = shard(["b.example", "c.example"])
    try #require(firstTexts.count == 2 && secondTexts.count == 2)
    var table = NameTable([first, second])
    #expect(table.number(ofAnnounced: firstTexts[0], shard: 0) == 0)
    #expect(table.number(ofAnnounced: secondTexts[0], shard: 1) == 1)
    #expect(table.number(ofAnnounced: firstTexts[1], shard: 0) == 1)
    #expect(number("b.example", &table) == 1)
    #expect(number("c.example", &table) == 2)
    #expect(table.number(ofAnnounced: secondTexts[1], shard: 1) == 2)
    #expect(table.number(ofAnnounced: secondTexts[1], shard: 1) == 2)
    #expect((0...2).map { table[$0] } == ["a.example", "b.example", "c.example"])
  }

  @Test func manyNamesKeepTheirNumbers() {
    var table = NameTable([])
    // Of all lengths around a word, and alike at either end.
    let names = (0..<2_000).map { String(repeating: "x", count: $0 % 19) + "\($0)" }
    for (expected, name) in names.enumerated() { #expect(number(name, &table) == expected) }
    for (expected, name) in names.enumerated() { #expect(number(name, &table) == expected) }
    #expect(table[1_234] == names[1_234])
  }

  @Test(arguments: [
    ("192.0.2.1", true), ("2001:db8::1", true), ("::", true), ("dead.beef", false),
    ("www.example.org", false), ("1.example.com", false), ("", false),
  ])
  func addressesAreNoNames(name: String, isAddress: Bool) {
    var table = NameTable([])
    let number = number(name, &table)
    let facts = table.facts(number)
    #expect(facts.isAddress == isAddress)
    #expect(facts.isEmpty == name.isEmpty)
  }

  /// As text compares: other letters than ASCII may be written in several ways.
  @Test func theSameTextInOtherBytesIsTheSameName() {
    var table = NameTable([])
    let composed = number("caf\u{E9}.example", &table)
    let decomposed = number("cafe\u{301}.example", &table)
    let letter = number("K.example", &table)
    let kelvin = number("\u{212A}.example", &table)
    let other = number("k.example", &table)
    #expect(composed != decomposed)
    #expect(table.areSame(composed, decomposed))
    #expect(table.areSame(letter, kelvin))
    #expect(!table.areSame(letter, other))
    #expect(!table.areSame(composed, letter))
  }
}

@Suite struct NameBookTests {
  private func book(_ names: [String]) -> (NameBook, [Int]) {
    var result = RecognitionResult()
    let texts = names.compactMap { result.texts.intern($0.utf8.span) }
    var book = NameBook([result])
    let numbers = texts.map { book.name(ofAnnounced: $0, shard: 0) }
    return (book, numbers)
  }

  @Test func namesOfServersComeFirstThenThoseLookedUpInOrderOfText() {
    var (book, names) = book(["s1", "s2", "d3", "d1", "d2", "192.0.2.1"])
    #expect(book.names(of: 7).isEmpty)
    book.addLookUp(names[2], of: 7)
    #expect(book.names(of: 7) == ["d3"])
    book.addServerName(names[0], of: 7, at: 1)
    #expect(book.names(of: 7) == ["s1", "d3"])
    book.addLookUp(names[3], of: 7)
    book.addLookUp(names[0], of: 7)
    book.addServerName(names[5], of: 7, at: 2)
    #expect(book.names(of: 7) == ["s1", "d1", "d3"])
    book.addServerName(names[1], of: 7, at: 3)
    book.addServerName(names[1], of: 7, at: 3)
    book.addLookUp(names[4], of: 7)
    #expect(book.names(of: 7) == ["s1", "s2", "d1", "d2"])
    #expect(book.names(of: 6).isEmpty)
  }

  @Test func namesOfServersAreKeptByFirstSightWhateverTheOrderOfAdding() {
    var (book, names) = book(["a", "b", "c", "d", "e", "f"])
    for (name, order) in [(5, 60), (4, 50), (2, 30), (3, 40), (1, 20), (0, 10)] {
      book.addServerName(names[name], of: 7, at: UInt64(order))
    }
    #expect(book.names(of: 7) == ["a", "b", "c", "d"])
    book.addServerName(names[5], of: 7, at: 5)
    #expect(book.names(of: 7) == ["f", "a", "b", "c"])
  }

  @Test func booksOfPartsAddUp() {
    var (first, names) = book(["a", "b", "c"])
    first.addServerName(names[1], of: 2, at: 20)
    var (second, others) = book(["c", "b", "d"])
    second.addServerName(others[1], of: 2, at: 10)
    second.addServerName(others[0], of: 2, at: 30)
    second.addServerName(others[2], of: 0, at: 5)
    first.addServerNames(of: second)
    #expect(first.names(of: 2) == ["b", "c"])
    #expect(first.names(of: 0) == ["d"])
    #expect(first.names(of: 1).isEmpty)
  }
}
