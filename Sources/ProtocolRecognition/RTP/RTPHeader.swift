// SPDX-License-Identifier: Apache-2.0

/// The fixed header of an RTP packet,
/// [RFC 3550 §5.1](https://www.rfc-editor.org/rfc/rfc3550#section-5.1).
///
/// ```
///  0                   1                   2                   3
///  0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1 2 3 4 5 6 7 8 9 0 1
/// |V=2|P|X|  CC   |M|     PT      |       sequence number         |
/// |                           timestamp                           |
/// |           synchronization source (SSRC) identifier            |
/// ```
public struct RTPHeader: Sendable, Equatable, BitwiseCopyable {
  /// The marker bit; for video the last packet of a frame.
  public var hasMarker: Bool
  /// Payload type, 0...127.
  public var payloadType: UInt8
  /// Sequence number, modulo 2^16.
  public var sequenceNumber: UInt16
  /// Timestamp in units of the stream's clock, modulo 2^32.
  public var timestamp: UInt32
  /// Synchronization source identifier (SSRC).
  public var synchronizationSource: UInt32
  /// Offset of the payload after CSRC list and extension, in captured bytes.
  public var payloadOffset: Int
  /// Number of captured payload bytes, padding removed.
  public var payloadByteCount: Int
  /// Number of payload bytes on the wire, padding removed where it was captured.
  public var originalPayloadByteCount: Int

  /// Length of the fixed header in bytes.
  static let fixedByteCount = 12

  /// Payload types that RTCP packet types collide with on one port
  /// ([RFC 5761 §4](https://www.rfc-editor.org/rfc/rfc5761#section-4)).
  static let conflictingPayloadTypes: ClosedRange<UInt8> = 64...95

  /// Reads the header of a datagram or frame, or refuses what is not shaped as RTP: version 2,
  /// a payload type outside 64...95, and CSRC list, extension and padding that fit.
  ///
  /// `originalLength` is the length on the wire, at least `bytes.count`; above it the capture was
  /// cut and the padding is not checked.
  @inline(__always)
  public init?(parsing bytes: Span<UInt8>, originalLength: Int) {
    let count = bytes.count
    guard let words = bytes.leadingWords else { return nil }
    let first = UInt8(truncatingIfNeeded: words.high >> 56)
    let second = UInt8(truncatingIfNeeded: words.high >> 48)
    guard first & 0xC0 == 0x80 else { return nil }
    payloadType = second & 0x7F
    guard !Self.conflictingPayloadTypes.contains(payloadType) else { return nil }
    hasMarker = second & 0x80 != 0
    sequenceNumber = UInt16(truncatingIfNeeded: words.high >> 32)
    timestamp = UInt32(truncatingIfNeeded: words.high)
    synchronizationSource = words.low
    let length = max(originalLength, count)
    // Neither padding nor extension nor CSRC list.
    if first & 0x3F == 0 {
      payloadOffset = Self.fixedByteCount
      payloadByteCount = count &- Self.fixedByteCount
      originalPayloadByteCount = length &- Self.fixedByteCount
      return
    }
    var offset = Self.fixedByteCount
    if first & 0x1F != 0 {
      offset &+= 4 &* Int(first & 0x0F)
      if first & 0x10 != 0 {
        guard offset &+ 4 <= length else { return nil }
        if offset &+ 4 <= count {
          let words = Int(bytes[offset &+ 2]) << 8 | Int(bytes[offset &+ 3])
          offset &+= 4 &+ 4 &* words
        } else {
          offset = length
        }
      }
      guard offset <= length else { return nil }
    }
    var padding = 0
    if first & 0x20 != 0, count == length {
      padding = Int(bytes[count &- 1])
      guard padding >= 1, offset &+ padding <= count else { return nil }
    }
    originalPayloadByteCount = length &- offset &- padding
    payloadOffset = min(offset, count)
    payloadByteCount = min(count, length &- padding) &- payloadOffset
  }
}
