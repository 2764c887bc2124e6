// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct StateSizeTests {
  /// A million streams must fit into memory: a few hundred bytes each.
  @Test func stateOfAStreamIsSmall() {
    #expect(MemoryLayout<MediaTrack>.stride <= 400)
    #expect(MemoryLayout<StreamInspection>.stride <= 640)
  }
}
