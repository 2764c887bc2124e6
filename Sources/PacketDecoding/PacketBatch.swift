// SPDX-License-Identifier: Apache-2.0

package import CaptureFile

/// What is known of a packet beyond its fields.
package struct PacketFlags: OptionSet, Sendable, BitwiseCopyable {
  package let rawValue: UInt32

  @inlinable
  package init(rawValue: UInt32) {
    self.rawValue = rawValue
  }

  /// The packet runs from the key's second endpoint to its first.
  @inlinable
  package static var isReversed: PacketFlags { PacketFlags(rawValue: 1 << 0) }
  /// The packet has an IP layer and so belongs to a flow.
  @inlinable
  package static var hasNetworkLayer: PacketFlags { PacketFlags(rawValue: 1 << 1) }
  /// The transport header was captured as far as its ports and, for TCP, its fixed part.
  @inlinable
  package static var hasTransportHeader: PacketFlags { PacketFlags(rawValue: 1 << 2) }
  /// Fewer bytes were captured than the packet had.
  @inlinable
  package static var isTruncated: PacketFlags { PacketFlags(rawValue: 1 << 3) }
  /// An IP fragment, first or later, not yet joined by the defragmenter.
  @inlinable
  package static var isFragment: PacketFlags { PacketFlags(rawValue: 1 << 4) }
  /// An IP fragment whose datagram starts elsewhere (offset above zero).
  @inlinable
  package static var isLaterFragment: PacketFlags { PacketFlags(rawValue: 1 << 5) }
  /// The last fragment of a datagram that the defragmenter finished; its payload is the whole
  /// datagram's and lies in `PacketBatch.joined`.
  @inlinable
  package static var isJoined: PacketFlags { PacketFlags(rawValue: 1 << 6) }
  /// The frame was inside at least one tunnel.
  @inlinable
  package static var isTunnelled: PacketFlags { PacketFlags(rawValue: 1 << 7) }
  /// A protected 802.11 frame: addresses and size only.
  @inlinable
  package static var isOpaqueWireless: PacketFlags { PacketFlags(rawValue: 1 << 8) }
  /// A header contradicts itself (lengths that do not fit, wrong version).
  @inlinable
  package static var isMalformed: PacketFlags { PacketFlags(rawValue: 1 << 9) }
  /// The record is a copy of one seen shortly before; set by the duplicate detector.
  @inlinable
  package static var isDuplicate: PacketFlags { PacketFlags(rawValue: 1 << 10) }
  /// The TCP window scale, timestamps or other options follow the fixed header.
  @inlinable
  package static var hasTransportOptions: PacketFlags { PacketFlags(rawValue: 1 << 11) }
  /// A fragment that is not counted by itself: its packet and bytes are added to the finished
  /// datagram (`extraPackets`, `extraBytes`), or to `Defragmenter.incompleteFragments`.
  @inlinable
  package static var isHeldFragment: PacketFlags { PacketFlags(rawValue: 1 << 12) }
  /// The payload is a tunnel's that cannot be read (`DecodedPacket.tunnel` names it).
  @inlinable
  package static var isOpaqueTunnel: PacketFlags { PacketFlags(rawValue: 1 << 14) }
  /// A subframe of an 802.11 A-MSDU that others follow; see `PacketBatch.frameOffsets`.
  @inlinable
  package static var hasNextSubframe: PacketFlags { PacketFlags(rawValue: 1 << 15) }
  /// `DecodedPacket.macOffset` leads to an 802.11 header, not to an Ethernet one.
  @inlinable
  package static var hasWirelessHeader: PacketFlags { PacketFlags(rawValue: 1 << 13) }
  /// What was captured ends before the ports of the transport header; those of the key are 0.
  @inlinable
  package static var lacksPorts: PacketFlags { PacketFlags(rawValue: 1 << 16) }
}

extension PacketFlags {
  /// Whether any of the flags is set; `contains` of `OptionSet` is not specialised over modules
  /// (measured: 60 instructions a call).
  @inlinable
  package func includes(_ other: PacketFlags) -> Bool { rawValue & other.rawValue != 0 }
}

