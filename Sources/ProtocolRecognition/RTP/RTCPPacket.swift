// SPDX-License-Identifier: Apache-2.0

/// Totals that a sender of RTP states itself,
/// [RFC 3550 §6.4.1](https://www.rfc-editor.org/rfc/rfc3550#section-6.4.1).
public struct RTCPSenderReport: Sendable, Equatable, BitwiseCopyable {
  /// SSRC of the sender.
  public var synchronizationSource: UInt32
  /// The sender's wall clock, 32.32 fixed point seconds since 1900.
  public var networkTime: UInt64
  /// RTP timestamp at the same instant.
  public var timestamp: UInt32
  /// Packets sent so far.
  public var packets: UInt32
  /// Payload bytes sent so far.
  public var payloadBytes: UInt32
  /// Time of the report's capture, nanoseconds since 1970.
  public var time: Int64

  /// Seconds from 1900, where network time begins, to 1970 (RFC 5905 §6).
  static let networkEpoch: UInt64 = 2_208_988_800

  /// The sender's own clock at the RTP timestamp, nanoseconds since 1970; `nil` where it was not
  /// set, as senders without a clock count from zero (RFC 3550 §6.4.1).
  public var senderTime: Int64? {
    let seconds = networkTime >> 32
    guard seconds >= Self.networkEpoch else { return nil }
    let fraction = (networkTime & 0xFFFF_FFFF) &* 1_000_000_000 >> 32
    return Int64((seconds &- Self.networkEpoch) &* 1_000_000_000 &+ fraction)
  }
}

/// The sender reports of one stream: what the sender says it sent between the first and the last,
/// and what was captured meanwhile.
public struct RTCPSenderHistory: Sendable, Equatable, BitwiseCopyable {
  /// The first report.
  public let first: RTCPSenderReport
  /// The last report.
  public private(set) var last: RTCPSenderReport
  /// Number of reports.
  public private(set) var count: UInt64 = 1
  private let capturedBefore: UInt64
  private var capturedSoFar: UInt64

  init(_ report: RTCPSenderReport, capturedPackets: UInt64) {
    first = report
    last = report
    capturedBefore = capturedPackets
    capturedSoFar = capturedPackets
  }

  /// The history with one more report.
  func followed(by next: RTCPSenderHistory) -> RTCPSenderHistory {
    var history = self
    history.last = next.last
    history.capturedSoFar = next.capturedSoFar
    history.count &+= 1
    return history
  }

  /// Packets that the sender says it sent from its first to its last report, modulo 2^32; `nil` of
  /// a single report.
  public var sentPackets: UInt32? { count > 1 ? last.packets &- first.packets : nil }

  /// Packets of the stream captured meanwhile, each sequence number once.
  public var capturedPackets: UInt64? { count > 1 ? capturedSoFar &- capturedBefore : nil }
}

/// One reception report block, RFC 3550 §6.4.1.
struct RTCPReportBlock: BitwiseCopyable {
  var synchronizationSource: UInt32
  var fractionLost: UInt8
  var cumulativeLost: Int32
  var extendedHighestSequence: UInt32
  var jitter: UInt32
}

/// What a compound RTCP packet says, read one sub-packet at a time.
enum RTCPItem {
  case senderReport(RTCPSenderReport)
  case reportBlock(RTCPReportBlock)
  case bye(UInt32)
  case canonicalName(UInt32, Range<Int>)
  /// PLI or FIR for a media source.
  case pictureRequest(UInt32)
}

/// RTCP compound packets, [RFC 3550 §6](https://www.rfc-editor.org/rfc/rfc3550#section-6).
enum RTCPPacket {
  /// Packet types with the second byte 192...223 (RFC 5761 §4).
  static let packetTypes: ClosedRange<UInt8> = 192...223
  /// Sub-packets read of one datagram.
  static let maximumSubpackets = 32

