// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Foundation
import TestSupport
import Testing

@Suite struct CaptureOrderTests {
  static func order(_ files: [[UInt8]]) throws -> CaptureOrder {
    let folder = try TemporaryFolder()
    var inputs: [CaptureInput] = []
    for (index, bytes) in files.enumerated() {
      try folder.add("\(index)", bytes)
      inputs.append(CaptureInput(folder.path + "/\(index)"))
    }
    return CaptureOrder(inputs, pool: BlockPool())
  }

  @Test func filesApartFollowOneAnotherAndOverlappingOnesAreGrouped() throws {
    let order = try Self.order([
      CaptureSetTests.capture([50, 60]), CaptureSetTests.capture([10, 20]),
      CaptureSetTests.capture([15, 18]), CaptureSetTests.capture([20, 30]),
      CaptureSetTests.capture([31]), CaptureBuilder.pcap().bytes, Array("no capture".utf8),
    ])
    #expect(order.groups == [[1, 2, 3], [4], [0], [5]])
    #expect(order.errors.map(\.file) == ["6"])
  }

  @Test func theEndOfCompressedFilesIsUnknown() throws {
    let order = try Self.order([
      CaptureSetTests.capture([1]), StoredCompression.gzip(CaptureSetTests.capture([5])),
      CaptureSetTests.capture([9]),
    ])
    #expect(order.groups == [[0], [1, 2]])
  }

  @Test func largeFilesAreLookedAtFromTheirEnd() throws {
    var random = SeededGenerator(state: 21)
    var file = CaptureBuilder.pcap()
    for second in 0..<3000 { file.record(seconds: UInt32(second + 100), random.bytes(1000)) }
    let order = try Self.order([
      CaptureSetTests.capture([3100]), file.bytes, CaptureSetTests.capture([3098]),
    ])
    #expect(order.groups == [[1, 2], [0]])
  }
}
