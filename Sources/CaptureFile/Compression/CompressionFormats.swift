// SPDX-License-Identifier: Apache-2.0

/// The compressions by their first bytes.
struct CompressionFormat: Sendable {
  var compression: CaptureCompression
  var magic: [UInt8]
  /// Makes a decoder; nil where this build leaves the compression out.
  var makeDecoder: (@Sendable () -> (any StreamDecoder)?)?
}

enum CompressionFormats {
  static let all = [
    CompressionFormat(compression: .gzip, magic: [0x1f, 0x8b, 0x08], makeDecoder: gzipDecoder),
    CompressionFormat(
      compression: .zstd, magic: [0x28, 0xb5, 0x2f, 0xfd], makeDecoder: zstdDecoder),
    CompressionFormat(compression: .lz4, magic: [0x04, 0x22, 0x4d, 0x18], makeDecoder: lz4Decoder),
  ]

  #if Zlib
  private static let gzipDecoder: (@Sendable () -> (any StreamDecoder)?)? = { GzipDecoder() }
  #else
  private static let gzipDecoder: (@Sendable () -> (any StreamDecoder)?)? = nil
  #endif
  #if Zstd
  private static let zstdDecoder: (@Sendable () -> (any StreamDecoder)?)? = { ZstdDecoder() }
  #else
  private static let zstdDecoder: (@Sendable () -> (any StreamDecoder)?)? = nil
  #endif
  #if LZ4
  private static let lz4Decoder: (@Sendable () -> (any StreamDecoder)?)? = { LZ4Decoder() }
  #else
  private static let lz4Decoder: (@Sendable () -> (any StreamDecoder)?)? = nil
  #endif

  /// The compression of what begins with `bytes`, or nil.
  static func compression(of bytes: Span<UInt8>) -> CaptureCompression? {
    all.first { format in
      bytes.count >= format.magic.count
        && format.magic.indices.allSatisfy { bytes[$0] == format.magic[$0] }
    }?.compression
  }

  /// Gives the uncompressed bytes of `raw`, by its first bytes.
  static func open(
    _ raw: FileByteSource, name: String
  ) throws(CaptureError) -> (CaptureCompression, any ByteSource) {
    let first = raw.peek(4)
    guard let format = all.first(where: { first.starts(with: $0.magic) }) else {
      return (.none, raw)
    }
    let text = format.compression.rawValue
    guard let makeDecoder = format.makeDecoder else {
      throw CaptureError(
        .compressionLeftOut, file: name, offset: 0,
        reason: "compressed with \(text), which this build leaves out",
        advice: "decompress it first, or build with the trait for \(text)")
    }
    guard let decoder = makeDecoder() else {
      throw CaptureError(.cannotRead, file: name, reason: "cannot start to decompress \(text)")
    }
    return (format.compression, DecompressedByteSource(raw, decoder))
  }
}
