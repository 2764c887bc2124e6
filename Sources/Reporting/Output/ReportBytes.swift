// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import PacketDecoding

/// Bytes of a report on their way to a sink.
///
/// A buffer of its own instead of an array: most of a report are keys and numbers of a few bytes,
/// and an array checks for other owners and for room with each of them (measured: 44 instructions
/// a byte of JSON with an array, 5 with this).
@safe struct ReportBytes: ~Copyable {
  private static let initialCapacity = 1 << 10

  private var start: UnsafeMutablePointer<UInt8>
  private var capacity = Self.initialCapacity
  /// Number of bytes that wait.
  private(set) var count = 0
  /// The day whose date was written last, and its text with a `T` behind; packets come in bunches
  /// of the same day.
  private var day = Int64.min
  private var date: [11 of UInt8] = .init(repeating: 0)

  init() {
    unsafe start = .allocate(capacity: Self.initialCapacity)
  }

  deinit { unsafe start.deallocate() }

  /// What waits.
  var span: Span<UInt8> {
    @_lifetime(borrow self)
    borrowing get {
      let bytes = unsafe UnsafeBufferPointer(start: start, count: count)
      return unsafe _overrideLifetime(bytes.span, borrowing: self)
    }
  }

  mutating func removeAll() { count = 0 }

  /// Makes room for `length` more bytes.
  @inline(__always)
  private mutating func reserve(_ length: Int) {
    if capacity &- count < length { grow(length) }
  }

  @inline(never)
  private mutating func grow(_ length: Int) {
    let wanted = max(2 * capacity, count + length)
    let wider = UnsafeMutablePointer<UInt8>.allocate(capacity: wanted)
    unsafe wider.initialize(from: start, count: count)
    unsafe start.deallocate()
    unsafe start = wider
    capacity = wanted
  }

  /// Puts a byte behind the others; there must be room.
  @inline(__always)
  private mutating func put(_ byte: UInt8) {
    unsafe start[count] = byte
    count &+= 1
  }

  /// Puts a copy behind the others; there must be room.
  @inline(__always)
  private mutating func put(_ source: UnsafePointer<UInt8>, _ length: Int) {
    let into = unsafe UnsafeMutableRawPointer(start + count)
    let from = unsafe UnsafeRawPointer(source)
    count &+= length
    // Two copies that overlap cost less than the call of one whose length is not known.
    if length > 16 {
      unsafe into.copyMemory(from: from, byteCount: length)
    } else if length >= 8 {
      let first = unsafe from.loadUnaligned(as: UInt64.self)
      let last = unsafe from.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
      unsafe into.storeBytes(of: first, as: UInt64.self)
      unsafe into.storeBytes(of: last, toByteOffset: length &- 8, as: UInt64.self)
    } else if length >= 4 {
      let first = unsafe from.loadUnaligned(as: UInt32.self)
      let last = unsafe from.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self)
      unsafe into.storeBytes(of: first, as: UInt32.self)
      unsafe into.storeBytes(of: last, toByteOffset: length &- 4, as: UInt32.self)
    } else if length >= 2 {
      let first = unsafe from.loadUnaligned(as: UInt16.self)
      let last = unsafe from.loadUnaligned(fromByteOffset: length &- 2, as: UInt16.self)
      unsafe into.storeBytes(of: first, as: UInt16.self)
      unsafe into.storeBytes(of: last, toByteOffset: length &- 2, as: UInt16.self)
    } else if length == 1 {
      unsafe into.storeBytes(of: source.pointee, as: UInt8.self)
    }
  }

  /// Puts a small word of `length` bytes, the first of them lowest; there must be room for eight.
  @inline(__always)
  private mutating func put(word: UInt64, _ length: Int) {
    unsafe UnsafeMutableRawPointer(start + count).storeBytes(of: word.littleEndian, as: UInt64.self)
    count &+= length
  }
}

