// SPDX-License-Identifier: Apache-2.0

/// Writes capture files in code: every pcap magic, every pcapng block, either byte order.
///
/// A value: add headers, records and blocks, damage `bytes` at will, and read it back.
package struct CaptureBuilder {
  /// The file so far.
  package var bytes: [UInt8] = []
  /// Byte order of what is added from now on.
  package var isBigEndian: Bool
  /// Offsets of the records and blocks added, in order.
  package private(set) var starts: [Int] = []

  /// Starts an empty file.
  package init(isBigEndian: Bool = false) {
    self.isBigEndian = isBigEndian
  }

  // The numbers of a file in its byte order.

  package mutating func add16(_ value: UInt16) {
    add(UInt64(value), byteCount: 2)
  }

  package mutating func add32(_ value: UInt32) {
    add(UInt64(value), byteCount: 4)
  }

  package mutating func add64(_ value: UInt64) {
    add(value, byteCount: 8)
  }

  private mutating func add(_ value: UInt64, byteCount: Int) {
    for index in 0..<byteCount {
      let shift = 8 * (isBigEndian ? byteCount - 1 - index : index)
      bytes.append(UInt8(truncatingIfNeeded: value >> UInt64(shift)))
    }
  }
}

// pcap
extension CaptureBuilder {
  /// Magic numbers of pcap files.
  package enum Magic: UInt32, CaseIterable {
    case microseconds = 0xa1b2_c3d4
    case nanoseconds = 0xa1b2_3c4d
    case modified = 0xa1b2_cd34
    case ixiaHardware = 0x1c00_01ac
    case ixiaSoftware = 0x1c00_01ab
  }

  /// A pcap file with its header.
  package static func pcap(
    _ magic: Magic = .microseconds, isBigEndian: Bool = false, version: UInt16 = 2,
    snapLength: UInt32 = 262_144, linkType: UInt32 = 1
  ) -> CaptureBuilder {
    var builder = CaptureBuilder(isBigEndian: isBigEndian)
    builder.add32(magic.rawValue)
    builder.add16(version)
    builder.add16(4)
    builder.add64(0)
    builder.add32(snapLength)
    builder.add32(linkType)
    if magic == .ixiaHardware || magic == .ixiaSoftware { builder.add32(0) }
    return builder
  }

  /// Adds a pcap record; `extra` are the bytes that variants have before the packet.
  package mutating func record(
    seconds: UInt32, fraction: UInt32 = 0, _ packet: [UInt8], originalLength: UInt32? = nil,
    capturedLength: UInt32? = nil, extra: [UInt8] = []
  ) {
    starts.append(bytes.count)
    add32(seconds)
    add32(fraction)
    add32(capturedLength ?? UInt32(packet.count))
    add32(originalLength ?? UInt32(packet.count))
    bytes += extra
    bytes += packet
  }
}

// pcapng
extension CaptureBuilder {
  /// An option of a pcapng block.
  package struct Option {
    var code: UInt16
    var value: [UInt8]

    /// Any option.
    package init(_ code: UInt16, _ value: [UInt8]) {
      self.code = code
      self.value = value
    }

    /// An option with text.
    package init(_ code: UInt16, _ text: String) {
      self.init(code, Array(text.utf8))
    }

    /// `opt_comment`.
    package static func comment(_ text: String) -> Option { Option(1, text) }

    /// `if_tsresol`.
    package static func resolution(_ code: UInt8) -> Option { Option(9, [code]) }
  }

  /// Adds a block of any type.
  package mutating func block(
    _ type: UInt32, _ body: [UInt8], options: [Option] = [], trailingLength: UInt32? = nil
  ) {
    var inner = CaptureBuilder(isBigEndian: isBigEndian)
    inner.bytes = body
    inner.pad()
    for option in options {
      inner.add16(option.code)
      inner.add16(UInt16(option.value.count))
      inner.bytes += option.value
      inner.pad()
    }
    if !options.isEmpty { inner.add32(0) }
    starts.append(bytes.count)
    add32(type)
    add32(UInt32(inner.bytes.count + 12))
    bytes += inner.bytes
    add32(trailingLength ?? UInt32(inner.bytes.count + 12))
  }

