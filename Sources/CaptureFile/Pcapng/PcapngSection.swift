// SPDX-License-Identifier: Apache-2.0

/// What holds within one section of a pcapng file
/// ([draft-ietf-opsawg-pcapng](https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcapng/)).
struct PcapngSection: Sendable {
  /// What a packet's time and length need of its interface.
  struct Interface: Sendable, BitwiseCopyable {
    var unit: TimestampUnit
    var snapLength: UInt32
  }

  var isBigEndian = false
  /// Index of the section in the file, from 0.
  var number = 0
  /// Index, over all sections, of the section's first interface.
  var firstInterface = 0
  /// The section's interfaces.
  var interfaces: [Interface] = []
}

/// A block that Wireshark numbers among the packets although it is none: a custom block or a
/// journal entry.
package struct NumberedBlock: Sendable {
  var type: PcapngBlockType
  /// What lies between the two lengths.
  var body: [UInt8]
  var isBigEndian: Bool

  /// Whether a program that writes the packets to another file may write the block there too.
  ///
  /// The draft's section 4.9 gives a custom block either of two types for that.
  package var mayBeCopied: Bool { type != .customNotCopied }
}

/// Types of blocks.
struct PcapngBlockType: RawRepresentable, Hashable, Sendable {
  var rawValue: UInt32

  static let sectionHeader = Self(rawValue: 0x0a0d_0d0a)
  static let interfaceDescription = Self(rawValue: 1)
  static let obsoletePacket = Self(rawValue: 2)
  static let simplePacket = Self(rawValue: 3)
  static let nameResolution = Self(rawValue: 4)
  static let interfaceStatistics = Self(rawValue: 5)
  static let enhancedPacket = Self(rawValue: 6)
  static let journalExport = Self(rawValue: 9)
  static let decryptionSecrets = Self(rawValue: 10)
  static let custom = Self(rawValue: 0x0000_0bad)
  static let customNotCopied = Self(rawValue: 0x4000_0bad)

  /// Whether a block of the type may mark a place where reading can go on after damage.
  var isKnown: Bool {
    switch self {
    case .interfaceDescription, .obsoletePacket, .simplePacket, .nameResolution,
      .interfaceStatistics, .enhancedPacket, .journalExport, .decryptionSecrets, .custom,
      .customNotCopied, .sectionHeader:
      true
    default: false
    }
  }
}