extension ReportBytes {
  /// Appends one byte.
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    reserve(1)
    put(byte)
  }

  /// Appends two bytes.
  @inline(__always)
  mutating func append(_ first: UInt8, _ second: UInt8) {
    reserve(2)
    put(first)
    put(second)
  }

  /// Appends a copy of `bytes`.
  mutating func append(copying bytes: Span<UInt8>) {
    reserve(bytes.count)
    unsafe bytes.withUnsafeBufferPointer { source in
      guard let first = source.baseAddress else { return }
      unsafe put(first, source.count)
    }
  }

  /// Appends words of the program as they are.
  @inline(__always)
  mutating func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    reserve(length)
    unsafe put(text.utf8Start, length)
  }

  /// Appends a line feed and spaces, with a comma before where asked for.
  mutating func appendLine(indent: Int, afterComma: Bool) {
    reserve(indent &+ 2)
    if afterComma { put(UInt8(ascii: ",")) }
    put(UInt8(ascii: "\n"))
    var rest = indent
    while rest > 0 {
      put(UInt8(ascii: " "))
      rest &-= 1
    }
  }

  /// Appends the key of an object's member, with what stands between it and its value.
  ///
  /// Keys are words of the contract, never of a packet: nothing in them must be escaped.
  @inline(__always)
  mutating func append(key: StaticString) {
    let length = key.utf8CodeUnitCount
    reserve(length &+ 9)
    put(UInt8(ascii: "\""))
    unsafe put(key.utf8Start, length)
    put(word: 0x20_3A_22, 3)
  }

  /// Appends text between quotation marks that needs no escapes.
  @inline(__always)
  mutating func append(quoting bytes: Span<UInt8>) {
    reserve(bytes.count &+ 2)
    put(UInt8(ascii: "\""))
    unsafe bytes.withUnsafeBufferPointer { source in
      if let first = source.baseAddress { unsafe put(first, source.count) }
    }
    put(UInt8(ascii: "\""))
  }

  /// Appends `null`.
  @inline(__always)
  mutating func appendNull() {
    reserve(8)
    put(word: 0x6C_6C_75_6E, 4)
  }

  /// Appends a whole number in decimal digits.
  mutating func append(decimal number: UInt64) {
    reserve(20)
    putDecimal(number)
  }

  /// Appends a whole number with its sign.
  mutating func append(decimal number: Int64) {
    reserve(20)
    if number < 0 { put(UInt8(ascii: "-")) }
    putDecimal(number.magnitude)
  }

  @inline(__always)
  private mutating func putDecimal(_ number: UInt64) {
    if number < 10 {
      put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number))
      return
    }
    var length = 2
    var bound: UInt64 = 100
    while length < 20, number >= bound {
      length &+= 1
      bound = bound &* 10
    }
    putDigits(number, length)
  }

  /// Puts the last `length` decimal digits of a number, zeros in front; there must be room.
  @inline(__always)
  private mutating func putDigits(_ number: UInt64, _ length: Int) {
    var rest = number
    var position = count &+ length
    let first = count
    count = position
    while position > first {
      position &-= 1
      unsafe start[position] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    }
  }

  /// Appends the text of an address, as its `description` is.
  mutating func append(_ address: IPAddress) {
    reserve(40)
    guard let bits = address.v4 else { return putIPv6(address) }
    putOctet(bits >> 24)
    put(UInt8(ascii: "."))
    putOctet(bits >> 16 & 0xFF)
    put(UInt8(ascii: "."))
    putOctet(bits >> 8 & 0xFF)
    put(UInt8(ascii: "."))
    putOctet(bits & 0xFF)
  }

  /// Puts a number below 256; there must be room.
  @inline(__always)
  private mutating func putOctet(_ number: UInt32) {
    let hundreds = number / 100
    let tens = number / 10 % 10
    if hundreds > 0 { put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: hundreds)) }
    if number >= 10 { put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: tens)) }
    put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number % 10))
  }

  private mutating func putIPv6(_ address: IPAddress) {
    let zeros = Self.longestZeros(address)
    var index = 0
    while index < 8 {
      if index == zeros.lowerBound, !zeros.isEmpty {
        put(UInt8(ascii: ":"))
        put(UInt8(ascii: ":"))
        index = zeros.upperBound
        continue
      }
      if index > 0, index != zeros.upperBound || zeros.isEmpty { put(UInt8(ascii: ":")) }
      let group = Self.group(address, index)
      var shift: UInt16 = 12
      while shift > 0, group >> shift == 0 { shift &-= 4 }
      putHexadecimal(group >> shift)
      while shift > 0 {
        shift &-= 4
        putHexadecimal(group >> shift)
      }
      index &+= 1
    }
  }

  /// Appends the text of an address, as its `description` is.
  mutating func append(_ address: MACAddress) {
    reserve(17)
    var shift: UInt64 = 48
    while shift > 0 {
      if shift < 48 { put(UInt8(ascii: ":")) }
      shift &-= 8
      let byte = UInt16(truncatingIfNeeded: address.bits >> shift)
      putHexadecimal(byte >> 4)
      putHexadecimal(byte)
    }
  }

  /// Puts the digit of the lowest four bits; there must be room.
  @inline(__always)
  private mutating func putHexadecimal(_ bits: UInt16) {
    let digit = UInt8(truncatingIfNeeded: bits & 15)
    put(digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &- 10 &+ digit)
  }

  /// Appends four hexadecimal digits.
  mutating func append(hexadecimal bits: UInt16) {
    reserve(4)
    putHexadecimal(bits >> 12)
    putHexadecimal(bits >> 8)
    putHexadecimal(bits >> 4)
    putHexadecimal(bits)
  }

  private static func group(_ address: IPAddress, _ index: Int) -> UInt16 {
    let word = index < 4 ? address.high : address.low
    return UInt16(truncatingIfNeeded: word >> UInt64(48 - 16 * (index & 3)))
  }

  /// The groups that `::` stands for: the first of the longest runs of two or more zero groups
  /// ([RFC 5952 §4.2](https://www.rfc-editor.org/rfc/rfc5952#section-4.2)).
  private static func longestZeros(_ address: IPAddress) -> Range<Int> {
    var best = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, group(address, end) == 0 { end &+= 1 }
      if end - start >= 2, end - start > best.count { best = start..<end }
      start = end &+ 1
    }
    return best
  }

  /// Appends a time in nanoseconds since 1970, as `Timestamp.rfc3339` is.
  mutating func append(time nanoseconds: Int64) {
    reserve(30)
    let (seconds, fraction) = nanoseconds.dividedDown(by: 1_000_000_000)
    let (days, secondOfDay) = seconds.dividedDown(by: 86_400)
    if days != day { noteDate(days) }
    for index in date.indices { put(date[index]) }
    let second = UInt64(truncatingIfNeeded: secondOfDay)
    putDigits(second / 3_600, 2)
    put(UInt8(ascii: ":"))
    putDigits(second / 60 % 60, 2)
    put(UInt8(ascii: ":"))
    putDigits(second % 60, 2)
    put(UInt8(ascii: "."))
    putDigits(UInt64(truncatingIfNeeded: fraction), 9)
    put(UInt8(ascii: "Z"))
  }

  private mutating func noteDate(_ days: Int64) {
    let time = Timestamp(seconds: days &* 86_400)
    let before = count
    putDigits(time.year.magnitude, 4)
    put(UInt8(ascii: "-"))
    putDigits(time.month.magnitude, 2)
    put(UInt8(ascii: "-"))
    putDigits(time.day.magnitude, 2)
    put(UInt8(ascii: "T"))
    for index in date.indices { date[index] = unsafe start[before + index] }
    count = before
    day = days
  }
}
