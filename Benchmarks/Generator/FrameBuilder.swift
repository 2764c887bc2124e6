// SPDX-License-Identifier: Apache-2.0

/// Builds one Ethernet frame at a time in a buffer that is used again.
///
/// The order is: `begin`, payload bytes, `finish` (lengths, checksums, padding).
final class FrameBuilder {
  /// Ethernet payload of 1,500 bytes, header, one VLAN tag, and room for whole words.
  static let capacity = 2048
  /// IEEE 802.3 3.2.8: least frame without its check sequence.
  static let minimumFrameLength = 60

  let bytes: UnsafeMutablePointer<UInt8>
  private(set) var length = 0
  private var networkOffset = 0
  private var transportOffset = 0
  private(set) var payloadOffset = 0
  private var isIPv6 = false
  private var isTCP = false

  init() {
    bytes = .allocate(capacity: Self.capacity)
    bytes.initialize(repeating: 0, count: Self.capacity)
  }

  deinit {
    bytes.deallocate()
  }

  var payloadLength: Int { length - payloadOffset }

  func append(_ byte: UInt8) {
    precondition(length < Self.capacity - 8)
    bytes[length] = byte
    length += 1
  }

  func append16(_ value: UInt16) {
    append(UInt8(truncatingIfNeeded: value >> 8))
    append(UInt8(truncatingIfNeeded: value))
  }

  func append32(_ value: UInt32) {
    append16(UInt16(truncatingIfNeeded: value >> 16))
    append16(UInt16(truncatingIfNeeded: value))
  }

  func append64(_ value: UInt64) {
    append32(UInt32(truncatingIfNeeded: value >> 32))
    append32(UInt32(truncatingIfNeeded: value))
  }

  func append(_ content: ArraySlice<UInt8>) {
    for byte in content { append(byte) }
  }

  func append(_ content: [UInt8]) {
    append(content[...])
  }

  /// Random bytes; `orMask` may force bits, as H.264 must not hold two zero bytes in a row.
  func appendRandom(_ count: Int, orMask: UInt64 = 0, random: inout SplitMix64) {
    precondition(length + count + 8 <= Self.capacity)
    var generator = SplitMix64(seed: random.next())
    var done = 0
    while done < count {
      UnsafeMutableRawPointer(bytes + length + done)
        .storeBytes(of: generator.next() | orMask, as: UInt64.self)
      done += 8
    }
    length += count
  }

  private func beginNetwork(_ flow: Flow, _ direction: Direction) {
    let source = flow.endpoints[direction.rawValue]
    let destination = flow.endpoints[direction.reversed.rawValue]
    isIPv6 = source.address.isIPv6
    isTCP = flow.isTCP
    length = 0
    appendMAC(destination.mac)
    appendMAC(source.mac)
    if flow.vlan != 0 {
      append16(0x8100)
      append16(flow.vlan)
    }
    append16(isIPv6 ? 0x86DD : 0x0800)
    networkOffset = length
    let nextProtocol: UInt8 = isTCP ? 6 : 17
    if isIPv6 {
      append32(0x6000_0000 | flow.flowLabel)
      append16(0)  // Payload Length, set by `finish`.
      append(nextProtocol)
      append(direction == .fromOriginator ? 64 : 57)
      append64(source.address.high)
      append64(source.address.low)
      append64(destination.address.high)
      append64(destination.address.low)
    } else {
      append16(0x4500)
      append16(0)  // Total Length, set by `finish`.
      if direction == .fromOriginator {
        append16(flow.identifications.0)
        flow.identifications.0 &+= 1
      } else {
        append16(flow.identifications.1)
        flow.identifications.1 &+= 1
      }
      append16(0x4000)
      append(direction == .fromOriginator ? 64 : 57)
      append(nextProtocol)
      append16(0)
      append32(UInt32(truncatingIfNeeded: source.address.low))
      append32(UInt32(truncatingIfNeeded: destination.address.low))
    }
    transportOffset = length
    append16(source.port)
    append16(destination.port)
  }

  private func appendMAC(_ mac: UInt64) {
    append16(UInt16(truncatingIfNeeded: mac >> 32))
    append32(UInt32(truncatingIfNeeded: mac))
  }

