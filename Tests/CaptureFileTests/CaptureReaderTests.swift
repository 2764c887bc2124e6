// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import TestSupport
import Testing

@Suite struct CaptureReaderTests {
  @Test func givesEachPacketInOrder() throws {
    var capture = CaptureBuilder.pcap(linkType: 113)
    capture.record(seconds: 1, fraction: 5, [1, 2], originalLength: 60)
    capture.record(seconds: 2, [3])
    let file = try TemporaryFile(capture.bytes)
    var kept: [CapturedPacket] = []
    let facts = try CaptureReader(file.path).forEach(hash: true) { packet in
      kept.append(copy packet)
    }
    #expect(kept.map(\.frame) == [1, 2])
    #expect(kept.map(\.time) == [1_000_005_000, 2_000_000_000])
    #expect(kept.map(\.originalLength) == [60, 1])
    #expect(kept.map { $0.copyOfBytes() } == [[1, 2], [3]])
    #expect(kept.first?.capturedLength == 2)
    #expect(kept.first?.linkType == .linuxCooked)
    #expect(facts.packets == 2)
    #expect(facts.sha256 == SHA256Hex.digest(of: capture.bytes))
  }

  @Test func whatTheBodyThrowsEndsTheReading() throws {
    struct Enough: Error {}
    let file = try TemporaryFile(CaptureSetTests.capture([1, 2, 3]))
    var count = 0
    #expect(throws: Enough.self) {
      try CaptureReader(file.path).forEach(hash: false) { _ in
        count += 1
        if count == 2 { throw Enough() }
      }
    }
    #expect(count == 2)
  }

  @Test func aMissingFileIsAnError() {
    #expect(throws: CaptureError.self) {
      try CaptureReader("/nowhere/a.pcap").forEach(hash: false) { _ in }
    }
  }
}
