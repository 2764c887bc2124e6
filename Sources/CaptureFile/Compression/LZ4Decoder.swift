// SPDX-License-Identifier: Apache-2.0

#if LZ4
internal import Clz4

/// LZ4 frames ([format](https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md)) through the
/// system's liblz4.
@safe final class LZ4Decoder: StreamDecoder {
  private let context: OpaquePointer

  init?() {
    var made: OpaquePointer?
    let status = unsafe LZ4F_createDecompressionContext(&made, UInt32(LZ4F_VERSION))
    guard LZ4F_isError(status) == 0, let context = unsafe made else { return nil }
    unsafe self.context = context
  }

  deinit {
    _ = unsafe LZ4F_freeDecompressionContext(context)
  }

  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> DecodedPiece {
    var consumed = input.count
    var produced = output.count
    let status = unsafe LZ4F_decompress(
      context, output.baseAddress, &produced, input.baseAddress, &consumed, nil)
    guard LZ4F_isError(status) == 0 else {
      return DecodedPiece(consumed: 0, produced: 0, state: .corrupt)
    }
    return DecodedPiece(
      consumed: consumed, produced: produced, state: status == 0 ? .ended : .inside)
  }

  func startsMember(_ input: UnsafeRawBufferPointer) -> Bool {
    // Frames begin with 04 22 4D 18, skippable ones with 5x 2A 4D 18.
    guard let first = unsafe input.first else { return false }
    return first == 0x04 || first & 0xf0 == 0x50
  }
}
#endif