  private mutating func pad() {
    while !bytes.count.isMultiple(of: 4) { bytes.append(0) }
  }

  private func body(_ fill: (inout CaptureBuilder) -> Void) -> [UInt8] {
    var inner = CaptureBuilder(isBigEndian: isBigEndian)
    fill(&inner)
    return inner.bytes
  }

  /// A pcapng file with a section header.
  package static func pcapng(
    isBigEndian: Bool = false, options: [Option] = []
  ) -> CaptureBuilder {
    var builder = CaptureBuilder(isBigEndian: isBigEndian)
    builder.section(options: options)
    return builder
  }

  /// Adds a section header block in the present byte order.
  package mutating func section(version: UInt16 = 1, options: [Option] = []) {
    let content = body { inner in
      inner.add32(0x1a2b_3c4d)
      inner.add16(version)
      inner.add16(0)
      inner.add64(.max)
    }
    block(0x0a0d_0d0a, content, options: options)
  }

  /// Adds an interface description block.
  package mutating func interface(
    linkType: UInt16 = 1, snapLength: UInt32 = 0, options: [Option] = []
  ) {
    let content = body { inner in
      inner.add16(linkType)
      inner.add16(0)
      inner.add32(snapLength)
    }
    block(1, content, options: options)
  }

  /// Adds an enhanced packet block.
  package mutating func enhancedPacket(
    interface: UInt32 = 0, ticks: UInt64, _ packet: [UInt8], originalLength: UInt32? = nil,
    capturedLength: UInt32? = nil, options: [Option] = []
  ) {
    let content = body { inner in
      inner.add32(interface)
      inner.add32(UInt32(ticks >> 32))
      inner.add32(UInt32(truncatingIfNeeded: ticks))
      inner.add32(capturedLength ?? UInt32(packet.count))
      inner.add32(originalLength ?? UInt32(packet.count))
      inner.bytes += packet
    }
    block(6, content, options: options)
  }

  /// Adds a simple packet block.
  package mutating func simplePacket(_ packet: [UInt8], originalLength: UInt32? = nil) {
    let content = body { inner in
      inner.add32(originalLength ?? UInt32(packet.count))
      inner.bytes += packet
    }
    block(3, content)
  }

  /// Adds an obsolete packet block.
  package mutating func obsoletePacket(
    interface: UInt16 = 0, ticks: UInt64, _ packet: [UInt8], originalLength: UInt32? = nil,
    options: [Option] = []
  ) {
    let content = body { inner in
      inner.add16(interface)
      inner.add16(0)
      inner.add32(UInt32(ticks >> 32))
      inner.add32(UInt32(truncatingIfNeeded: ticks))
      inner.add32(UInt32(packet.count))
      inner.add32(originalLength ?? UInt32(packet.count))
      inner.bytes += packet
    }
    block(2, content, options: options)
  }

  /// Adds an interface statistics block with the numbers of lost packets.
  package mutating func statistics(
    interface: UInt32 = 0, interfaceDropped: UInt64? = nil, systemDropped: UInt64? = nil
  ) {
    let content = body { inner in
      inner.add32(interface)
      inner.add64(0)
    }
    var options: [Option] = []
    if let interfaceDropped { options.append(Option(5, body { $0.add64(interfaceDropped) })) }
    if let systemDropped { options.append(Option(7, body { $0.add64(systemDropped) })) }
    block(5, content, options: options)
  }

  /// Adds a name resolution block with one IPv4 or IPv6 record.
  package mutating func names(address: [UInt8], _ names: [String]) {
    let content = body { inner in
      var value = address
      for name in names { value += Array(name.utf8) + [0] }
      inner.add16(address.count == 4 ? 1 : 2)
      inner.add16(UInt16(value.count))
      inner.bytes += value
      inner.pad()
      inner.add32(0)
    }
    block(4, content)
  }
}
