// SPDX-License-Identifier: Apache-2.0

/// Reads the packets of one capture file: pcap or pcapng, compressed or not.
///
/// ```swift
/// var bytes = 0
/// let facts = try CaptureReader("evidence.pcapng.gz").forEach { packet in
///   bytes += packet.capturedLength
/// }
/// print(facts.packets, bytes, facts.damage)
/// ```
public struct CaptureReader: Sendable {
  /// What is read.
  public let input: CaptureInput

  /// Reads the file at `path`; `-` is standard input.
  public init(_ path: String) {
    input = CaptureInput(path)
  }

  /// Reads an input of a ``CaptureSet``.
  public init(_ input: CaptureInput) {
    self.input = input
  }

  /// Calls `body` with each packet, in file order, and returns the facts of the file.
  ///
  /// Damage does not end the reading; it is in the facts.
  ///
  /// - Parameters:
  ///   - hash: Whether SHA-256 of the file is computed on the way.
  ///   - body: Is given each packet; what it throws ends the reading.
  /// - Returns: What is known of the file.
  /// - Throws: ``CaptureError`` when the file cannot be read or changed meanwhile, or what `body`
  ///   throws.
  /// - Complexity: O(*n*) in the size of the file, in bounded memory.
  @discardableResult
  public func forEach(
    hash: Bool = false, _ body: (borrowing CapturedPacket) throws -> Void
  ) throws -> CaptureFacts {
    let reader = try CaptureFileReader(input: input, fileIndex: 0, pool: BlockPool(), hash: hash)
    while let batch = reader.nextBatch() {
      for (index, record) in batch.records.enumerated() {
        try body(CapturedPacket(batch: batch, index: index, record: record))
      }
    }
    return try reader.finish()
  }
}
