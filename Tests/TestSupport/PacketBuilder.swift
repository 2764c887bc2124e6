// SPDX-License-Identifier: Apache-2.0

/// Builds packets byte by byte for tests, from the inside out.
///
///     Packet.ethernet(Packet.ipv4(from: "10.0.0.1", to: "10.0.0.2",
///       Packet.udp(from: 5004, to: 5004, payload)))
///
/// Every function returns the bytes of its header and of what it was given.
package enum Packet {
  /// A header with its bytes, and how the layer below names it.
  package struct Layer: Sendable {
    /// Header and content.
    package var bytes: [UInt8]
    /// EtherType, where the layer has one.
    package var etherType: UInt16?
    /// IP protocol number, where the layer has one.
    package var ipProtocol: UInt8?

    /// Makes a layer of finished bytes.
    package init(_ bytes: [UInt8], etherType: UInt16? = nil, ipProtocol: UInt8? = nil) {
      self.bytes = bytes
      self.etherType = etherType
      self.ipProtocol = ipProtocol
    }
  }

  /// The 16 bits of `value` in network order.
  package static func word(_ value: Int) -> [UInt8] {
    [UInt8(truncatingIfNeeded: value >> 8), UInt8(truncatingIfNeeded: value)]
  }

  /// The 32 bits of `value` in network order.
  package static func long(_ value: Int) -> [UInt8] { word(value >> 16) + word(value) }

  /// The bytes of dotted or colon-separated hexadecimal text, spaces and colons left out.
  package static func hex(_ text: String) -> [UInt8] {
    let digits = text.compactMap(\.hexDigitValue)
    return stride(from: 0, to: digits.count - 1, by: 2).map {
      UInt8(digits[$0] << 4 | digits[$0 + 1])
    }
  }

  /// `count` bytes that differ from their neighbours and from those of another `seed`.
  package static func payload(_ count: Int, seed: Int = 0) -> [UInt8] {
    (0..<count).map { UInt8(truncatingIfNeeded: ($0 &+ seed) &* 167 &+ seed &* 31 &+ $0 >> 8) }
  }
}

// Transport
extension Packet {
  /// UDP; `length` overrides the length field, `number` the protocol (136 is UDP-Lite).
  package static func udp(
    from source: Int, to destination: Int, _ payload: [UInt8] = [], length: Int? = nil,
    number: UInt8 = 17
  ) -> Layer {
    let header = word(source) + word(destination) + word(length ?? payload.count + 8) + [0, 0]
    return Layer(header + payload, ipProtocol: number)
  }

  /// TCP; `options` are filled up to a multiple of four bytes.
  package static func tcp(
    from source: Int, to destination: Int, _ payload: [UInt8] = [], sequence: Int = 1,
    acknowledgment: Int = 0, flags: UInt8 = 0x18, window: Int = 0x2000, options: [UInt8] = []
  ) -> Layer {
    let filled = options + [UInt8](repeating: 0, count: (4 - options.count % 4) % 4)
    let offset = UInt8((20 + filled.count) / 4) << 4
    let ports = word(source) + word(destination)
    let header = ports + long(sequence) + long(acknowledgment) + [offset, flags] + word(window)
    return Layer(header + word(0xBEEF) + [0, 0] + filled + payload, ipProtocol: 6)
  }

  /// SCTP common header.
  package static func sctp(from source: Int, to destination: Int, _ payload: [UInt8]) -> Layer {
    Layer(word(source) + word(destination) + long(7) + long(9) + payload, ipProtocol: 132)
  }

  /// ICMP; `number` 58 is ICMPv6.
  package static func icmp(
    type: UInt8 = 8, code: UInt8 = 0, _ payload: [UInt8] = [], number: UInt8 = 1
  ) -> Layer {
    Layer([type, code, 0, 0, 0, 1, 0, 2] + payload, ipProtocol: number)
  }
}

