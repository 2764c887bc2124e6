// SPDX-License-Identifier: Apache-2.0

/// Reads one capture file, in order, by batches of records.
///
/// Holds at most a few blocks, whatever the size of the file.
package final class CaptureFileReader {
  /// What is read.
  package let input: CaptureInput
  /// Index of the file in the list of inputs.
  package let fileIndex: UInt32
  /// The file, open.
  package let file: OpenFile
  /// Format, from the first bytes.
  package let format: CaptureFormat
  /// Compression, from the first bytes.
  package let compression: CaptureCompression

  private let raw: FileByteSource
  private let digest: EvidenceDigest?
  private let framer: RecordFramer
  let start: CaptureStart

  /// Opens `input` and reads its first block.
  ///
  /// - Throws: when it cannot be opened or is no capture.
  package init(
    input: CaptureInput, fileIndex: UInt32, pool: BlockPool, hash: Bool = false
  ) throws(CaptureError) {
    self.input = input
    self.fileIndex = fileIndex
    file = try OpenFile(input)
    digest = hash ? EvidenceDigest() : nil
    raw = FileByteSource(file, digest: digest)
    let (compression, source) = try CompressionFormats.open(raw, name: input.name)
    self.compression = compression
    let block = pool.take()
    block.append(from: source, to: block.capacity)
    start = try CaptureStart(block, source: source, name: input.name)
    format = start.walker.format
    framer = RecordFramer(
      walker: start.walker, source: source, block: block, blockOffset: 0,
      position: start.headerByteCount, file: fileIndex, pool: pool)
  }

  /// The next records in file order, or nil at the end.
  package func nextBatch() -> RecordBatch? {
    framer.nextBatch()
  }

  /// Link types of the interfaces met so far.
  package var linkTypes: [LinkType] { framer.walker.linkTypes }

  /// Facts of what was read so far.
  package var facts: CaptureFacts {
    var joined = start.facts
    joined.join(framer.facts, batches: [])
    var facts = CaptureFacts(path: input.name, format: format)
    facts.compression = compression
    facts.bytes = raw.byteCount ?? raw.position
    facts.uncompressedBytes = framer.offset
    joined.describe(framer.walker.interfaces, in: &facts)
    return facts
  }

  /// Bytes read so far, as they lie on disk.
  package var bytesRead: UInt64 { raw.position }

  /// Size of the input as it lies on disk; `nil` for pipes.
  package var byteCount: UInt64? { raw.byteCount }

  /// Size of a file that can be read in segments: regular and not compressed.
  package var segmentableByteCount: UInt64? {
    file.identity.kind == .regular && compression == .none ? file.identity.byteCount : nil
  }

  /// SHA-256 of a regular file as it lies on disk, read from start to end on the caller's thread.
  ///
  /// Nil when `isCancelled` said so or the file is no regular one. Call it beside the reading of
  /// segments, with a reader that was made without `hash`.
  package func digest(isCancelled: () -> Bool = { false }) -> String? {
    guard file.identity.kind == .regular else { return nil }
    return EvidenceDigest.digest(of: file, isCancelled: isCancelled)?.hexadecimal
  }

  /// Reads the rest of the input for its hash and checks that it did not change.
  ///
  /// Call it once, after the last batch.
  ///
  /// - Throws: when the file changed since it was opened.
  package func finish() throws(CaptureError) -> CaptureFacts {
    var facts = facts
    if let digest {
      let buffer = Block(byteCount: Block.standardByteCount)
      repeat {
        buffer.clear()
        buffer.append(from: raw, to: buffer.capacity)
      } while buffer.count > 0
      facts.bytes = raw.position
      facts.sha256 = digest.hexadecimal()
    }
    try checkUnchanged()
    return facts
  }

  /// Checks that the file is the one that was opened.
  ///
  /// - Throws: when size or time of change differ.
  package func checkUnchanged() throws(CaptureError) {
    guard file.identity.kind == .regular, file.currentIdentity() != file.identity else { return }
    throw CaptureError(
      .changed, file: input.name, reason: "the file changed while it was read",
      advice: "copy it to a place where nothing writes and start again")
  }
}
