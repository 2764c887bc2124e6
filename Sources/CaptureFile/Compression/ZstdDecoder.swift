// SPDX-License-Identifier: Apache-2.0

#if Zstd
internal import Czstd

/// Zstandard, [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878), through the system's libzstd.
///
/// libzstd refuses windows above 128 MiB by itself, which bounds memory.
@safe final class ZstdDecoder: StreamDecoder {
  private let context: OpaquePointer
  /// RFC 8878 §3.1.1.2: block headers have 3 bytes; §3.1.1.1: magic number and frame header begin
  /// with 5.
  private var steps = BlockSteps(blockHeaderByteCount: 3, startByteCount: 5)

  init?() {
    guard let context = unsafe ZSTD_createDCtx() else { return nil }
    unsafe self.context = context
  }

  deinit {
    _ = unsafe ZSTD_freeDCtx(context)
  }

  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> DecodedPiece {
    unsafe steps.decode(input, into: output) { input, output in
      var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
      var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
      let status = unsafe ZSTD_decompressStream(context, &target, &source)
      guard ZSTD_isError(status) == 0 else { return BlockSteps.Step() }
      return unsafe BlockSteps.Step(
        consumed: source.pos, produced: target.pos, wanted: Int(clamping: status))
    }
  }

  func startsMember(_ input: UnsafeRawBufferPointer) -> Bool {
    // Frames begin with 28 B5 2F FD, skippable ones with 5x 2A 4D 18.
    guard let first = unsafe input.first else { return false }
    return first == 0x28 || first & 0xf0 == 0x50
  }
}
#endif
