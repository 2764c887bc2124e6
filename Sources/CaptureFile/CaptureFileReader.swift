// SPDX-License-Identifier: Apache-2.0

/// Reads one capture file, in order, by batches of records.
///
/// Holds at most a few blocks, whatever the size of the file. A regular file may rest: it is closed
/// then, and opened again from its start when it is next asked for records, so that a set may have
/// more files than a process may open.
package final class CaptureFileReader {
  /// What is read.
  package let input: CaptureInput
  /// Index of the file in the list of inputs.
  package let fileIndex: UInt32
  /// What was opened.
  package let identity: FileIdentity
  /// Format, from the first bytes.
  package let format: CaptureFormat
  /// Compression, from the first bytes.
  package let compression: CaptureCompression

  let start: CaptureStart
  private let pool: BlockPool
  private let hash: Bool
  private let keepsNumberedBlocks: Bool
  private let stop: StopSignal?
  /// The open file; `nil` while it rests.
  private var opened: Opened?
  /// Why a file that rested cannot be opened again.
  private var failure: CaptureError?
  /// The facts after ``finish()``.
  private var finalFacts: CaptureFacts?

  /// An open file and how far it was read.
  private struct Opened {
    let file: OpenFile
    let raw: FileByteSource
    let digest: EvidenceDigest?
    let framer: RecordFramer
    let start: CaptureStart
    let compression: CaptureCompression
  }

  /// Opens `input` and reads its first block.
  ///
  /// With `keepsNumberedBlocks`, batches also hold the blocks that have a frame number but are no
  /// packets, and some have no records. `stop` ends the waiting for a stream.
  ///
  /// - Throws: when it cannot be opened or is no capture.
  package init(
    input: CaptureInput, fileIndex: UInt32, pool: BlockPool, hash: Bool = false,
    keepsNumberedBlocks: Bool = false, stop: StopSignal? = nil
  ) throws(CaptureError) {
    self.input = input
    self.stop = stop
    self.fileIndex = fileIndex
    self.pool = pool
    self.hash = hash
    self.keepsNumberedBlocks = keepsNumberedBlocks
    let opened = try Self.open(
      input, fileIndex, pool, hash: hash, keepsNumberedBlocks: keepsNumberedBlocks, stop: stop)
    identity = opened.file.identity
    compression = opened.compression
    start = opened.start
    format = opened.start.walker.format
    self.opened = opened
  }

  private static func open(
    _ input: CaptureInput, _ fileIndex: UInt32, _ pool: BlockPool, hash: Bool,
    keepsNumberedBlocks: Bool, stop: StopSignal?
  ) throws(CaptureError) -> Opened {
    let file = try OpenFile(input, stop: stop)
    let digest = hash ? EvidenceDigest() : nil
    let raw = FileByteSource(file, digest: digest)
    let (compression, source) = try CompressionFormats.open(raw, name: input.name)
    let block = pool.take()
    block.append(from: source, to: block.capacity)
    let start = try CaptureStart(block, source: source, name: input.name)
    let framer = RecordFramer(
      walker: start.walker, source: source, block: block, blockOffset: 0,
      position: start.headerByteCount, file: fileIndex, pool: pool,
      keepsNumberedBlocks: keepsNumberedBlocks)
    return Opened(
      file: file, raw: raw, digest: digest, framer: framer, start: start,
      compression: compression)
  }

  /// Closes a regular file; the next batch is its first again.
  package func rest() {
    guard identity.kind == .regular else { return }
    opened = nil
  }

  /// The file, opened again where it rested.
  private func wake() -> Opened? {
    if let opened { return opened }
    guard failure == nil, finalFacts == nil else { return nil }
    do throws(CaptureError) {
      let opened = try Self.open(
        input, fileIndex, pool, hash: hash, keepsNumberedBlocks: keepsNumberedBlocks, stop: stop)
      guard opened.file.identity == identity else { throw changed }
      self.opened = opened
      return opened
    } catch {
      failure = error
      return nil
    }
  }

  private var changed: CaptureError {
    CaptureError(
      .changed, file: input.name, reason: "the file changed while it was read",
      advice: "copy it to a place where nothing writes and start again")
  }

  /// The open file, for whoever reads it in another way; `nil` where it cannot be opened again.
  var file: OpenFile? { wake()?.file }

  /// The next records in file order, or nil at the end.
  package func nextBatch() -> RecordBatch? {
    wake()?.framer.nextBatch()
  }

  /// Link types of the interfaces met so far.
  package var linkTypes: [LinkType] {
    opened?.framer.walker.linkTypes ?? start.walker.linkTypes
  }

  /// Facts of what was read so far.
  package var facts: CaptureFacts {
    if let finalFacts { return finalFacts }
    var joined = start.facts
    if let opened { joined.join(opened.framer.facts, batches: []) }
    var facts = CaptureFacts(path: input.name, format: format)
    facts.compression = compression
    facts.bytes = opened.map { $0.raw.byteCount ?? $0.raw.position } ?? identity.byteCount
    facts.uncompressedBytes = opened?.framer.offset ?? 0
    joined.describe((opened?.framer.walker ?? start.walker).interfaces, in: &facts)
    return facts
  }

  /// Bytes read so far, as they lie on disk.
  package var bytesRead: UInt64 { opened?.raw.position ?? finalFacts?.bytes ?? 0 }

  /// Size of the input as it lies on disk; `nil` for pipes.
  package var byteCount: UInt64? { identity.kind == .regular ? identity.byteCount : nil }

  /// Size of a file that can be read in segments: regular and not compressed.
  package var segmentableByteCount: UInt64? {
    identity.kind == .regular && compression == .none ? identity.byteCount : nil
  }

  /// Bytes that ``digest(isCancelled:)`` hashes between two questions.
  package static var digestStep: UInt64 { UInt64(EvidenceDigest.step) }

  /// SHA-256 of a regular file as it lies on disk, read from start to end on the caller's thread.
  ///
  /// Nil when `isCancelled` said so or the file is no regular one. Call it beside the reading of
  /// segments, with a reader that was made without `hash`.
  package func digest(isCancelled: () -> Bool = { false }) -> String? {
    // A file of its own: the reader may rest on another thread meanwhile.
    guard identity.kind == .regular, let file = try? OpenFile(input), file.identity == identity
    else { return nil }
    return EvidenceDigest.digest(of: file, isCancelled: isCancelled)?.hexadecimal
  }

  /// Reads the rest of the input for its hash, checks that it did not change and closes it.
  ///
  /// Call it after the last batch; later calls give the same.
  ///
  /// - Throws: when the file changed since it was opened.
  package func finish() throws(CaptureError) -> CaptureFacts {
    if let finalFacts { return finalFacts }
    let work = wake()
    if let failure { throw failure }
    var facts = facts
    if let work, let digest = work.digest {
      let buffer = Block(byteCount: Block.standardByteCount)
      repeat {
        buffer.clear()
        buffer.append(from: work.raw, to: buffer.capacity)
      } while buffer.count > 0
      facts.bytes = work.raw.position
      facts.sha256 = digest.hexadecimal()
    }
    do throws(CaptureError) {
      try checkUnchanged()
    } catch {
      failure = error
      throw error
    }
    finalFacts = facts
    opened = nil
    return facts
  }

  /// Checks that the file is the one that was opened.
  ///
  /// - Throws: when size or time of change differ.
  package func checkUnchanged() throws(CaptureError) {
    guard identity.kind == .regular else { return }
    let current: FileIdentity?
    if let opened {
      current = opened.file.currentIdentity()
    } else {
      current = try OpenFile(input).identity
    }
    guard current == identity else { throw changed }
  }
}
