// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import TestSupport
import Testing

/// Leaves capture files of every kind as seeds for the fuzz targets.
@Suite(.enabled(if: SeedFolder.isWanted, "set LENSTRACE_FUZZ_SEEDS to a folder"))
struct FuzzSeedTests {
  @Test func pcap() throws {
    for magic in CaptureBuilder.Magic.allCases {
      for isBigEndian in [false, true] {
        var file = CaptureBuilder.pcap(magic, isBigEndian: isBigEndian)
        let extra = [UInt8](repeating: 0, count: magic == .modified ? 8 : 0)
        for index in 0..<6 {
          file.record(
            seconds: 1_700_000_000 + UInt32(index), Packet.payload(40 + index), extra: extra)
        }
        #expect(try SeedFolder.add(file.bytes, for: "pcap"))
      }
    }
    #expect(try SeedFolder.add(DamageTests.ordinaryPcap().bytes, for: "pcap"))
  }

  @Test func pcapng() throws {
    for isBigEndian in [false, true] {
      var file = CaptureBuilder.pcapng(isBigEndian: isBigEndian, options: [.comment("section")])
      file.interface(options: [.resolution(9), .comment("eth0")])
      file.interface(linkType: 101)
      file.enhancedPacket(ticks: 1_700_000_000_000_000_000, Packet.payload(60))
      file.enhancedPacket(interface: 1, ticks: 1_700_000_000_000_000, Packet.payload(61))
      file.names(address: [192, 0, 2, 1], ["camera.example"])
      file.statistics(interfaceDropped: 5, systemDropped: 6)
      file.block(3, [0, 0, 0, 4, 1, 2, 3, 4])
      file.block(10, Array("keys".utf8))
      file.block(0xBAD, [0, 0, 0, 1, 1, 2, 3, 4])
      #expect(try SeedFolder.add(file.bytes, for: "pcapng"))
    }
    #expect(try SeedFolder.add(DamageTests.ordinaryPcapng().bytes, for: "pcapng"))
  }

  @Test func compression() throws {
    let content = DamageTests.ordinaryPcap(count: 8).bytes
    for (name, pack) in [
      ("gzip", StoredCompression.gzip), ("zstd", StoredCompression.zstd),
      ("lz4", StoredCompression.lz4),
    ] as [(String, ([UInt8]) -> [UInt8])] {
      #expect(try SeedFolder.add(pack(content), for: name))
      #expect(try SeedFolder.add(pack([]), for: name))
      #expect(try SeedFolder.add(pack(content) + pack([1, 2, 3]), for: name))
      #expect(try SeedFolder.add(pack(content), for: "pcap"))
    }
  }
}
