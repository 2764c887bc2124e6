// SPDX-License-Identifier: Apache-2.0

/// 802.11 frame, [IEEE 802.11-2020 §9.2.3](https://standards.ieee.org/ieee/802.11/7028/),
/// LINKTYPE_IEEE802_11.
///
///     +-------------+----------+-----------+-----------+-----------+----------+
///     |frame control| duration | address 1 | address 2 | address 3 | sequence |
///     +-------------+----------+-----------+-----------+-----------+----------+
///     | address 4 (to DS and from DS) | QoS control (2) | HT control (4) | body
///     +-------------------------------+-----------------+----------------+- - -
///
/// Data frames lead to LLC; an A-MSDU has a packet for each subframe. Protected frames and later
/// fragments are opaque: their MAC addresses make the key, the body is the payload.
enum WirelessFrame {
  static let linkType: UInt32 = 105
  static let layer = LinkLayer(
    name: "802.11", linkTypes: [linkType],
    decode: { decode($0, isPadded: false, &$1) })

  private static let toDistribution: UInt8 = 0x01
  private static let fromDistribution: UInt8 = 0x02
  private static let moreFragments: UInt8 = 0x04
  private static let protected: UInt8 = 0x40
  private static let order: UInt8 = 0x80

  /// Decodes the frame at `state.offset`; `isPadded` where the driver filled its header up to a
  /// multiple of four bytes.
  static func decode(
    _ bytes: Span<UInt8>, isPadded: Bool, _ state: inout DecodingState
  ) -> NextLayer {
    let frame = state.rest(of: bytes)
    guard frame.count >= 24 else { return .payload }
    return decode(frame, control: frame[0], flags: frame[1], isPadded: isPadded, bytes, &state)
  }

  /// Decodes a frame that an access point hands over by CAPWAP, with its two control bytes in
  /// either order: several makers send them exchanged
  /// ([Wireshark's preference](https://www.wireshark.org/docs/dfref/c/capwap.html) says whose).
  static func decodeFromController(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let frame = state.rest(of: bytes)
    guard frame.count >= 24 else { return .payload }
    let isExchanged = frame[0] & 0x0F != dataType && frame[1] & 0x0F == dataType
    guard isExchanged else { return decode(bytes, isPadded: false, &state) }
    let next = decode(
      frame, control: frame[1], flags: frame[0], isPadded: false, bytes, &state)
    // The addresses are told by the second byte, which here is the first.
    state.packet.macOffset = DecodedPacket.noMAC
    state.packet.flags.remove(.hasWirelessHeader)
    return next
  }

  /// Version 0 and type 2 in the first control byte: a data frame.
  private static let dataType: UInt8 = 0x08

  private static func decode(
    _ frame: Span<UInt8>, control: UInt8, flags: UInt8, isPadded: Bool, _ bytes: Span<UInt8>,
    _ state: inout DecodingState
  ) -> NextLayer {
    // The null functions (bit 6) carry no data.
    guard control & 0x0F == dataType, control & 0x40 == 0,
      let addresses = addresses(frame, flags: flags)
    else { return .payload }
    var length = 24
    if flags & (toDistribution | fromDistribution) == toDistribution | fromDistribution {
      length &+= 6
    }
    var isAggregate = false
    if control & 0x80 != 0 {
      guard frame.count >= length &+ 2 else { return .payload }
      isAggregate = frame[length] & 0x80 != 0
      length &+= 2
      if flags & order != 0 { length &+= 4 }
    }
    if isPadded { length = (length &+ 3) & ~3 }
    state.setMAC(at: state.offset)
    if state.packet.macOffset != DecodedPacket.noMAC {
      state.packet.flags.insert(.hasWirelessHeader)
    }
    let isLaterFragment = frame[22] & 0x0F != 0
    state.offset &+= length
    if flags & protected != 0 || isLaterFragment {
      enterOpaque(source: addresses.source, destination: addresses.destination, &state)
      return .payload
    }
    guard state.has(1) else { return .payload }
    if isAggregate { return decodeAggregate(bytes, &state) }
    return LLC.decode(bytes, &state)
  }

  /// Source and destination by the "to DS" and "from DS" bits (table 9-30).
  static func addresses(
    _ frame: Span<UInt8>
  ) -> (source: MACAddress, destination: MACAddress)? {
    guard frame.count >= 24 else { return nil }
    return addresses(frame, flags: frame[1])
  }

  private static func addresses(
    _ frame: Span<UInt8>, flags: UInt8
  ) -> (source: MACAddress, destination: MACAddress)? {
    let first = MACAddress(bits: frame.uint48(at: 4))
    let second = MACAddress(bits: frame.uint48(at: 10))
    let third = MACAddress(bits: frame.uint48(at: 16))
    switch flags & (toDistribution | fromDistribution) {
    case 0: return (second, first)
    case fromDistribution: return (third, first)
    case toDistribution: return (second, third)
    default:
      guard frame.count >= 30 else { return nil }
      return (MACAddress(bits: frame.uint48(at: 24)), third)
    }
  }

  /// Bytes before the LLC header of a subframe, and the multiple to which all but the last are
  /// filled up (§9.3.2.2.2).
  private static let subframeHeaderLength = 14
  private static let subframeAlignment = 4

  /// A-MSDU subframes: destination, source, length, LLC; §9.3.2.2.2.
  ///
  /// Enters the wanted one; `PacketDecoder.addSubframes` asks for those behind the first. An A-MSDU
  /// inside a tunnel of another gives its first only.
  private static func decodeAggregate(
    _ bytes: Span<UInt8>, _ state: inout DecodingState
  ) -> NextLayer {
    let isOuter = state.subframe == nil
    var left = isOuter ? state.wantedSubframe : 0
    while let length = subframeLength(bytes, state) {
      let next = state.offset &+ (length &+ subframeAlignment &- 1) & ~(subframeAlignment &- 1)
      guard left == 0 else {
        left &-= 1
        state.offset = next
        continue
      }
      if isOuter {
        let hasNext = subframeLength(bytes, state, at: next) != nil
        if hasNext { state.packet.flags.insert(.hasNextSubframe) }
        state.subframe = state.offset..<(hasNext ? next : state.offset &+ length)
      }
      state.setMAC(at: state.offset)
      _ = state.limit(to: length)
      state.offset &+= subframeHeaderLength
      return LLC.decode(bytes, &state)
    }
    return .payload
  }

  /// Bytes of the subframe at an offset with its header, where that was captured and what it
  /// announces was sent; `nil` at the end.
  private static func subframeLength(
    _ bytes: Span<UInt8>, _ state: DecodingState, at offset: Int? = nil
  ) -> Int? {
    var state = state
    state.offset = offset ?? state.offset
    let subframe = state.rest(of: bytes)
    guard subframe.count >= subframeHeaderLength else { return nil }
    let length = Int(subframe.uint16(at: 12))
    guard length > 0 else { return nil }
    let whole = length &+ subframeHeaderLength
    return state.offset &+ whole <= state.wireEnd ? whole : nil
  }

  /// Makes a frame that cannot be read a packet between its MAC addresses, unless it is inside a
  /// packet that belongs to a flow already.
  private static func enterOpaque(
    source: MACAddress, destination: MACAddress, _ state: inout DecodingState
  ) {
    guard !state.packet.flags.contains(.hasNetworkLayer) else { return }
    state.packet.flags.insert(.isOpaqueWireless)
    state.packet.firstLow = source.bits
    state.packet.secondLow = destination.bits
    state.setPayload()
  }
}