// Network
extension Packet {
  /// IPv4 with a right header checksum.
  ///
  /// `totalLength` overrides the length field; `fragment` is
  /// the word of flags and offset.
  package static func ipv4(
    from source: String = "10.0.0.1", to destination: String = "10.0.0.2", _ inner: Layer,
    identification: Int = 0x1234, fragment: Int = 0x4000, timeToLive: UInt8 = 64,
    trafficClass: UInt8 = 0, options: [UInt8] = [], totalLength: Int? = nil,
    number: UInt8? = nil
  ) -> Layer {
    let length = 20 + options.count
    var header: [UInt8] = [0x40 | UInt8(length / 4), trafficClass]
    header += word(totalLength ?? length + inner.bytes.count) + word(identification)
    header += word(fragment) + [timeToLive, number ?? inner.ipProtocol ?? 255, 0, 0]
    header += address(source) + address(destination) + options
    var sum = 0
    for index in stride(from: 0, to: header.count, by: 2) {
      sum += Int(header[index]) << 8 | Int(header[index + 1])
    }
    while sum > 0xFFFF { sum = sum & 0xFFFF + sum >> 16 }
    header.replaceSubrange(10..<12, with: word(~sum))
    return Layer(header + inner.bytes, etherType: 0x0800, ipProtocol: 4)
  }

  /// IPv6; `payloadLength` overrides the length field.
  package static func ipv6(
    from source: String = "2001:db8::1", to destination: String = "2001:db8::2", _ inner: Layer,
    flowLabel: Int = 0x12345, hopLimit: UInt8 = 64, payloadLength: Int? = nil
  ) -> Layer {
    var header = long(0x6000_0000 | flowLabel)
    header += word(payloadLength ?? inner.bytes.count) + [inner.ipProtocol ?? 255, hopLimit]
    header += address(source) + address(destination)
    return Layer(header + inner.bytes, etherType: 0x86DD, ipProtocol: 41)
  }

  /// An IPv6 extension header of eight bytes and more: 0 hop-by-hop, 43 routing, 60 destination.
  package static func extensionHeader(
    _ number: UInt8, _ inner: Layer, data: [UInt8] = [1, 4, 0, 0, 0, 0]
  ) -> Layer {
    let units = UInt8((data.count + 2) / 8 - 1)
    return Layer([inner.ipProtocol ?? 59, units] + data + inner.bytes, ipProtocol: number)
  }

  /// The IPv6 fragment header; `offset` in bytes.
  package static func fragmentHeader(
    _ bytes: [UInt8], next: UInt8, offset: Int, more: Bool, identification: Int
  ) -> Layer {
    let place = word(offset & ~7 | (more ? 1 : 0))
    return Layer([next, 0] + place + long(identification) + bytes, ipProtocol: 44)
  }

  /// The bytes of an IPv4 or IPv6 address in text form; the text must be one.
  package static func address(_ text: String) -> [UInt8] {
    if !text.contains(":") { return text.split(separator: ".").map { UInt8($0) ?? 0 } }
    let halves = text.components(separatedByDoubleColon: ())
    let first = groups(halves.0)
    let last = groups(halves.1)
    return first + [UInt8](repeating: 0, count: max(16 - first.count - last.count, 0)) + last
  }

  private static func groups(_ text: Substring) -> [UInt8] {
    text.split(separator: ":").flatMap { word(Int($0, radix: 16) ?? 0) }
  }
}

extension String {
  /// What stands before and after the first "::".
  fileprivate func components(separatedByDoubleColon: ()) -> (Substring, Substring) {
    var index = startIndex
    while index < endIndex {
      let next = self.index(after: index)
      if self[index] == ":", next < endIndex, self[next] == ":" {
        return (self[..<index], self[self.index(after: next)...])
      }
      index = next
    }
    return (self[...], "")
  }
}

// Link
extension Packet {
  /// The MAC addresses of frames that do not say others.
  package static let sourceMAC: [UInt8] = [0x02, 0, 0, 0, 0, 0x0A]
  package static let destinationMAC: [UInt8] = [0x02, 0, 0, 0, 0, 0x0B]

  /// Ethernet II; `padding` bytes follow the content.
  package static func ethernet(
    _ inner: Layer, from source: [UInt8] = sourceMAC, to destination: [UInt8] = destinationMAC,
    padding: Int = 0
  ) -> [UInt8] {
    let header = destination + source + word(Int(inner.etherType ?? 0xFFFF))
    return header + inner.bytes + [UInt8](repeating: 0xEE, count: padding)
  }

  /// A VLAN tag.
  package static func vlan(_ identifier: Int, _ inner: Layer, type: UInt16 = 0x8100) -> Layer {
    let tag = word(0x2000 | identifier) + word(Int(inner.etherType ?? 0xFFFF))
    return Layer(tag + inner.bytes, etherType: type)
  }

