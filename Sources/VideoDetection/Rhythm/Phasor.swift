// SPDX-License-Identifier: Apache-2.0

/// A point of the unit circle, or a sum of such points.
///
/// Sine and cosine are computed here from sums and products only, because those of the C library
/// differ in the last bit between systems and results must not.
struct Phasor: BitwiseCopyable {
  var real: Double
  var imaginary: Double

  static let zero = Phasor(real: 0, imaginary: 0)

  init(real: Double, imaginary: Double) {
    self.real = real
    self.imaginary = imaginary
  }

  /// The point `turns` turns from 1, counter-clockwise.
  init(turns: Double) {
    // To an eighth of a turn around a multiple of a quarter; there the series end quickly.
    let quarters = (turns * 4).rounded()
    let x = (turns - quarters / 4) * (2 * Double.pi)
    let s = x * x
    var sine = 1 - s / 210
    sine = 1 - s / 156 * sine
    sine = 1 - s / 110 * sine
    sine = 1 - s / 72 * sine
    sine = 1 - s / 42 * sine
    sine = 1 - s / 20 * sine
    sine = x * (1 - s / 6 * sine)
    var cosine = 1 - s / 182
    cosine = 1 - s / 132 * cosine
    cosine = 1 - s / 90 * cosine
    cosine = 1 - s / 56 * cosine
    cosine = 1 - s / 30 * cosine
    cosine = 1 - s / 12 * cosine
    cosine = 1 - s / 2 * cosine
    switch quarters - (quarters / 4).rounded(.down) * 4 {
    case 0: (real, imaginary) = (cosine, sine)
    case 1: (real, imaginary) = (-sine, cosine)
    case 2: (real, imaginary) = (-cosine, -sine)
    default: (real, imaginary) = (sine, -cosine)
    }
  }

  var squaredLength: Double { real * real + imaginary * imaginary }
  var length: Double { squaredLength.squareRoot() }

  static func += (left: inout Phasor, right: Phasor) {
    left.real += right.real
    left.imaginary += right.imaginary
  }

  static func * (left: Phasor, right: Phasor) -> Phasor {
    Phasor(
      real: left.real * right.real - left.imaginary * right.imaginary,
      imaginary: left.real * right.imaginary + left.imaginary * right.real)
  }

  /// The same length at the opposite angle.
  var conjugate: Phasor { Phasor(real: real, imaginary: -imaginary) }

  /// Its angle in turns, -0.5 to 0.5, exact to 1e-5.
  var turns: Double {
    let (x, y) = (real.magnitude, imaginary.magnitude)
    guard x > 0 || y > 0 else { return 0 }
    let ratio = min(x, y) / max(x, y)
    let s = ratio * ratio
    // Abramowitz and Stegun 4.4.47: |error| <= 1e-5 radians.
    var angle =
      ratio
      * (0.999_866_0 + s * (-0.330_299_5 + s * (0.180_141_0 + s * (-0.085_133_0 + s * 0.020_835_1))))
    if y > x { angle = Double.pi / 2 - angle }
    if real < 0 { angle = Double.pi - angle }
    if imaginary < 0 { angle = -angle }
    return angle / (2 * Double.pi)
  }
}
