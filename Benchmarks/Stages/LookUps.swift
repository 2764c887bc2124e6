// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import PacketDecoding

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// Looks random addresses up in a GeoIP table and prints what one look-up takes: in nanoseconds of
/// the processor's time, which other work on the machine hardly changes, and in instructions by the
/// difference of two runs under callgrind.
///
/// The addresses are spread evenly over the space (three of four IPv4, the others 2000::/3), so that
/// neither the processor's caches nor the last answer help: captures ask for the same few.
struct LookUps {
  static let addressCount = 200_000

  let table: String
  /// Times that all addresses are looked up.
  let rounds: Int

  func run() throws {
    let start = Self.seconds()
    let database = try GeoIPDatabase(loading: [.file(table)])
    let loading = Self.seconds() - start
    var state: UInt64 = 20_261_129
    let addresses = (0..<Self.addressCount).map { index in
      let (high, low) = (Self.next(&state), Self.next(&state))
      return index % 4 == 0
        ? IPAddress(high: high >> 3 | 1 << 61, low: low)
        : IPAddress(v4: UInt32(truncatingIfNeeded: low))
    }
    var found = 0
    let beginning = Self.seconds()
    for _ in 0..<rounds {
      for address in addresses where database.record(for: address)?.asn != nil { found += 1 }
    }
    let time = Self.seconds() - beginning
    let count = rounds * Self.addressCount
    let each = count == 0 ? 0 : time * 1e9 / Double(count)
    print(
      "{\"rows\": \(database.tables[0].rows), \"load_seconds\": \(loading), "
        + "\"look_ups\": \(count), \"found\": \(found), \"nanoseconds_each\": \(each)}")
  }

  /// Processor time of the program; POSIX counts it in millionths of a second.
  private static func seconds() -> Double { Double(clock()) / 1e6 }

  /// SplitMix64, so that every run asks the same.
  private static func next(_ state: inout UInt64) -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }
}
