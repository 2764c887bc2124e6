// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// What the first payload of a flow leaves behind, by which the same conversation is found on the
/// other side of an address translator.
///
/// A translator changes addresses, ports and checksums, never payload; TCP sequence numbers stay
/// too, but for the few that open connections themselves.
package struct FirstPayload: Sendable, BitwiseCopyable {
  /// Hash of length and first bytes, and for TCP of sequence and acknowledgment number.
  package var hash: UInt64
  /// Index of the flow in its shard.
  package var flow: UInt32

  /// Least payload of a datagram that is looked at: names and times asked for are shorter and much
  /// the same for everyone, RTP, QUIC and STUN are longer and have random fields.
  static let minimumDatagram: UInt32 = 64
  /// Least payload of a TCP segment; its sequence numbers tell it from others.
  static let minimumSegment: UInt32 = 16
  /// Bytes that are hashed.
  static let hashedBytes = 64

  /// Odd constant of [wyhash](https://github.com/wangyi-fudan/wyhash).
  private static let mixer: UInt64 = 0xA076_1D64_78BD_642F

  /// Hashes the payload of a packet; `nil` where it is too short or too plain to tell flows apart.
  @inline(never)
  init?(_ packet: DecodedPacket, _ bytes: Span<UInt8>, flow: UInt32) {
    let isTCP = packet.protocolNumber == 6
    guard packet.payloadLength >= (isTCP ? Self.minimumSegment : Self.minimumDatagram),
      packet.payloadCapturedLength >= (isTCP ? Self.minimumSegment : Self.minimumDatagram)
    else { return nil }
    let start = min(Int(packet.payloadOffset), bytes.count)
    let end = min(start + min(Int(packet.payloadCapturedLength), Self.hashedBytes), bytes.count)
    let payload = bytes.extracting(start..<end)
    let first = payload.bigEndian64(at: 0)
    var hash = UInt64(packet.payloadLength) ^ UInt64(packet.protocolNumber) &<< 56
    if isTCP {
      let numbers = UInt64(packet.sequenceNumber) &<< 32 | UInt64(packet.acknowledgmentNumber)
      hash = Self.fold(hash ^ numbers)
    }
    var distinct = 0
    var offset = 0
    while offset <= payload.count &- 8 {
      let word = payload.bigEndian64(at: offset)
      hash = Self.fold(hash ^ word)
      if word != first { distinct &+= 1 }
      offset &+= 8
    }
    // Padding and tests of the line: the same eight bytes again and again.
    guard isTCP || distinct > 1 else { return nil }
    self.hash = hash
    self.flow = flow
  }

  @inline(__always)
  private static func fold(_ value: UInt64) -> UInt64 {
    let product = (value ^ mixer).multipliedFullWidth(by: 0xE703_7ED1_A0B4_28DB)
    return product.high ^ product.low
  }
}
