// SPDX-License-Identifier: Apache-2.0

/// The squared amplitudes of the spectrum of real samples, by the fast Fourier transform.
///
/// Our own: swift-numerics has none, and Accelerate and FFTW are not on every system
/// (reference/toolchain.md). Radix 2, the samples packed in pairs as complex numbers.
struct FourierTransform {
  /// Number of samples, a power of two.
  let count: Int
  /// The points k/count turns, k below count/2.
  private let twiddles: [Phasor]
  /// Position of each packed sample after bit reversal.
  private let reversed: [Int32]

  /// Prepares transforms of `count` samples.
  ///
  /// - Precondition: `count` is a power of two and at least 4.
  init(count: Int) {
    precondition(count >= 4 && count & (count - 1) == 0)
    self.count = count
    twiddles = (0..<count / 2).map { Phasor(turns: -Double($0) / Double(count)) }
    let half = count / 2
    let shift = Int32.bitWidth - half.trailingZeroBitCount
    reversed = (0..<Int32(half)).map {
      Int32(truncatingIfNeeded: reverse(UInt32($0)) >> UInt32(shift))
    }
  }

  /// Squared amplitudes at whole numbers of cycles over all samples from 0 on, below `limit`.
  ///
  /// Samples beyond `count` are left out, missing ones are 0.
  ///
  /// - Complexity: O(count log count).
  func power(_ samples: [Float], limit: Int) -> [Double] {
    let half = count / 2
    var real = [Double](repeating: 0, count: half)
    var imaginary = [Double](repeating: 0, count: half)
    for index in 0..<min(half, (samples.count + 1) / 2) {
      let target = Int(reversed[index])
      real[target] = Double(samples[2 * index])
      if 2 * index + 1 < samples.count { imaginary[target] = Double(samples[2 * index + 1]) }
    }
    transform(&real, &imaginary)
    return (0..<min(limit, half)).map { k in
      let mirror = (half - k) & (half - 1)
      // Even samples are the symmetric part, odd ones the other (Numerical Recipes, 12.3.2).
      let even = Phasor(
        real: (real[k] + real[mirror]) / 2, imaginary: (imaginary[k] - imaginary[mirror]) / 2)
      let odd = Phasor(
        real: (imaginary[k] + imaginary[mirror]) / 2, imaginary: (real[mirror] - real[k]) / 2)
      var sum = even
      sum += odd * twiddles[k]
      return sum.squaredLength
    }
  }

  private func transform(_ real: inout [Double], _ imaginary: inout [Double]) {
    let half = count / 2
    var a = real.mutableSpan
    var b = imaginary.mutableSpan
    let points = twiddles.span
    var size = 1
    while size < half {
      let step = count / (2 * size)
      for start in stride(from: 0, to: half, by: 2 * size) {
        for k in 0..<size {
          let point = points[k &* step]
          let low = start &+ k
          let high = low &+ size
          let x = a[high] * point.real - b[high] * point.imaginary
          let y = a[high] * point.imaginary + b[high] * point.real
          a[high] = a[low] - x
          b[high] = b[low] - y
          a[low] += x
          b[low] += y
        }
      }
      size *= 2
    }
  }
}

private func reverse(_ value: UInt32) -> UInt32 {
  var x = value
  x = (x & 0x5555_5555) << 1 | (x >> 1) & 0x5555_5555
  x = (x & 0x3333_3333) << 2 | (x >> 2) & 0x3333_3333
  x = (x & 0x0F0F_0F0F) << 4 | (x >> 4) & 0x0F0F_0F0F
  return x.byteSwapped
}
