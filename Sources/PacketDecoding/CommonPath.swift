// SPDX-License-Identifier: Apache-2.0

/// The shortcut for what nearly every record holds: Ethernet, at most one 802.1Q tag, an IP header
/// without options or fragments, TCP or UDP that is no tunnel's, every length in order.
///
/// It gives what the layers of `follow(_:_:_:)` give (a test compares the two), in two
/// thirds of the instructions, because everything stays in registers. Whatever is not plain goes there.
extension PacketDecoder {
  /// Decodes an Ethernet frame into `packet`, which holds the record's own facts; returns whether
  /// it was a plain one.
  ///
  /// If not, `packet` is to be thrown away.
  @inline(__always)
  func decodeCommon(_ frame: Span<UInt8>, _ packet: inout DecodedPacket) -> Bool {
    guard frame.count >= EthernetFrame.headerLength &+ 4 else { return false }
    var type = frame.uint16(at: 12)
    var start = EthernetFrame.headerLength
    if type == 0x8100 {
      let identifier = frame.uint16(at: 14) & 0x0FFF
      if identifier != 0 { packet.vlan = identifier }
      type = frame.uint16(at: 16)
      start = EthernetFrame.headerLength &+ 4
    }
    let wireCount = max(Int(packet.originalLength), frame.count) &- start
    let header = frame.extracting(start..<frame.count)
    var fingerprint = Fingerprint()
    let number: UInt8
    let headerLength: Int
    let totalLength: Int
    if type == EtherTypes.ipv4 {
      guard header.count >= IPv4Header.minimumLength, header[0] == 0x45 else { return false }
      totalLength = Int(header.uint16(at: 2))
      guard header.uint16(at: 6) & 0x3FFF == 0 else { return false }
      packet.firstLow = IPAddress(v4: header.uint32(at: 12)).low
      packet.secondLow = IPAddress(v4: header.uint32(at: 16)).low
      packet.trafficClass = header[1]
      packet.timeToLive = header[8]
      number = header[9]
      fingerprint.identity = UInt64(header.uint16(at: 4)) &<< 32
      headerLength = IPv4Header.minimumLength
    } else if type == EtherTypes.ipv6 {
      guard header.count >= IPv6Header.minimumLength, header[0] >> 4 == 6 else { return false }
      let payloadLength = header.uint16(at: 4)
      guard payloadLength != 0 else { return false }
      let word = header.uint32(at: 0)
      totalLength = IPv6Header.minimumLength &+ Int(payloadLength)
      packet.firstHigh = header.uint64(at: 8)
      packet.firstLow = header.uint64(at: 16)
      packet.secondHigh = header.uint64(at: 24)
      packet.secondLow = header.uint64(at: 32)
      packet.trafficClass = UInt8(truncatingIfNeeded: word >> 20)
      number = header[6]
      packet.timeToLive = header[7]
      fingerprint.identity = UInt64(word & 0xF_FFFF) &<< 32 | UInt64(payloadLength)
      headerLength = IPv6Header.minimumLength
    } else {
      return false
    }
    guard totalLength <= wireCount, totalLength >= headerLength else { return false }
    let end = min(totalLength, header.count)
    guard headerLength <= end else { return false }
    let transport = header.extracting(headerLength..<end)
    let transportLength = totalLength &- headerLength
    let length: Int
    var payloadEnd = transport.count
    let payloadLength: Int
    if number == TCPHeader.protocolNumber {
      guard transport.count >= TCPHeader.minimumLength else { return false }
      let sequenceNumber = transport.uint32(at: 4)
      let acknowledgmentNumber = transport.uint32(at: 8)
      length = Int(transport[12] >> 4) &* 4
      guard length >= TCPHeader.minimumLength, length <= transportLength else { return false }
      packet.sequenceNumber = sequenceNumber
      packet.acknowledgmentNumber = acknowledgmentNumber
      packet.tcpFlags = transport[13]
      packet.window = transport.uint16(at: 14)
      fingerprint.transport = UInt64(sequenceNumber) &<< 32 | UInt64(acknowledgmentNumber)
      fingerprint.checksum = UInt64(transport.uint16(at: 16)) &<< 8 | UInt64(transport[13])
      if length > TCPHeader.minimumLength {
        packet.flags.insert(.hasTransportOptions)
        if length >= 32, transport.count >= 32 {
          fingerprint.options = transport.uint64(at: 24)
        }
      }
      payloadLength = transportLength &- length
    } else if number == UDPHeader.protocolNumber {
      guard transport.count >= UDPHeader.length else { return false }
      let datagramLength = Int(transport.uint16(at: 4))
      guard datagramLength >= UDPHeader.length, datagramLength <= transportLength,
        !mayBeTunnel(transport.uint16(at: 0)), !mayBeTunnel(transport.uint16(at: 2))
      else { return false }
      length = UDPHeader.length
      fingerprint.transport = UInt64(transport.uint32(at: 4))
      payloadEnd = min(payloadEnd, datagramLength)
      payloadLength = datagramLength &- length
    } else {
      return false
    }
    packet.protocolNumber = number
    packet.macOffset = 0
    packet.flags.insert([.hasNetworkLayer, .hasTransportHeader])
    let payloadStart = min(length, payloadEnd)
    let payload = transport.extracting(payloadStart..<payloadEnd)
    packet.payloadLength = UInt32(truncatingIfNeeded: payloadLength)
    packet.payloadCapturedLength = UInt32(truncatingIfNeeded: payload.count)
    packet.payloadOffset =
      packet.recordOffset &+ UInt32(truncatingIfNeeded: start &+ headerLength &+ length)
    packet.orderKey(
      sourcePort: transport.uint16(at: 0), destinationPort: transport.uint16(at: 2))
    packet.fingerprint = fingerprint.hash(
      key: packet.keyHash, isReversed: packet.flags.contains(.isReversed),
      payloadLength: packet.payloadLength, payload: payload)
    if includesVLANInKey { packet.addVLANToKey() }
    return true
  }
}
