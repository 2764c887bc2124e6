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

  /// Hashes the words together with the packet's key, length and payload.
  @inline(__always)
  func hash(key: UInt64, isReversed: Bool, payloadLength: UInt32, payload: Span<UInt8>) -> UInt64 {
    var first: UInt64 = 0
    var last: UInt64 = 0
    if payload.count >= 8 {
      first = payload.uint64(at: 0)
      last = payload.uint64(at: payload.count &- 8)
    } else {
      for index in payload.indices { first = first &<< 8 | UInt64(payload[index]) }
    }
    let directed = isReversed ? ~key : key
    let lengths = UInt64(payloadLength) &<< 32 | checksum
    var hash = KeyHash.fold(directed ^ transport, identity ^ KeyHash.seeds.1)
    hash = KeyHash.fold(hash ^ first, lengths ^ KeyHash.seeds.2)
    return KeyHash.fold(hash ^ last, options ^ KeyHash.seeds.3)
  }
}
