// SPDX-License-Identifier: Apache-2.0

extension OutputSpan<UInt8> {
  /// Appends a copy of `bytes`, as far as there is room.
  ///
  /// At once instead of byte by byte: names and texts are most of a report.
  mutating func append(copying bytes: Span<UInt8>) {
    let length = Swift.min(bytes.count, freeCapacity)
    if length == 0 { return }
    unsafe withUnsafeMutableBufferPointer { target, count in
      unsafe bytes.extracting(0..<length).withUnsafeBufferPointer { source in
        guard let from = source.baseAddress, let to = target.baseAddress else { return }
        unsafe (to + count).initialize(from: from, count: length)
      }
      count &+= length
    }
  }
}

extension [UInt8] {
  /// Appends a copy of `bytes`.
  mutating func append(copying bytes: Span<UInt8>) {
    append(addingCapacity: bytes.count) { $0.append(copying: bytes) }
  }

  /// Appends a whole number in decimal digits.
  mutating func append(decimal number: UInt64) {
    if number < 10 {
      append(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number))
      return
    }
    var rest = number
    var digits: [20 of UInt8] = .init(repeating: 0)
    var start = 20
    repeat {
      start &-= 1
      digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    append(copying: digits.span.extracting(start..<20))
  }

  /// Appends a whole number with its sign.
  mutating func append(decimal number: Int64) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(decimal: number.magnitude)
  }

  /// Appends the last `count` decimal digits of a number, zeros in front.
  mutating func append(digits number: Int64, _ count: Int) {
    var rest = number.magnitude
    append(addingCapacity: count) { output in
      for _ in 0..<count { output.append(UInt8(ascii: "0")) }
      var digits = output.mutableSpan
      var position = digits.count
      for _ in 0..<count {
        position &-= 1
        digits[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
        rest /= 10
      }
    }
  }
}
