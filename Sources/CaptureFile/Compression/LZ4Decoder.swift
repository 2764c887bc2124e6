// SPDX-License-Identifier: Apache-2.0

#if LZ4
internal import Clz4

/// LZ4 frames ([format](https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md)) through the
/// system's liblz4.
@safe final class LZ4Decoder: StreamDecoder {
  private let context: OpaquePointer
  /// Block sizes have 4 bytes, the shortest frame header 7 (the format, sections on blocks and frames).
  private var steps = BlockSteps(blockHeaderByteCount: 4, startByteCount: 7)

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
    unsafe steps.decode(input, into: output) { input, output in
      var consumed = input.count
      var produced = output.count
      let status = unsafe LZ4F_decompress(
        context, output.baseAddress, &produced, input.baseAddress, &consumed, nil)
      guard LZ4F_isError(status) == 0 else { return BlockSteps.Step() }
      return BlockSteps.Step(
        consumed: consumed, produced: produced, wanted: Int(clamping: status))
    }
  }

  func startsMember(_ input: UnsafeRawBufferPointer) -> Bool {
    // Frames begin with 04 22 4D 18, skippable ones with 5x 2A 4D 18.
    guard let first = unsafe input.first else { return false }
    return first == 0x04 || first & 0xf0 == 0x50
  }
}
#endif
