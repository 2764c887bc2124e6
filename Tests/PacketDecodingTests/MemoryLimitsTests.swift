// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@Suite struct MemoryLimitsTests {
  /// Every limit by its name, of a shard or of the run.
  private static func all(_ limits: MemoryLimits) -> [(name: String, value: Int)] {
    Mirror(reflecting: limits).children.compactMap { child in
      (child.value as? Int).flatMap { value in child.label.map { ($0, value) } }
    }
  }

  @Test func theStandardHasTheBoundsOfTheDesign() {
    let limits = MemoryLimits.standard
    #expect(limits.byteCount == 3 << 30)
    #expect(limits.flows * MemoryLimits.shardCount == 8_000_000)
    #expect(limits.reassemblyBytes * MemoryLimits.shardCount == 256 << 20)
    #expect(limits.rhythms * MemoryLimits.shardCount == 8_192)
    #expect(limits.names * MemoryLimits.shardCount == 1 << 20)
    #expect(limits.nameBytes * MemoryLimits.shardCount == 64 << 20)
    #expect(limits.mediaStreams * MemoryLimits.shardCount == 1 << 16)
    #expect(limits.fragmentedDatagrams == 4_096)
    #expect(limits.fragmentBytes == 64 << 20)
    #expect(limits == MemoryLimits(byteCount: 3 << 30))
  }

  /// All of them, so that none is forgotten.
  @Test(arguments: [128 << 20, 256 << 20, 1 << 30, 6 << 30, 64 << 30])
  func everyLimitIsInProportion(byteCount: Int) throws {
    let limits = Self.all(try #require(MemoryLimits(byteCount: byteCount)))
    let standard = Self.all(.standard)
    #expect(limits.map(\.name) == standard.map(\.name))
    #expect(limits.count > 25)
    for (limit, whole) in zip(limits, standard) {
      let exact = Double(whole.value) * Double(byteCount) / Double(3 << 30)
      #expect(abs(Double(limit.value) - exact) <= 2, "\(limit.name)")
      #expect(limit.value > 0, "\(limit.name)")
    }
  }

  @Test(arguments: [Int.min, -1, 0, (128 << 20) - 1, (64 << 30) + 1, Int.max])
  func otherSizesAreRefused(byteCount: Int) {
    #expect(MemoryLimits(byteCount: byteCount) == nil)
  }

  @Test func sizesAreNamedInTheLargestUnit() {
    #expect(MemoryLimits.standard.description == "3 GiB")
    #expect(MemoryLimits(byteCount: 1536 << 20)?.description == "1536 MiB")
    #expect(MemoryLimits(byteCount: (128 << 20) + 1)?.description == "134217729 bytes")
  }

  @Test func countsAddUpWithTheirFirstTime() {
    var first = BoundCount()
    first.note(at: 50)
    first.note(at: 40)
    let sum = BoundCount.sum([BoundCount(), first, BoundCount(count: 3, firstTime: 45)])
    #expect(sum == BoundCount(count: 5, firstTime: 40))
    #expect(BoundCount.sum([]).firstTime == nil)
  }
}
