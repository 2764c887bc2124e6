// SPDX-License-Identifier: Apache-2.0

/// A place in a capture file that could not be read as it should.
public struct CaptureDamage: Hashable, Sendable {
  /// What was wrong.
  public enum Reason: String, Hashable, Sendable {
    /// The file ends inside a record; ordinary when a capture was stopped.
    case truncatedRecord = "truncated_record"
    /// A record states a length that cannot be.
    case badRecordLength = "bad_record_length"
    /// A pcapng block's two lengths differ or are too short.
    case badBlockLength = "bad_block_length"
    /// A section header without a known byte-order magic.
    case badSectionHeader = "bad_section_header"
    /// A packet names an interface that no block described.
    case unknownInterface = "unknown_interface"
    /// More interfaces than are kept.
    case tooManyInterfaces = "too_many_interfaces"
    /// The file states a version of its format that is not known.
    case unknownVersion = "unknown_version"
    /// The compressed stream ends before its end.
    case truncatedCompression = "truncated_compression"
    /// The compressed stream is corrupt.
    case corruptCompression = "corrupt_compression"
    /// Behind the end of the compressed data there is more, which was not read.
    case trailingData = "trailing_data"
    /// The system could not read further.
    case unreadable
  }

  /// Offset of the damage in the uncompressed data.
  public var offset: UInt64
  /// What was wrong.
  public var reason: Reason
  /// Number of bytes from `offset` on that were left out.
  public var bytesSkipped: UInt64

  /// Makes a note of damage.
  public init(offset: UInt64, reason: Reason, bytesSkipped: UInt64) {
    self.offset = offset
    self.reason = reason
    self.bytesSkipped = bytesSkipped
  }
}
