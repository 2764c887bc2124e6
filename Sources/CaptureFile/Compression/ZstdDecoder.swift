// SPDX-License-Identifier: Apache-2.0

#if Zstd
internal import Czstd

/// Zstandard, [RFC 8878](https://www.rfc-editor.org/rfc/rfc8878), through the system's libzstd.
///
/// libzstd refuses windows above 128 MiB by itself, which bounds memory.
@safe final class ZstdDecoder: StreamDecoder {
  private let context: OpaquePointer

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
    var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
    var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
    let status = unsafe ZSTD_decompressStream(context, &target, &source)
    let isError = ZSTD_isError(status) != 0
    return unsafe DecodedPiece(
      consumed: source.pos, produced: target.pos,
      state: isError ? .corrupt : status == 0 ? .ended : .inside)
  }

  func startsMember(_ input: UnsafeRawBufferPointer) -> Bool {
    // Frames begin with 28 B5 2F FD, skippable ones with 5x 2A 4D 18.
    guard let first = unsafe input.first else { return false }
    return first == 0x28 || first & 0xf0 == 0x50
  }
}
#endif
