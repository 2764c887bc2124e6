// SPDX-License-Identifier: Apache-2.0

/// What copies of one packet share, whatever MAC address, VLAN, TTL and IP checksum they have
/// (DESIGN.md §3, FlowTracking): key and direction, IP identification, transport header words,
/// length, and the first and last eight captured bytes of the payload.
struct Fingerprint {
  /// IPv4 identification and fragment offset, or IPv6 flow label and payload length.
  var identity: UInt64 = 0
  /// TCP sequence and acknowledgment numbers; UDP length and checksum; ICMP header.
  var transport: UInt64 = 0
  /// TCP checksum and flags; SCTP checksum.
  var checksum: UInt64 = 0
  /// TCP timestamps.
  var options: UInt64 = 0

  /// The first and the last eight captured bytes of the payload; shorter payload is all in `first`.
  private var first: UInt64 = 0
  private var last: UInt64 = 0

  /// Notes the captured payload, which lies in `range` of `bytes`.
  @inline(__always)
  mutating func note(_ bytes: Span<UInt8>, payload range: Range<Int>) {
    if range.count >= 8, range.lowerBound >= 0, range.upperBound <= bytes.count {
      first = bytes.guardedUInt64(at: range.lowerBound)
      last = bytes.guardedUInt64(at: range.upperBound &- 8)
    } else {
      for index in range { first = first &<< 8 | UInt64(bytes[index]) }
    }
  }

  /// Hashes the words together with the packet's key and length.
  @inline(__always)
  func hash(key: UInt64, isReversed: Bool, payloadLength: UInt32) -> UInt64 {
    let directed = isReversed ? ~key : key
    let lengths = UInt64(payloadLength) &<< 32 | checksum
    var hash = KeyHash.fold(directed ^ transport, identity ^ KeyHash.seeds.1)
    hash = KeyHash.fold(hash ^ first, lengths ^ KeyHash.seeds.2)
    return KeyHash.fold(hash ^ last, options ^ KeyHash.seeds.3)
  }
}
