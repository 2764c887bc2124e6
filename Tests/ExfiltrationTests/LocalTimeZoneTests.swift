// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import Exfiltration

@Suite struct LocalTimeZoneTests {
  private static let winter: Int64 = 1_768_478_400_000_000_000  // 2026-01-15T12:00:00Z
  private static let summer: Int64 = 1_784_116_800_000_000_000  // 2026-07-15T12:00:00Z

  @Test(arguments: [
    ("UTC", 0), ("+02:00", 7_200), ("-0330", -12_600), ("+5", 18_000), ("+14:00", 50_400),
  ])
  func readsOffsets(name: String, seconds: Int) throws {
    let zone = try #require(LocalTimeZone(name))
    #expect(zone.offset(at: Self.winter) == seconds)
    #expect(zone.offset(at: Self.summer) == seconds)
  }

  @Test(arguments: ["", "+15:00", "+", "+1:75", "../etc/passwd", "/etc/passwd", "Nowhere/Atall"])
  func refusesOthers(name: String) {
    #expect(LocalTimeZone(name) == nil)
  }

  @Test func readsTheRuleOfLaterYears() throws {
    let bytes = Self.zoneFile(times: [], offsets: [3_600], rule: "CET-1CEST,M3.5.0,M10.5.0/3")
    let zone = try #require(LocalTimeZone(name: "Test/Rome", bytes: bytes))
    #expect(zone.offset(at: Self.winter) == 3_600)
    #expect(zone.offset(at: Self.summer) == 7_200)
    // 2026-03-29T01:00:00Z is the change; 2026-10-25T01:00:00Z the change back.
    #expect(zone.offset(at: 1_774_745_999_999_999_999) == 3_600)
    #expect(zone.offset(at: 1_774_746_000_000_000_000) == 7_200)
    #expect(zone.offset(at: 1_792_889_999_999_999_999) == 7_200)
    #expect(zone.offset(at: 1_792_890_000_000_000_000) == 3_600)
  }

  @Test func theSouthHasSummerAtTheTurnOfTheYear() throws {
    let bytes = Self.zoneFile(
      times: [], offsets: [36_000], rule: "AEST-10AEDT,M10.1.0,M4.1.0/3")
    let zone = try #require(LocalTimeZone(name: "Test/Sydney", bytes: bytes))
    #expect(zone.offset(at: Self.winter) == 39_600)
    #expect(zone.offset(at: Self.summer) == 36_000)
  }

  @Test func readsTransitions() throws {
    let bytes = Self.zoneFile(times: [1_000, 2_000], offsets: [0, 3_600, 7_200], rule: "<+02>-2")
    let zone = try #require(LocalTimeZone(name: "Test/Steps", bytes: bytes))
    #expect(zone.offset(at: 999_999_999_999) == 0)
    #expect(zone.offset(at: 1_000_000_000_000) == 3_600)
    #expect(zone.offset(at: 1_500_000_000_000) == 3_600)
    #expect(zone.offset(at: 2_000_000_000_000) == 7_200)
    #expect(zone.offset(at: Self.summer) == 7_200)
    #expect(zone.offset(at: -1) == 0)
  }

  @Test func everyCutOfAZoneFileIsRefusedOrRead() {
    let bytes = Self.zoneFile(
      times: [1_000], offsets: [0, 3_600], rule: "CET-1CEST,M3.5.0,M10.5.0")
    for count in 0..<bytes.count {
      let zone = LocalTimeZone(name: "cut", bytes: Array(bytes.prefix(count)))
      _ = zone?.offset(at: Self.summer)
    }
    for index in bytes.indices {
      var changed = bytes
      changed[index] = ~changed[index]
      _ = LocalTimeZone(name: "changed", bytes: changed)?.offset(at: Self.summer)
    }
    #expect(LocalTimeZone(name: "cut", bytes: Array(bytes.prefix(60))) == nil)
  }

  /// A version 2 zone file whose offset `n + 1` begins at time `n`.
  private static func zoneFile(times: [Int64], offsets: [Int], rule: String) -> [UInt8] {
    func part(_ size: Int) -> [UInt8] {
      var bytes = Array("TZif2".utf8) + [UInt8](repeating: 0, count: 15)
      for count in [0, 0, 0, times.count, offsets.count, 1] { bytes += big(Int64(count), 4) }
      for time in times { bytes += big(time, size) }
      for index in times.indices { bytes.append(UInt8(index + 1)) }
      for offset in offsets { bytes += big(Int64(offset), 4) + [0, 0] }
      return bytes + [0]
    }
    return part(4) + part(8) + [0x0A] + Array(rule.utf8) + [0x0A]
  }

  private static func big(_ value: Int64, _ count: Int) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: value >> Int64((count - 1 - $0) * 8)) }
  }
}