/// One decoded packet: integers only, so that a batch can be handed between threads.
///
/// The flow key is in canonical order: the endpoint with the smaller (address, port) comes first;
/// `PacketFlags.isReversed` tells the direction. For protocols without ports both are 0. For
/// protected 802.11 frames the addresses hold the MAC addresses (`protocolNumber` is 0).
package struct DecodedPacket: Sendable, BitwiseCopyable {
  package var firstHigh: UInt64 = 0
  package var firstLow: UInt64 = 0
  package var secondHigh: UInt64 = 0
  package var secondLow: UInt64 = 0
  /// First port (16) | second port (16) | VLAN where it is part of the key (16) | protocol (16).
  package var portsAndProtocol: UInt64 = 0
  /// Fixed hash of the key; its top six bits, taken of the address pair alone, are the shard.
  package var keyHash: UInt64 = 0
  /// Fixed hash that copies of the same packet share; see DESIGN.md §3, FlowTracking.
  package var fingerprint: UInt64 = 0
  /// Nanoseconds since 1970.
  package var time: Int64 = 0
  /// Number of bytes on the wire, link header included.
  package var originalLength: UInt32 = 0
  /// Number of bytes captured, link header included.
  package var capturedLength: UInt32 = 0
  /// Offset of the record's first byte (link header) in the block.
  package var recordOffset: UInt32 = 0
  /// Offset of the transport payload in the block, or in `PacketBatch.joined` when joined.
  package var payloadOffset: UInt32 = 0
  /// Number of transport payload bytes by the IP length fields (never padding).
  package var payloadLength: UInt32 = 0
  /// Number of transport payload bytes captured.
  package var payloadCapturedLength: UInt32 = 0
  /// TCP sequence number.
  package var sequenceNumber: UInt32 = 0
  /// TCP acknowledgment number.
  package var acknowledgmentNumber: UInt32 = 0
  package var flags: PacketFlags = []
  /// TCP window as in the header, unscaled; type and code of ICMP.
  package var window: UInt16 = 0
  /// TCP flags: CWR ECE URG ACK PSH RST SYN FIN.
  package var tcpFlags: UInt8 = 0
  /// IP protocol number of the transport, after extension headers.
  package var protocolNumber: UInt8 = 0
  /// Time to live or hop limit of the innermost IP header.
  package var timeToLive: UInt8 = 0
  /// DSCP and ECN byte of the innermost IP header.
  package var trafficClass: UInt8 = 0
  /// Innermost VLAN identifier, or `DecodedPacket.noVLAN`.
  package var vlan: UInt16 = DecodedPacket.noVLAN
  /// Outermost tunnel, as an index in `Tunnels.all` plus one; 0 for none.
  package var tunnel: UInt8 = 0
  /// Index of the record's interface in its file.
  package var interface: UInt16 = 0
  /// Offset of the innermost MAC header from `recordOffset`, or `DecodedPacket.noMAC`; see
  /// `PacketBatch.macAddresses(_:)`.
  package var macOffset: UInt16 = DecodedPacket.noMAC
  /// Of an IP fragment: offset in units of eight bytes (13 bits), shifted left by three, and in
  /// bit 0 whether more fragments follow (the layout of the IPv6 fragment header).
  package var fragment: UInt16 = 0
  /// Identification of the IPv4 header or of the IPv6 fragment header.
  package var identification: UInt32 = 0
  /// Bytes on the wire of the fragments that a joined datagram counts for.
  package var extraBytes: UInt32 = 0
  /// Number of the held fragments that a joined datagram counts for.
  package var extraPackets: UInt16 = 0

  package static let noVLAN: UInt16 = 0xFFFF
  package static let noMAC: UInt16 = 0xFFFF

  /// Makes an empty packet.
  @inlinable
  package init() {}

  /// The logical shard (0..<64) that the packet's address pair belongs to.
  @inlinable
  package var shard: Int { Int(truncatingIfNeeded: keyHash >> 58) }
}

/// Decoded packets of one record batch, in file order.
package struct PacketBatch: Sendable {
  /// The bytes that `recordOffset` and `payloadOffset` point into.
  package var block: Block
  /// Payloads of joined datagrams (`PacketFlags.isJoined`), filled by the defragmenter.
  package var joined: [UInt8] = []
  /// The packets, one a record, in file order; packets without a network layer included.
  ///
  /// An 802.11 A-MSDU is the exception: it has a packet for each of its subframes.
  package var packets: [DecodedPacket]
  /// The record of each packet, counted from the batch's first; empty where every record is one
  /// packet.
  package var frameOffsets: [UInt32] = []
  /// Index of the file in the list of inputs.
  package var file: UInt32
  /// Wireshark's frame number of the first packet.
  package var firstFrame: UInt64
  /// Whether any packet is a fragment; the defragmenter passes the batch by if not.
  package var hasFragments = true
  /// Whether the packets may be of several interfaces.
  package var hasSeveralInterfaces = false
  /// Running number of the first packet over all inputs, in analysed order, from 0.
  package var firstNumber: UInt64 = 0

  /// Makes a batch for the records of `records`.
  package init(block: Block, packets: [DecodedPacket], file: UInt32, firstFrame: UInt64) {
    self.block = block
    self.packets = packets
    self.file = file
    self.firstFrame = firstFrame
  }

  /// The place of packet `index` in the evidence.
  package func reference(_ index: Int) -> PacketReference {
    PacketReference(file: file, frame: frame(of: index), time: packets[index].time)
  }

  /// Wireshark's frame number of packet `index`.
  package func frame(of index: Int) -> UInt64 {
    firstFrame &+ (frameOffsets.isEmpty ? UInt64(index) : UInt64(frameOffsets[index]))
  }

  /// Number of records that the packets are of.
  package var recordCount: Int {
    frameOffsets.last.map { Int($0) + 1 } ?? packets.count
  }

  /// The packets of one of the batch's records.
  ///
  /// - Complexity: O(log *n*).
  package func packets(ofRecord record: Int) -> Range<Int> {
    guard !frameOffsets.isEmpty else { return record..<record + 1 }
    func firstPacket(from record: Int) -> Int {
      var (low, high) = (0, frameOffsets.count)
      while low < high {
        let middle = (low + high) / 2
        if Int(frameOffsets[middle]) < record { low = middle + 1 } else { high = middle }
      }
      return low
    }
    return firstPacket(from: record)..<firstPacket(from: record + 1)
  }
}

extension PacketBatch {
  /// The source and destination MAC addresses of packet `index`, where its innermost link layer
  /// has them.
  package func macAddresses(_ index: Int) -> (source: MACAddress, destination: MACAddress)? {
    guard packets.indices.contains(index), packets[index].macOffset != DecodedPacket.noMAC
    else { return nil }
    let packet = packets[index]
    let bytes = block.bytes
    let start = Int(packet.recordOffset) &+ Int(packet.macOffset)
    let end = Int(packet.recordOffset) &+ Int(packet.capturedLength)
    guard start <= end, end <= bytes.count else { return nil }
    let header = bytes.extracting(start..<end)
    if packet.flags.contains(.hasWirelessHeader) { return WirelessFrame.addresses(header) }
    guard header.count >= 12 else { return nil }
    return (MACAddress(bits: header.uint48(at: 6)), MACAddress(bits: header.uint48(at: 0)))
  }
}