  /// LLC and SNAP.
  package static func snap(_ inner: Layer) -> [UInt8] {
    [0xAA, 0xAA, 3, 0, 0, 0] + word(Int(inner.etherType ?? 0xFFFF)) + inner.bytes
  }

  /// 802.3 with LLC and SNAP.
  package static func ethernet8023(_ inner: Layer, padding: Int = 0) -> [UInt8] {
    let content = snap(inner)
    return destinationMAC + sourceMAC + word(content.count) + content
      + [UInt8](repeating: 0xEE, count: padding)
  }

  /// A PPP protocol number and its packet.
  package static func ppp(_ inner: Layer) -> [UInt8] {
    word(inner.etherType == 0x86DD ? 0x57 : 0x21) + inner.bytes
  }

  /// PPPoE session.
  package static func pppoe(_ inner: Layer) -> Layer {
    let content = ppp(inner)
    return Layer([0x11, 0, 0, 7] + word(content.count) + content, etherType: 0x8864)
  }

  /// MPLS label stack, outermost first.
  package static func mpls(_ labels: [Int], _ content: [UInt8]) -> Layer {
    let stack = labels.enumerated().flatMap { index, label in
      long(label << 12 | (index == labels.count - 1 ? 0x100 : 0) | 64)
    }
    return Layer(stack + content, etherType: 0x8847, ipProtocol: 137)
  }

  /// GRE version 0 with a four-byte header.
  package static func gre(_ inner: Layer) -> Layer {
    Layer([0, 0] + word(Int(inner.etherType ?? 0xFFFF)) + inner.bytes, ipProtocol: 47)
  }

  /// VXLAN header and the frame.
  package static func vxlan(_ frame: [UInt8], identifier: Int = 42) -> [UInt8] {
    [8, 0, 0, 0] + long(identifier << 8) + frame
  }

  /// 802.11 data frame with LLC and SNAP, or with any body; `control` and `flags` are the two
  /// bytes of the frame control field.
  package static func wireless(
    _ body: [UInt8], control: UInt8 = 0x08, flags: UInt8 = 0x01, sequence: Int = 16,
    quality: [UInt8] = []
  ) -> [UInt8] {
    var header: [UInt8] = [control, flags, 0, 0] + [0x02, 0, 0, 0, 0, 1] + [0x02, 0, 0, 0, 0, 2]
    header += [0x02, 0, 0, 0, 0, 3] + [UInt8(sequence & 0xFF), UInt8(sequence >> 8)]
    if flags & 3 == 3 { header += [0x02, 0, 0, 0, 0, 4] }
    return header + quality + body
  }
}

// Fragmentation
extension Packet {
  /// Cuts an IP payload into pieces of at most `size` bytes (a multiple of eight): offset, bytes,
  /// whether more follow.
  package static func pieces(
    _ bytes: [UInt8], size: Int
  ) -> [(offset: Int, bytes: [UInt8], more: Bool)] {
    stride(from: 0, to: bytes.count, by: size).map { start in
      let end = min(start + size, bytes.count)
      return (start, Array(bytes[start..<end]), end < bytes.count)
    }
  }

  /// The fragments of an IPv4 datagram as Ethernet frames.
  package static func ipv4Fragments(
    of inner: Layer, from source: String = "10.0.0.1", to destination: String = "10.0.0.2",
    size: Int, identification: Int = 77
  ) -> [[UInt8]] {
    pieces(inner.bytes, size: size).map { piece in
      ethernet(
        ipv4(
          from: source, to: destination, Layer(piece.bytes, ipProtocol: inner.ipProtocol),
          identification: identification,
          fragment: (piece.more ? 0x2000 : 0) | piece.offset / 8))
    }
  }

  /// The fragments of an IPv6 datagram as Ethernet frames.
  package static func ipv6Fragments(
    of inner: Layer, from source: String = "2001:db8::1", to destination: String = "2001:db8::2",
    size: Int, identification: Int = 77
  ) -> [[UInt8]] {
    pieces(inner.bytes, size: size).map { piece in
      ethernet(
        ipv6(
          from: source, to: destination,
          fragmentHeader(
            piece.bytes, next: inner.ipProtocol ?? 59, offset: piece.offset, more: piece.more,
            identification: identification)))
    }
  }
}
