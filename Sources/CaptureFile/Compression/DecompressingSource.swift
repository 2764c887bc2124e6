// SPDX-License-Identifier: Apache-2.0

/// The uncompressed content of any file, block by block, with the hash of the file as it lies on
/// disk: for tables and lists that may be compressed.
package final class DecompressingSource {
  /// Compression, from the first bytes.
  package let compression: CaptureCompression
  /// What is read.
  package let input: CaptureInput

  private let raw: FileByteSource
  private let source: any ByteSource
  private let digest = EvidenceDigest()

  /// Opens `input`; a stream ends where `stop` is given while its next bytes are waited for.
  ///
  /// - Throws: when it cannot be opened, or is compressed in a way this build leaves out.
  package init(_ input: CaptureInput, stop: StopSignal? = nil) throws(CaptureError) {
    self.input = input
    raw = FileByteSource(try OpenFile(input, stop: stop), digest: digest)
    (compression, source) = try CompressionFormats.open(raw, name: input.name)
  }

  /// The next bytes, at most `byteCount`, or nil at the end.
  package func next(byteCount: Int = Block.standardByteCount) -> Block? {
    let block = Block(byteCount: byteCount)
    block.append(from: source, to: block.capacity)
    return block.count > 0 ? block : nil
  }

  /// Why the content ended early, or nil; what follows it is no reason.
  package var failureText: String? {
    source.failure.flatMap { $0.reason == .trailingData ? nil : $0.text }
  }

  /// SHA-256 of the file as it lies on disk.
  ///
  /// Reads what is left of it: call it once, at the end.
  package func sha256() -> String {
    let rest = Block(byteCount: Block.standardByteCount)
    repeat {
      rest.clear()
      rest.append(from: raw, to: rest.capacity)
    } while rest.count > 0
    return digest.hexadecimal()
  }
}
