// SPDX-License-Identifier: Apache-2.0

#if Zlib
internal import Czlib

/// gzip, [RFC 1952](https://www.rfc-editor.org/rfc/rfc1952), through the system's zlib.
@safe final class GzipDecoder: StreamDecoder {
  /// zlib keeps the address of its stream, so it must not move.
  private let stream: UnsafeMutablePointer<z_stream>
  /// 15 bits of window, and 16 for gzip instead of zlib.
  private static let windowBits: Int32 = 15 + 16

  init?() {
    unsafe stream = .allocate(capacity: 1)
    unsafe stream.initialize(to: z_stream())
    let status = unsafe inflateInit2_(
      stream, Self.windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size))
    guard status == Z_OK else {
      unsafe stream.deallocate()
      return nil
    }
  }

  deinit {
    _ = unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> DecodedPiece {
    let source = unsafe input.bindMemory(to: UInt8.self)
    let target = unsafe output.bindMemory(to: UInt8.self)
    // zlib does not write to its input.
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: source.baseAddress)
    unsafe stream.pointee.avail_in = UInt32(clamping: source.count)
    unsafe stream.pointee.next_out = target.baseAddress
    unsafe stream.pointee.avail_out = UInt32(clamping: target.count)
    let status = unsafe inflate(stream, Z_NO_FLUSH)
    let consumed = unsafe min(source.count, Int(UInt32.max)) - Int(stream.pointee.avail_in)
    let produced = unsafe min(target.count, Int(UInt32.max)) - Int(stream.pointee.avail_out)
    let state: DecodedPiece.State =
      switch status {
      case Z_OK, Z_BUF_ERROR: .inside
      case Z_STREAM_END: .ended
      default: .corrupt
      }
    return DecodedPiece(consumed: consumed, produced: produced, state: state)
  }

  func startsMember(_ input: UnsafeRawBufferPointer) -> Bool {
    guard let first = unsafe input.first, first == 0x1f else { return false }
    if input.count > 1, unsafe input[1] != 0x8b { return false }
    return unsafe inflateReset(stream) == Z_OK
  }
}
#endif
