// SPDX-License-Identifier: Apache-2.0

import Testing
import VideoDetection

@testable import Exfiltration

/// The matrix of classifier.md 3.7, cell by cell.
@Suite struct SeverityMatrixTests {
  private func row(
    _ content: SeverityMatrix.Content, isPlaceKnown: Bool = true, bytes: UInt64 = 1_000_000
  ) -> [Severity?] {
    Exposure.allCases.map {
      SeverityMatrix.severity(content, $0, isPlaceKnown: isPlaceKnown, bytes: bytes)
    }
  }

  @Test func everyCell() {
    #expect(row(.certain) == [.info, .low, .high, .high, .critical])
    #expect(row(.likely) == [.info, .low, .medium, .high, .high])
    #expect(row(.possible) == [nil, .info, .low, .medium, .medium])
    #expect(row(.bulk) == [nil, .info, .low, .low, .medium])
  }

  @Test func withoutAKnownPlaceOutsideWeighsDifferently() {
    #expect(row(.certain, isPlaceKnown: false)[1] == .medium)
    #expect(row(.likely, isPlaceKnown: false)[1] == .low)
    #expect(row(.possible, isPlaceKnown: false)[1] == .info)
    #expect(row(.bulk, isPlaceKnown: false)[1] == .info)
  }

  @Test func belowTheFloorNothingIsAboveInformation() {
    #expect(row(.certain, bytes: 239_999) == [.info, .info, .info, .info, .info])
    #expect(row(.certain, bytes: 240_000)[4] == .critical)
    #expect(row(.possible, bytes: 0)[0] == nil)
  }

  @Test func notAssessedAndNothingAreNoContent() {
    #expect(SeverityMatrix.Content(.notAssessed, isBulk: false) == nil)
    #expect(SeverityMatrix.Content(.noEvidence, isBulk: false) == nil)
    #expect(SeverityMatrix.Content(.notAssessed, isBulk: true) == .bulk)
    #expect(SeverityMatrix.Content(.possible, isBulk: true) == .possible)
  }
}
