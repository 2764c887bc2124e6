// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// Dynamic Host Configuration Protocol, [RFC 2131](https://www.rfc-editor.org/rfc/rfc2131) with the
/// options of RFC 2132: who has which address, and how it names itself.
struct DHCPRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let serverPort: UInt16 = 67
  static let magicCookie: UInt32 = 0x6382_5363
  /// Options read of one message.
  static let maximumOptions = 64

  static let firstBytes = FirstBytes(1...2)

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard hint.uses(serverPort), bytes.count >= 240, bytes[0] == 1 || bytes[0] == 2,
      bytes.integer32(236) == magicCookie
    else { return .notMine }
    return .certain
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    guard bytes.count >= 240, bytes.integer32(236) == Self.magicCookie else {
      return .foreignDatagram
    }
    context.setService(.dhcp, chunk)
    var kind: UInt8 = 0
    var requested: UInt32 = 0
    var hostName = ""
    var vendorClass = ""
    var parameters: [UInt8] = []
    var offset = 240
    var number = 0
    while offset &+ 2 <= bytes.count, bytes[offset] != 255, number < Self.maximumOptions {
      if bytes[offset] == 0 {
        offset &+= 1
        continue
      }
      let start = offset &+ 2
      let end = start &+ Int(bytes[offset &+ 1])
      guard end <= bytes.count else { break }
      switch bytes[offset] {
      case 12: hostName = bytes.text(start..<end)
      case 50: requested = bytes.integer32(start)
      case 53: kind = bytes.byte(start)
      case 55: parameters = bytes.array(start..<end)
      case 60: vendorClass = bytes.text(start..<end)
      default: break
      }
      offset = end
      number &+= 1
    }
    // Acknowledgments give an address; a client's own messages tell its names.
    let isAcknowledgment = bytes[0] == 2 && kind == 5
    var address = bytes.integer32(isAcknowledgment ? 16 : 12)
    if address == 0 { address = isAcknowledgment ? bytes.integer32(12) : requested }
    guard isAcknowledgment || (bytes[0] == 1 && (kind == 1 || kind == 3 || kind == 8)) else {
      return .more
    }
    let isEthernet = bytes[1] == 1 && bytes[2] == 6
    let hardware = UInt64(bytes.integer16(28)) << 32 | UInt64(bytes.integer32(30))
    context.announce(
      LeaseAnnouncement(
        place: context.place(chunk),
        address: address == 0 ? .unspecified : IPAddress(v4: address),
        hardwareAddress: isEthernet ? MACAddress(bits: hardware) : nil, hostName: hostName,
        vendorClass: vendorClass, parameters: parameters))
    return .more
  }
}
