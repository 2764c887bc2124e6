// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import VideoDetection

struct FourierTransformTests {
  @Test func matchesTheSumItStandsFor() {
    let count = 64
    var sample = SampleRhythm()
    let values = (0..<count).map { _ in Float(sample.chance() - 0.5) }
    let power = FourierTransform(count: count).power(values, limit: 32)
    for line in 0..<32 {
      var sum = Phasor.zero
      for (index, value) in values.enumerated() {
        let point = Phasor(turns: -Double(line * index) / Double(count))
        sum += Phasor(real: point.real * Double(value), imaginary: point.imaginary * Double(value))
      }
      #expect((power[line] - sum.squaredLength).magnitude < 1e-9)
    }
  }

  @Test func takesFewerAndMoreSamples() {
    let transform = FourierTransform(count: 16)
    #expect(transform.power([], limit: 8) == [Double](repeating: 0, count: 8))
    #expect(transform.power([1, 1, 1], limit: 1) == [9])
    #expect(transform.power([Float](repeating: 1, count: 99), limit: 1) == [256])
  }
}
