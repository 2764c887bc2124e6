// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// Keys of a hash over all bits of a flow's key, so that no one who does not know them can make up
/// flows that collide.
///
/// Both factors of each multiplication are keyed: with one fixed factor, a value that makes the
/// other zero would collide whatever the key.
struct TagSecrets: BitwiseCopyable {
  private let words: (UInt64, UInt64, UInt64, UInt64, UInt64, UInt64)

  /// Derives the keys from the seed of the run
  /// ([SplitMix64](https://doi.org/10.1145/2714064.2660195)).
  init(_ seed: UInt64) {
    var state = seed
    func next() -> UInt64 {
      state &+= 0x9E37_79B9_7F4A_7C15
      var mixed = state
      mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
      mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
      return mixed ^ (mixed >> 31)
    }
    words = (next(), next(), next(), next(), next(), next())
  }

  func tag(_ packet: DecodedPacket) -> UInt64 {
    tag(
      packet.firstHigh, packet.firstLow, packet.secondHigh, packet.secondLow,
      packet.portsAndProtocol)
  }

  func tag(_ entry: FlowEntry) -> UInt64 {
    tag(
      entry.firstHigh, entry.firstLow, entry.secondHigh, entry.secondLow, entry.portsAndProtocol)
  }

  func tag(_ remainder: RemainderKey) -> UInt64 {
    tag(
      remainder.firstHigh, remainder.firstLow, remainder.secondHigh, remainder.secondLow,
      remainder.portsAndProtocol)
  }

  private func tag(
    _ firstHigh: UInt64, _ firstLow: UInt64, _ secondHigh: UInt64, _ secondLow: UInt64,
    _ ports: UInt64
  ) -> UInt64 {
    let first = Self.fold(firstHigh ^ words.0, firstLow ^ words.1)
    let second = Self.fold(secondHigh ^ words.2, secondLow ^ words.3)
    return Self.fold(first ^ ports ^ words.4, second ^ words.5) & 0xFFFF_FFFF
  }

  private static func fold(_ lhs: UInt64, _ rhs: UInt64) -> UInt64 {
    let product = lhs.multipliedFullWidth(by: rhs)
    return product.high ^ product.low
  }
}