  /// Whether the bytes are shaped as a compound packet: version 2, RTCP types, lengths that chain
  /// to the end of the datagram (or to where the capture cut it).
  static func isCompound(_ bytes: Span<UInt8>, originalLength: Int) -> Bool {
    guard bytes.count >= 8, bytes[0] & 0xC0 == 0x80, (200...207).contains(bytes[1]) else {
      return false
    }
    var offset = 0
    var number = 0
    while offset &+ 4 <= bytes.count, number < maximumSubpackets {
      guard bytes[offset] & 0xC0 == 0x80, packetTypes.contains(bytes[offset &+ 1]) else {
        // SRTCP ciphers everything after the first eight bytes; one good length is what remains.
        return number > 0 && offset <= originalLength
      }
      offset &+= 4 &+ 4 &* bytes.integer16(offset &+ 2)
      number &+= 1
    }
    return number > 0 && offset <= originalLength
  }

  /// Whether a compound packet holds the request for retransmission of RIST: an APP packet named
  /// `RIST` (VSF TR-06-1 §5.3.2; camera-protocols.md A13).
  static func asksForRetransmission(_ bytes: Span<UInt8>) -> Bool {
    var offset = 0
    var number = 0
    while offset &+ 12 <= bytes.count, number < maximumSubpackets {
      if bytes[offset &+ 1] == 204, bytes.has("RIST", at: offset &+ 8) { return true }
      offset &+= 4 &+ 4 &* bytes.integer16(offset &+ 2)
      number &+= 1
    }
    return false
  }

  /// Calls `body` for every item of a compound packet that was captured whole.
  static func forEachItem(of bytes: Span<UInt8>, time: Int64, _ body: (RTCPItem) -> Void) {
    var offset = 0
    var number = 0
    while offset &+ 8 <= bytes.count, bytes[offset] & 0xC0 == 0x80, number < maximumSubpackets {
      let length = 4 &+ 4 &* bytes.integer16(offset &+ 2)
      let type = bytes[offset &+ 1]
      let count = Int(bytes[offset] & 0x1F)
      let end = min(offset &+ length, bytes.count)
      let source = bytes.integer32(offset &+ 4)
      var blocks = 0
      switch type {
      case 200 where end &- offset >= 28:
        body(
          .senderReport(
            RTCPSenderReport(
              synchronizationSource: source,
              networkTime: UInt64(bytes.integer32(offset &+ 8)) << 32
                | UInt64(bytes.integer32(offset &+ 12)),
              timestamp: bytes.integer32(offset &+ 16), packets: bytes.integer32(offset &+ 20),
              payloadBytes: bytes.integer32(offset &+ 24), time: time)))
        blocks = offset &+ 28
      case 201: blocks = offset &+ 8
      case 203:
        for index in 0..<count where offset &+ 8 &+ 4 &* index <= end {
          body(.bye(bytes.integer32(offset &+ 4 &+ 4 &* index)))
        }
      case 206 where (count == 1 || count == 4) && end &- offset >= 12:
        body(
          .pictureRequest(bytes.integer32(offset &+ (count == 4 && end &- offset >= 16 ? 12 : 8))))
      case 202 where end &- offset >= 11 && bytes[offset &+ 8] == 1:
        let length = Int(bytes[offset &+ 9])
        if offset &+ 10 &+ length <= end {
          body(.canonicalName(source, offset &+ 10..<offset &+ 10 &+ length))
        }
      default: break
      }
      if blocks > 0 {
        for _ in 0..<count where blocks &+ 24 <= end {
          let loss = bytes.integer32(blocks &+ 4)
          body(
            .reportBlock(
              RTCPReportBlock(
                synchronizationSource: bytes.integer32(blocks),
                fractionLost: UInt8(truncatingIfNeeded: loss >> 24),
                cumulativeLost: Int32(bitPattern: loss << 8) >> 8,
                extendedHighestSequence: bytes.integer32(blocks &+ 8),
                jitter: bytes.integer32(blocks &+ 12))))
          blocks &+= 24
        }
      }
      offset &+= length
      number &+= 1
    }
  }
}
