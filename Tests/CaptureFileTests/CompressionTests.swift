// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import TestSupport
import Testing

@Suite struct CompressionTests {
  typealias Compress = @Sendable ([UInt8]) -> [UInt8]

  static let all: [(CaptureCompression, Compress)] = [
    (.gzip, StoredCompression.gzip), (.zstd, StoredCompression.zstd),
    (.lz4, StoredCompression.lz4),
  ]

  static func capture() -> (file: CaptureBuilder, plain: [ReadPacket]) {
    var random = SeededGenerator(state: 11)
    let file = SegmentPlanTests.pcap(count: 3000, random: &random)
    let plain = (try? Reading(file.bytes))?.packets ?? []
    return (file, plain)
  }

  @Test(arguments: 0..<3)
  func readsWhatWasCompressed(index: Int) throws {
    let (compression, compress) = Self.all[index]
    let (file, plain) = Self.capture()
    let compressed = compress(file.bytes)
    let reading = try Reading(compressed)
    #expect(!plain.isEmpty)
    #expect(reading.packets == plain)
    #expect(reading.facts.compression == compression)
    #expect(reading.facts.bytes == UInt64(compressed.count))
    #expect(reading.facts.uncompressedBytes == UInt64(file.bytes.count))
    #expect(reading.facts.sha256 == SHA256Hex.digest(of: compressed))
    #expect(reading.facts.damage.isEmpty)
  }

  /// One layer is unpacked, so that a bomb in a bomb is none; the message says what it is.
  @Test(arguments: 0..<3, 0..<3)
  func whatIsCompressedTwiceIsNamed(outer: Int, inner: Int) {
    let (compression, compress) = Self.all[inner]
    let twice = Self.all[outer].1(compress(Self.capture().file.bytes))
    let error = #expect(throws: CaptureError.self) { try Reading(twice) }
    #expect(error?.reason.contains("compressed with \(compression.rawValue) itself") == true)
  }

  @Test(arguments: 0..<3)
  func readsMembersOneAfterAnother(index: Int) throws {
    let (_, compress) = Self.all[index]
    let (file, plain) = Self.capture()
    let middle = file.bytes.count / 3
    let reading = try Reading(
      compress(Array(file.bytes[..<middle])) + compress(Array(file.bytes[middle...])))
    #expect(reading.packets == plain)
    #expect(reading.facts.damage.isEmpty)
  }

  /// gzip itself says "trailing garbage ignored"; here might lie the rest of a capture.
  @Test(arguments: 0..<3)
  func whatFollowsTheLastMemberIsTold(index: Int) throws {
    let (_, compress) = Self.all[index]
    let (file, plain) = Self.capture()
    let behind = Array("JUNK".utf8) + [UInt8](repeating: 7, count: 5_000_000)
    let reading = try Reading(compress(file.bytes) + behind)
    #expect(reading.packets == plain)
    let damage = try #require(reading.facts.damage.first)
    #expect(damage.reason == .trailingData)
    #expect(damage.bytesSkipped == UInt64(behind.count))
    // Zeros fill up the last block of a tape or disk.
    let padded = try Reading(compress(file.bytes) + [UInt8](repeating: 0, count: 5_000_000))
    #expect(padded.packets == plain)
    #expect(padded.facts.damage.isEmpty)
  }

  @Test(arguments: 0..<3)
  func aCutStreamKeepsWhatCameBefore(index: Int) throws {
    let (_, compress) = Self.all[index]
    let (file, plain) = Self.capture()
    let compressed = compress(file.bytes)
    let reading = try Reading(Array(compressed[..<(compressed.count * 2 / 3)]))
    #expect(reading.packets.count > plain.count / 3)
    #expect(reading.packets == Array(plain.prefix(reading.packets.count)))
    #expect(reading.facts.damage.first?.reason == .truncatedCompression)
  }

  @Test func aCorruptStreamKeepsWhatCameBefore() throws {
    let (file, plain) = Self.capture()
    var compressed = StoredCompression.gzip(file.bytes)
    // The complement of the third stored block's length.
    compressed[10 + 2 * (65_535 + 5) + 3] ^= 0xff
    let reading = try Reading(compressed)
    #expect(reading.packets.count > plain.count / 10)
    #expect(reading.packets == Array(plain.prefix(reading.packets.count)))
    #expect(reading.facts.damage.first?.reason == .corruptCompression)
  }

  /// A block that cannot be, where it begins, and what is before it: the complement of a length
  /// that does not fit, the block type that is reserved, a size above the greatest.
  static let impossibleBlocks: [(Compress, place: Int, bytes: [UInt8], before: Int)] = [
    (StoredCompression.gzip, 10 + 2 * (65_535 + 5) + 3, [0xFF, 0xFF], 2 * 65_535),
    (StoredCompression.zstd, 6 + 2 * (100_000 + 3), [0xFF], 200_000),
    (StoredCompression.lz4, 7 + 2 * (65_536 + 4), [0xFF, 0xFF, 0xFF, 0xFF], 2 * 65_536),
  ]

  @Test(arguments: 0..<3, [1 << 22, 4_093])
  func allBeforeACorruptBlockIsKept(index: Int, pieceByteCount: Int) throws {
    let (compress, place, bytes, before) = Self.impossibleBlocks[index]
    let content = (0..<300_000).map { UInt8(truncatingIfNeeded: $0 &* 7 ^ $0 >> 8) }
    var compressed = compress(content)
    compressed.replaceSubrange(place..<place + bytes.count, with: bytes)
    let file = try TemporaryFile(compressed, name: "damaged")
    let source = try DecompressingSource(CaptureInput(file.path))
    var read: [UInt8] = []
    while let block = source.next(byteCount: pieceByteCount) {
      for index in block.bytes.indices { read.append(block.bytes[index]) }
    }
    #expect(read == Array(content.prefix(before)))
    #expect(source.failureText != nil)
  }

  @Test(arguments: 0..<3)
  func everyCutAndFlipIsSurvived(index: Int) throws {
    let (_, compress) = Self.all[index]
    var file = CaptureBuilder.pcap()
    for second in 0..<4 { file.record(seconds: UInt32(second), [1, 2, 3]) }
    let compressed = compress(file.bytes)
    for length in 0..<compressed.count { _ = try? Reading(Array(compressed[..<length])) }
    for place in compressed.indices {
      var damaged = compressed
      damaged[place] ^= UInt8(1 << (place % 8))
      _ = try? Reading(damaged)
    }
  }

  @Test func foreignBytesBehindTheLastMemberAreLeftAlone() throws {
    let (file, plain) = Self.capture()
    let reading = try Reading(StoredCompression.gzip(file.bytes) + [0, 0, 0, 0])
    #expect(reading.packets == plain)
    #expect(reading.facts.damage.isEmpty)
  }

  @Test func decompressingSourceGivesContentAndHash() throws {
    let content = Array("1.0.0.0\t1.0.0.255\tAU\n".utf8)
    let compressed = StoredCompression.gzip(content)
    let file = try TemporaryFile(compressed, name: "table.tsv.gz")
    let source = try DecompressingSource(CaptureInput(file.path))
    var bytes: [UInt8] = []
    while let block = source.next(byteCount: 5) {
      for index in block.bytes.indices { bytes.append(block.bytes[index]) }
    }
    #expect(bytes == content)
    #expect(source.sha256() == SHA256Hex.digest(of: compressed))
    #expect(source.failureText == nil)
  }
}
