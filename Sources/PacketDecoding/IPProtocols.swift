// SPDX-License-Identifier: Apache-2.0

/// What an IP protocol number leads to, besides TCP and UDP, which the decoder tests itself, and
/// the tunnels of `Tunnels`.
enum IPProtocols {
  static let icmp: UInt8 = 1
  static let dccp: UInt8 = 33
  static let icmpv6: UInt8 = 58
  static let sctp: UInt8 = 132
  static let udpLite: UInt8 = 136

  /// Whether the transport begins with two ports.
  static func hasPorts(_ number: UInt8) -> Bool {
    switch number {
    case TCPHeader.protocolNumber, UDPHeader.protocolNumber, dccp, sctp, udpLite: true
    default: false
    }
  }

  /// Decodes the transport header at `state.offset`.
  ///
  /// A protocol that is not known, ESP among them, has payload only.
  @inline(never)
  static func decode(_ number: UInt8, _ bytes: Span<UInt8>, _ state: inout DecodingState) {
    switch number {
    case icmp, icmpv6: ICMPHeader.decode(bytes, &state)
    case udpLite: PortHeader.decode(headerLength: PortHeader.udpLiteLength, bytes, &state)
    case sctp: PortHeader.decode(headerLength: PortHeader.sctpLength, bytes, &state)
    case dccp: PortHeader.decode(headerLength: PortHeader.dccpLength, bytes, &state)
    default: state.setPayload()
    }
  }
}
