// SPDX-License-Identifier: Apache-2.0

import TestSupport
import Testing

/// Leaves the sample frames as seeds for the fuzz targets `decoding` and `reassembly`.
@Suite(.enabled(if: SeedFolder.isWanted, "set LENSTRACE_FUZZ_SEEDS to a folder"))
struct FuzzSeedTests {
  @Test func frames() throws {
    for (linkType, frame) in SampleFrames.ethernet.map({ (UInt32(1), $0) }) + SampleFrames.others {
      guard let index = FuzzInput.linkTypes.firstIndex(of: linkType) else { continue }
      #expect(try SeedFolder.add([UInt8(index)] + frame, for: "decoding"))
    }
    let packets = SampleFrames.ethernet.map {
      FuzzInput.Piece(control: 0, bytes: Array($0.dropFirst(14)))
    }
    #expect(try SeedFolder.add(FuzzInput.bytes(head: [0], packets), for: "reassembly"))
  }

  @Test func fragmentsAndSegments() throws {
    let inner = Packet.udp(from: 5004, to: 6004, Packet.payload(200)).bytes
    for kind: UInt8 in [2, 3] {
      let pieces = Packet.pieces(inner, size: 64).map { piece in
        // IPv4: flags and offset in units of eight bytes; IPv6: offset in bytes and the flag.
        let word =
          kind == 2
          ? (piece.more ? 0x2000 : 0) | piece.offset / 8 : piece.offset | (piece.more ? 1 : 0)
        return FuzzInput.Piece(control: kind, bytes: Packet.word(word) + piece.bytes)
      }
      #expect(try SeedFolder.add(FuzzInput.bytes(head: [0], pieces), for: "reassembly"))
      #expect(try SeedFolder.add(FuzzInput.bytes(head: [0], pieces.reversed()), for: "reassembly"))
    }
    func segment(_ flags: UInt8, _ sequence: Int, _ count: Int, isAnswer: Bool = false)
      -> FuzzInput.Piece
    {
      FuzzInput.Piece(
        control: isAnswer ? 5 : 1, bytes: [flags] + Packet.long(sequence) + Packet.payload(count))
    }
    #expect(
      try SeedFolder.add(
        FuzzInput.bytes(
          head: [0],
          [
            segment(2, 0, 0), segment(0x12, 9, 0, isAnswer: true), segment(0x18, 1, 100),
            segment(0x18, 201, 100), segment(0x18, 10, 10, isAnswer: true), segment(0x18, 101, 100),
            segment(0x18, 101, 100), segment(0x18, 500, 50), segment(0x11, 550, 0),
            segment(0x11, 20, 0, isAnswer: true), segment(2, 900_000, 0),
          ]), for: "reassembly"))
  }
}
