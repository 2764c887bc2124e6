// SPDX-License-Identifier: Apache-2.0

/// One packet of a capture file.
///
/// Copying it is cheap and keeps the block of the file that it lies in, at most 256 KiB for
/// ordinary packets; ``copyOfBytes()`` keeps the packet's own bytes alone.
public struct CapturedPacket: Sendable {
  /// Number of the packet in its file, from 1, as Wireshark counts.
  public let frame: UInt64
  /// Time of capture in nanoseconds since 1970-01-01T00:00:00Z.
  public let time: Int64
  /// Whether the file states the time; simple packets of pcapng have none, and ``time`` is that of
  /// the packet before.
  public let hasTime: Bool
  /// Number of bytes that the packet had on the wire.
  public let originalLength: UInt32
  /// Index of the interface in the file, over all sections.
  public let interface: Int
  /// Link type of the interface, or nil when the file does not describe it.
  public let linkType: LinkType?

  private let block: Block
  private let range: Range<Int>

  init(batch: RecordBatch, index: Int, record: CaptureRecord) {
    frame = batch.firstFrame &+ UInt64(index)
    time = record.time
    hasTime = batch.simplePackets.isEmpty || !batch.simplePackets.contains(index)
    originalLength = record.originalLength
    interface = Int(record.interface)
    linkType = interface < batch.linkTypes.count ? batch.linkTypes[interface] : nil
    block = batch.block
    let start = Int(record.offset)
    range = start..<start &+ Int(record.capturedLength)
  }

  /// Number of bytes that were captured.
  public var capturedLength: Int { range.count }

  /// The bytes that were captured, from the link header on.
  public var bytes: Span<UInt8> {
    @_lifetime(borrow self)
    get { block.bytes.extracting(range) }
  }

  /// The bytes that were captured, as an array of their own.
  ///
  /// - Complexity: O(*n*) in the number of bytes.
  public func copyOfBytes() -> [UInt8] {
    let bytes = bytes
    return [UInt8](capacity: bytes.count) { copy in
      for index in bytes.indices { copy.append(bytes[index]) }
    }
  }
}
