// SPDX-License-Identifier: Apache-2.0

/// Format of a capture file.
public enum CaptureFormat: String, Hashable, Sendable {
  /// The classic format, with microseconds or nanoseconds, and IXIA's variant of it.
  case pcap
  /// Kuznetzov's modified pcap with 24-byte record headers.
  case pcapModified = "pcap-modified"
  /// Nokia's pcap with 20-byte record headers.
  case pcapNokia = "pcap-nokia"
  /// pcapng.
  case pcapng
  /// Snoop of Solaris, [RFC 1761](https://www.rfc-editor.org/rfc/rfc1761).
  case snoop
}

/// Compression of a capture file.
public enum CaptureCompression: String, Hashable, Sendable {
  /// Not compressed.
  case none
  /// gzip, [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952).
  case gzip
  /// Zstandard, [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878).
  case zstd
  /// LZ4 frames.
  case lz4
}

/// An interface that packets were captured on.
public struct CaptureInterface: Hashable, Sendable {
  /// Index over all sections of the file.
  public var id: Int
  /// Index of the section that describes the interface, from 0; always 0 in formats without
  /// sections.
  public var section = 0
  /// Link type, as written in the file.
  public var linkType: LinkType
  /// Greatest number of bytes captured of a packet; 0 is unlimited.
  public var snapLength: UInt32
  /// Units of the timestamps per second.
  public var timestampResolution: UInt64
  /// Seconds added to each timestamp of the interface.
  public var timestampOffset: Int64 = 0
  /// Name of the interface, or nil.
  public var name: String?
  /// Description of the interface, or nil.
  public var text: String?
  /// Capture filter, or nil.
  public var filter: String?
  /// Number of records.
  public var packets: UInt64 = 0
  /// Number of packets that the capturing machine says it lost, or nil.
  public var dropped: UInt64?

  package init(id: Int, linkType: LinkType, snapLength: UInt32, timestampResolution: UInt64) {
    self.id = id
    self.linkType = linkType
    self.snapLength = snapLength
    self.timestampResolution = timestampResolution
  }
}

/// A name that the capturing machine resolved, from a name resolution block.
public struct CaptureNameRecord: Hashable, Sendable {
  /// Four or sixteen bytes.
  public var address: [UInt8]
  /// A host name, as written.
  public var name: String

  /// Makes a record.
  package init(address: [UInt8], name: String) {
    self.address = address
    self.name = name
  }
}

/// What is known of a capture file, for `lenstrace info`.
public struct CaptureFacts: Sendable {
  /// Display name.
  public var path: String
  /// SHA-256 of the input as it lies on disk, or nil when it was not computed.
  public var sha256: String?
  /// Size of the input as it lies on disk.
  public var bytes: UInt64 = 0
  /// Size after decompression, as far as it was read.
  public var uncompressedBytes: UInt64 = 0
  /// Format.
  public var format: CaptureFormat
  /// Compression.
  public var compression: CaptureCompression = .none
  /// Interfaces of all sections, in file order.
  public var interfaces: [CaptureInterface] = []
  /// Number of records.
  public var packets: UInt64 = 0
  /// Sum of the records' original lengths.
  public var wireBytes: UInt64 = 0
  /// Sum of the records' captured lengths.
  public var capturedBytes: UInt64 = 0
  /// Least record time, in nanoseconds since 1970.
  public var firstTime: Int64?
  /// Greatest record time, in nanoseconds since 1970.
  public var lastTime: Int64?
  /// Number of records without a time (simple packet blocks); they have the time of the record
  /// before them, or 1970.
  public var untimedPackets: UInt64 = 0
  /// Number of records earlier than the greatest time before them.
  public var outOfOrder: UInt64 = 0
  /// Number of records that were captured shorter than they were.
  public var truncatedPackets: UInt64 = 0
  /// Damage in file order, at most ``maximumNotes``.
  public var damage: [CaptureDamage] = []
  /// Number of damaged places, kept or not.
  public var damageCount: UInt64 = 0
  /// Number of bytes left out in all.
  public var bytesSkipped: UInt64 = 0
  /// Comments of sections, interfaces, packets and other blocks, in file order.
  public var comments: [String] = []
  /// Number of comments, kept or not.
  public var commentCount: UInt64 = 0
  /// Hardware, system and program that wrote the capture, in file order.
  public var writers: [String] = []
  /// Names that the capturing machine resolved, in file order.
  public var names: [CaptureNameRecord] = []
  /// Number of sections; 1 for pcap.
  public var sections: UInt64 = 0
  /// Number of blocks with decryption secrets, which are never shown.
  public var decryptionSecrets: UInt64 = 0
  /// Number of custom blocks and blocks of unknown type.
  public var unknownBlocks: UInt64 = 0

  /// Greatest number of damaged places, comments and writers that are kept each.
  ///
  /// More than a reader wants to see; bounds what a hostile file can make us keep.
  public static let maximumNotes = 1024
  /// Greatest number of bytes of all comments that are kept.
  public static let maximumCommentByteCount = 1 << 20
  /// Greatest number of resolved names that are kept.
  public static let maximumNames = 65_536

  /// Makes facts of an input of which nothing else is known.
  package init(path: String, format: CaptureFormat) {
    self.path = path
    self.format = format
  }

  /// Link types of the interfaces, each once, in the order of their numbers.
  public var linkTypes: [LinkType] {
    Set(interfaces.map(\.linkType.rawValue)).sorted().map(LinkType.init(rawValue:))
  }
}
