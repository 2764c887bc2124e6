// SPDX-License-Identifier: Apache-2.0

#if Zstd
internal import Czstd
#endif

/// Compresses a stream with Zstandard; bytes pass unchanged where the build leaves libzstd out.
@safe package final class ZstdEncoder {
  /// Level of compression: what `zstd` uses by itself.
  static let level: Int32 = 3

  #if Zstd
  private let context: OpaquePointer?
  #endif

  /// Makes an encoder of one frame with a checksum.
  package init() {
    #if Zstd
    unsafe context = ZSTD_createCCtx()
    _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_compressionLevel, Self.level)
    _ = unsafe ZSTD_CCtx_setParameter(context, ZSTD_c_checksumFlag, 1)
    #endif
  }

  deinit {
    #if Zstd
    _ = unsafe ZSTD_freeCCtx(context)
    #endif
  }

  /// The next compressed bytes; with `isLast` all that is left.
  package func encode(_ bytes: [UInt8], isLast: Bool) -> [UInt8] {
    #if Zstd
    guard unsafe context != nil else { return bytes }
    var result: [UInt8] = []
    var piece = [UInt8](repeating: 0, count: 128 << 10)
    unsafe bytes.withUnsafeBytes { input in
      var source = unsafe ZSTD_inBuffer(src: input.baseAddress, size: input.count, pos: 0)
      while true {
        var produced = 0
        let rest = unsafe piece.withUnsafeMutableBytes { output in
          var target = unsafe ZSTD_outBuffer(dst: output.baseAddress, size: output.count, pos: 0)
          let rest = unsafe ZSTD_compressStream2(
            context, &target, &source, isLast ? ZSTD_e_end : ZSTD_e_continue)
          produced = unsafe target.pos
          return rest
        }
        result.append(contentsOf: piece.prefix(produced))
        if ZSTD_isError(rest) != 0 { return }
        if isLast ? rest == 0 : unsafe source.pos == source.size { return }
      }
    }
    return result
    #else
    return bytes
    #endif
  }
}