  func beginUDP(_ flow: Flow, _ direction: Direction) {
    beginNetwork(flow, direction)
    append32(0)
    payloadOffset = length
  }

  struct TCPFields {
    var sequenceNumber: UInt32
    var acknowledgmentNumber: UInt32
    var flags: UInt8
    var window: UInt16
    /// RFC 7323 TSval and TSecr.
    var timestampValue: UInt32
    var timestampEcho: UInt32
  }

  /// A SYN also carries MSS, SACK-permitted and window scale, as Linux sends them.
  func beginTCP(_ flow: Flow, _ direction: Direction, _ fields: TCPFields) {
    let isSYN = fields.flags & 0x02 != 0
    beginNetwork(flow, direction)
    append32(fields.sequenceNumber)
    append32(fields.acknowledgmentNumber)
    append(isSYN ? 0xA0 : 0x80)
    append(fields.flags)
    append16(fields.window)
    append32(0)
    if isSYN {
      append32(isIPv6 ? 0x0204_0594 : 0x0204_05B4)
      append16(0x0402)
      append16(0x080A)
    } else {
      append32(0x0101_080A)
    }
    append32(fields.timestampValue)
    append32(fields.timestampEcho)
    if isSYN { append32(0x0103_0307) }
    payloadOffset = length
  }

  func finish() {
    let transportLength = length - transportOffset
    if isIPv6 {
      store16(UInt16(transportLength), at: networkOffset + 4)
    } else {
      store16(UInt16(length - networkOffset), at: networkOffset + 2)
      setIPv4Checksum()
    }
    if !isTCP { store16(UInt16(transportLength), at: transportOffset + 4) }
    // Pseudo-header: both addresses, protocol and length (RFC 9293 3.1, RFC 8200 8.1).
    let addressOffset = networkOffset + (isIPv6 ? 8 : 12)
    let partial =
      sum(addressOffset, transportOffset - addressOffset) + (isTCP ? 6 : 17)
      + UInt64(transportLength)
    let checksum = ~fold(partial + sum(transportOffset, transportLength))
    // RFC 768: a computed zero is sent as all ones.
    store16(
      !isTCP && checksum == 0 ? 0xFFFF : checksum, at: transportOffset + (isTCP ? 16 : 6))
    while length < Self.minimumFrameLength { append(0) }
  }

  /// Makes the frame look as a second mirror port behind a router sees it: other MACs, TTL less one.
  func reroute() {
    for index in 0..<6 { swap(&bytes[index], &bytes[6 + index]) }
    if isIPv6 {
      bytes[networkOffset + 7] &-= 1
    } else {
      bytes[networkOffset + 8] &-= 1
      setIPv4Checksum()
    }
  }

  private func setIPv4Checksum() {
    store16(0, at: networkOffset + 10)
    store16(~fold(sum(networkOffset, 20)), at: networkOffset + 10)
  }

  private func store16(_ value: UInt16, at offset: Int) {
    bytes[offset] = UInt8(truncatingIfNeeded: value >> 8)
    bytes[offset + 1] = UInt8(truncatingIfNeeded: value)
  }

  /// Sum of big-endian 16-bit words (RFC 1071), an odd last byte padded with zero.
  private func sum(_ offset: Int, _ count: Int) -> UInt64 {
    var total: UInt64 = 0
    var position = offset
    let end = offset + count
    let pointer = UnsafeRawPointer(bytes)
    while position + 4 <= end {
      total &+= UInt64(
        UInt32(bigEndian: pointer.loadUnaligned(fromByteOffset: position, as: UInt32.self)))
      position += 4
    }
    if position + 2 <= end {
      total &+= UInt64(
        UInt16(bigEndian: pointer.loadUnaligned(fromByteOffset: position, as: UInt16.self)))
      position += 2
    }
    if position < end { total &+= UInt64(bytes[position]) << 8 }
    return total
  }

  private func fold(_ value: UInt64) -> UInt16 {
    var value = value
    while value > 0xFFFF { value = (value >> 16) + (value & 0xFFFF) }
    return UInt16(value)
  }
}
