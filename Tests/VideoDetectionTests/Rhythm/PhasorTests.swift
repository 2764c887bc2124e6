// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct PhasorTests {
  @Test func liesOnTheUnitCircle() {
    for step in -40...40 {
      let turns = Double(step) / 16
      let point = Phasor(turns: turns)
      #expect((point.length - 1).magnitude < 1e-12)
      let difference = point.turns - turns
      #expect((difference - difference.rounded()).magnitude < 1e-5)
    }
    #expect(Phasor(turns: 0.25).imaginary == 1)
    #expect(Phasor(turns: 0.5).real == -1)
    #expect(Phasor.zero.turns == 0)
  }
}
