// SPDX-License-Identifier: Apache-2.0

/// How the first bytes of payloads are spread: ciphertext spreads them evenly, codecs do not.
struct UnitTypeSpread: Sendable {
  /// Payloads looked at; more would not change the answer.
  static let maximumPayloads: UInt32 = 2048
  /// Payloads needed: ten for each of the 32 type numbers.
  static let minimumPayloads: UInt32 = 320
  /// Chi-square with 31 degrees of freedom that evenly spread types exceed once in 1000 streams.
  static let maximumChiSquare = 61.1

  private(set) var count: UInt32 = 0
  private var types = InlineArray<32, UInt16>(repeating: 0)
  private var forbidden: UInt32 = 0

  /// Whether no more payloads are looked at.
  var isFull: Bool { count >= Self.maximumPayloads }

  /// Takes the first byte of a payload.
  mutating func note(_ byte: UInt8) {
    guard !isFull else { return }
    count &+= 1
    types[Int(byte & 0x1F)] &+= 1
    if byte & 0x80 != 0 { forbidden &+= 1 }
  }

  /// Chi-square of the type numbers against an even spread.
  var chiSquare: Double {
    guard count > 0 else { return .infinity }
    let expected = Double(count) / 32
    var sum = 0.0
    for index in types.indices {
      let difference = Double(types[index]) - expected
      sum += difference * difference / expected
    }
    return sum
  }

  /// Whether type numbers are evenly spread and the forbidden bit is set in about half.
  var isUniform: Bool {
    guard count >= Self.minimumPayloads, chiSquare < Self.maximumChiSquare else { return false }
    return forbidden > count / 5 * 2 && forbidden < count / 5 * 3
  }
}

extension UnitTypeSpread: StorableState {
  mutating func exchange(with port: inout StatePort) {
    port.pass(&count)
    for index in types.indices { port.pass(&types[index]) }
    port.pass(&forbidden)
  }
}
