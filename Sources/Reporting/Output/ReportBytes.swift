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
  /// The day whose date was written last, and its text between a quotation mark and a `T`, eight
  /// bytes a word, the first of them lowest; packets come in bunches of the same day.
  private var day = Int64.min
  private var date: (UInt64, UInt64) = (0, 0)
  private static let dateLength = 12

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

  /// Makes room for `length` more bytes, lets them be put there, and counts as many as were put.
  ///
  /// One check and one count for all that belongs together: those cost more than the bytes.
  @inline(__always)
  private mutating func append(upTo length: Int, _ put: (UnsafeMutableRawPointer) -> Int) {
    if capacity &- count < length { grow(length) }
    count &+= unsafe put(UnsafeMutableRawPointer(start + count))
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

  /// Copies `length` bytes.
  ///
  /// Two copies that overlap cost less than the call of one whose length is not known.
  @inline(__always)
  private static func copy(
    _ source: UnsafeRawPointer, _ length: Int, into target: UnsafeMutableRawPointer
  ) {
    if length > 16 {
      unsafe target.copyMemory(from: source, byteCount: length)
    } else if length >= 8 {
      let last = unsafe source.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
      unsafe target.storeBytes(of: source.loadUnaligned(as: UInt64.self), as: UInt64.self)
      unsafe target.storeBytes(of: last, toByteOffset: length &- 8, as: UInt64.self)
    } else if length >= 4 {
      let last = unsafe source.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self)
      unsafe target.storeBytes(of: source.loadUnaligned(as: UInt32.self), as: UInt32.self)
      unsafe target.storeBytes(of: last, toByteOffset: length &- 4, as: UInt32.self)
    } else {
      var index = 0
      while index < length {
        unsafe target.storeBytes(
          of: source.load(fromByteOffset: index, as: UInt8.self), toByteOffset: index,
          as: UInt8.self)
        index &+= 1
      }
    }
  }

  /// Puts up to eight bytes, the first of them lowest in `word`; there must be room for eight.
  @inline(__always)
  private static func put(word: UInt64, at offset: Int, of target: UnsafeMutableRawPointer) {
    unsafe target.storeBytes(of: word.littleEndian, toByteOffset: offset, as: UInt64.self)
  }

  /// Puts one byte; there must be room.
  @inline(__always)
  private static func put(_ byte: UInt8, at offset: Int, of target: UnsafeMutableRawPointer) {
    unsafe target.storeBytes(of: byte, toByteOffset: offset, as: UInt8.self)
  }
}

extension ReportBytes {
  /// Appends one byte.
  @inline(__always)
  mutating func append(_ byte: UInt8) {
    unsafe append(upTo: 1) { target in
      unsafe Self.put(byte, at: 0, of: target)
      return 1
    }
  }

  /// Appends two bytes.
  @inline(__always)
  mutating func append(_ first: UInt8, _ second: UInt8) {
    unsafe append(upTo: 2) { target in
      unsafe Self.put(first, at: 0, of: target)
      unsafe Self.put(second, at: 1, of: target)
      return 2
    }
  }

  /// Appends a copy of `bytes`.
  mutating func append(copying bytes: Span<UInt8>) {
    unsafe bytes.withUnsafeBytes { source in
      guard let first = source.baseAddress else { return }
      unsafe append(upTo: source.count) { target in
        unsafe Self.copy(first, source.count, into: target)
        return source.count
      }
    }
  }

  /// Appends words of the program as they are.
  @inline(__always)
  mutating func append(_ text: StaticString) {
    let length = text.utf8CodeUnitCount
    unsafe append(upTo: length) { target in
      unsafe Self.copy(text.utf8Start, length, into: target)
      return length
    }
  }

  /// Appends a line feed and spaces, with a comma before where asked for.
  mutating func appendLine(indent: Int, afterComma: Bool) {
    unsafe append(upTo: indent &+ 2) { target in
      var end = 0
      if afterComma {
        unsafe Self.put(UInt8(ascii: ","), at: 0, of: target)
        end = 1
      }
      unsafe Self.put(UInt8(ascii: "\n"), at: end, of: target)
      end &+= 1
      for _ in 0..<indent {
        unsafe Self.put(UInt8(ascii: " "), at: end, of: target)
        end &+= 1
      }
      return end
    }
  }

  /// Appends the key of an object's member, with what stands between it and its value, and a comma
  /// before where asked for.
  ///
  /// Keys are words of the contract, never of a packet: nothing in them must be escaped.
  @inline(__always)
  mutating func append(key: StaticString, afterComma: Bool) {
    let length = key.utf8CodeUnitCount
    unsafe append(upTo: length &+ 11) { target in
      // `, "` or the quotation mark alone.
      unsafe Self.put(word: afterComma ? 0x22_20_2C : 0x22, at: 0, of: target)
      let start = afterComma ? 3 : 1
      unsafe Self.copy(key.utf8Start, length, into: target + start)
      // `": `
      unsafe Self.put(word: 0x20_3A_22, at: start &+ length, of: target)
      return start &+ length &+ 3
    }
  }

  /// Appends `null`.
  @inline(__always)
  mutating func appendNull() {
    unsafe append(upTo: 8) { target in
      unsafe Self.put(word: 0x6C_6C_75_6E, at: 0, of: target)
      return 4
    }
  }

  /// Appends text between quotation marks where all of it stands for itself in a JSON string.
  ///
  /// That is printable ASCII without quotation mark and backslash; of other text nothing is appended.
  ///
  /// - Returns: Whether it was appended.
  @inline(__always)
  mutating func append(quotingPlain bytes: Span<UInt8>) -> Bool {
    let length = bytes.count
    var isPlain = true
    unsafe append(upTo: length &+ 2) { target in
      unsafe Self.put(UInt8(ascii: "\""), at: 0, of: target)
      unsafe bytes.withUnsafeBytes { source in
        guard let first = source.baseAddress else { return }
        isPlain = unsafe Self.copyPlain(first, length, into: target + 1)
      }
      unsafe Self.put(UInt8(ascii: "\""), at: length &+ 1, of: target)
      return isPlain ? length &+ 2 : 0
    }
    return isPlain
  }

  /// Copies `length` bytes; returns whether all of them stand for themselves in a JSON string.
  @inline(__always)
  private static func copyPlain(
    _ source: UnsafeRawPointer, _ length: Int, into target: UnsafeMutableRawPointer
  ) -> Bool {
    if length >= 8 {
      // Eight bytes at a time, the last eight once more instead of the rest one by one.
      let last = length &- 8
      var offset = 0
      while offset < last {
        let word = unsafe source.loadUnaligned(fromByteOffset: offset, as: UInt64.self)
        unsafe target.storeBytes(of: word, toByteOffset: offset, as: UInt64.self)
        if !isPlain(word) { return false }
        offset &+= 8
      }
      let word = unsafe source.loadUnaligned(fromByteOffset: last, as: UInt64.self)
      unsafe target.storeBytes(of: word, toByteOffset: last, as: UInt64.self)
      return isPlain(word)
    }
    if length >= 4 {
      let first = unsafe source.loadUnaligned(as: UInt32.self)
      let last = unsafe source.loadUnaligned(fromByteOffset: length &- 4, as: UInt32.self)
      unsafe target.storeBytes(of: first, as: UInt32.self)
      unsafe target.storeBytes(of: last, toByteOffset: length &- 4, as: UInt32.self)
      return isPlain(UInt64(first) << 32 | UInt64(last))
    }
    var index = 0
    while index < length {
      let byte = unsafe source.load(fromByteOffset: index, as: UInt8.self)
      unsafe put(byte, at: index, of: target)
      if byte < 0x20 || byte >= 0x7F || byte == 0x22 || byte == 0x5C { return false }
      index &+= 1
    }
    return true
  }

  /// Whether eight bytes are plain: a byte is below n where subtracting n borrows into its high bit.
  @inline(__always)
  private static func isPlain(_ word: UInt64) -> Bool {
    let ones: UInt64 = 0x0101_0101_0101_0101
    let highs: UInt64 = 0x8080_8080_8080_8080
    let quote = word ^ ones &* 0x22
    let backslash = word ^ ones &* 0x5C
    let delete = word ^ ones &* 0x7F
    let odd =
      word | (word &- ones &* 0x20) & ~word | (quote &- ones) & ~quote
      | (backslash &- ones) & ~backslash | (delete &- ones) & ~delete
    return odd & highs == 0
  }

  /// Appends a whole number in decimal digits.
  mutating func append(decimal number: UInt64) {
    unsafe append(upTo: 20) { target in unsafe Self.putDecimal(number, at: 0, of: target) }
  }

  /// Appends a whole number with its sign.
  mutating func append(decimal number: Int64) {
    if number < 0 { append(UInt8(ascii: "-")) }
    append(decimal: number.magnitude)
  }

  /// Puts a number; returns where its digits end.
  @inline(__always)
  private static func putDecimal(
    _ number: UInt64, at offset: Int, of target: UnsafeMutableRawPointer
  ) -> Int {
    if number < 10 {
      unsafe put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number), at: offset, of: target)
      return offset &+ 1
    }
    var length = 2
    var bound: UInt64 = 100
    while length < 20, number >= bound {
      length &+= 1
      bound = bound &* 10
    }
    return unsafe putDigits(number, length, at: offset, of: target)
  }

  /// Puts the last `length` decimal digits of a number, zeros in front; returns where they end.
  @inline(__always)
  private static func putDigits(
    _ number: UInt64, _ length: Int, at offset: Int, of target: UnsafeMutableRawPointer
  ) -> Int {
    var rest = number
    var position = offset &+ length
    while position > offset {
      position &-= 1
      unsafe put(
        UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10), at: position, of: target)
      rest /= 10
    }
    return offset &+ length
  }

  /// Appends the text of an address between quotation marks, as its `description` is.
  mutating func append(quoting address: IPAddress) {
    unsafe append(upTo: 42) { target in
      unsafe Self.put(UInt8(ascii: "\""), at: 0, of: target)
      let end = unsafe Self.put(address, at: 1, of: target)
      unsafe Self.put(UInt8(ascii: "\""), at: end, of: target)
      return end &+ 1
    }
  }

  /// Puts an address; returns where its text ends.
  @inline(__always)
  private static func put(
    _ address: IPAddress, at offset: Int, of target: UnsafeMutableRawPointer
  ) -> Int {
    guard let bits = address.v4 else { return unsafe putIPv6(address, at: offset, of: target) }
    var end = offset
    var shift: UInt32 = 32
    while shift > 0 {
      shift &-= 8
      let octet = bits >> shift & 0xFF
      if octet >= 100 {
        unsafe put(UInt8(ascii: "0") &+ UInt8(octet / 100), at: end, of: target)
        end &+= 1
      }
      if octet >= 10 {
        unsafe put(UInt8(ascii: "0") &+ UInt8(octet / 10 % 10), at: end, of: target)
        end &+= 1
      }
      unsafe put(UInt8(ascii: "0") &+ UInt8(octet % 10), at: end, of: target)
      unsafe put(UInt8(ascii: "."), at: end &+ 1, of: target)
      end &+= 2
    }
    // The last dot is none.
    return end &- 1
  }

  private static func putIPv6(
    _ address: IPAddress, at offset: Int, of target: UnsafeMutableRawPointer
  ) -> Int {
    let zeros = longestZeros(address)
    var end = offset
    var index = 0
    while index < 8 {
      if index == zeros.lowerBound, !zeros.isEmpty {
        unsafe put(UInt8(ascii: ":"), at: end, of: target)
        unsafe put(UInt8(ascii: ":"), at: end &+ 1, of: target)
        end &+= 2
        index = zeros.upperBound
        continue
      }
      if index > 0, index != zeros.upperBound || zeros.isEmpty {
        unsafe put(UInt8(ascii: ":"), at: end, of: target)
        end &+= 1
      }
      let group = group(address, index)
      var shift: UInt16 = 16
      repeat {
        shift &-= 4
        if shift == 0 || group >> shift > 0 {
          unsafe put(hexadecimal(group >> shift), at: end, of: target)
          end &+= 1
        }
      } while shift > 0
      index &+= 1
    }
    return end
  }

  /// Appends the text of an address between quotation marks, as its `description` is.
  mutating func append(quoting address: MACAddress) {
    unsafe append(upTo: 19) { target in
      unsafe Self.put(UInt8(ascii: "\""), at: 0, of: target)
      for index in 0..<6 {
        let byte = UInt16(truncatingIfNeeded: address.bits >> UInt64(40 &- 8 &* index) & 0xFF)
        let offset = 1 &+ 3 &* index
        unsafe Self.put(Self.hexadecimal(byte >> 4), at: offset, of: target)
        unsafe Self.put(Self.hexadecimal(byte), at: offset &+ 1, of: target)
        unsafe Self.put(
          index < 5 ? UInt8(ascii: ":") : UInt8(ascii: "\""), at: offset &+ 2, of: target)
      }
      return 19
    }
  }

  /// The digit of the lowest four bits.
  @inline(__always)
  private static func hexadecimal(_ bits: UInt16) -> UInt8 {
    let digit = UInt8(truncatingIfNeeded: bits & 15)
    return digit < 10 ? UInt8(ascii: "0") &+ digit : UInt8(ascii: "a") &- 10 &+ digit
  }

  /// Appends four hexadecimal digits.
  mutating func append(hexadecimal bits: UInt16) {
    append(Self.hexadecimal(bits >> 12), Self.hexadecimal(bits >> 8))
    append(Self.hexadecimal(bits >> 4), Self.hexadecimal(bits))
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

  /// Appends a time in nanoseconds since 1970 between quotation marks, as `Timestamp.rfc3339` is.
  mutating func append(quotingTime nanoseconds: Int64) {
    let (seconds, fraction) = nanoseconds.dividedDown(by: 1_000_000_000)
    let (days, secondOfDay) = seconds.dividedDown(by: 86_400)
    if days != day { noteDate(days) }
    let date = date
    let second = UInt64(truncatingIfNeeded: secondOfDay)
    unsafe append(upTo: 40) { target in
      unsafe Self.put(word: date.0, at: 0, of: target)
      unsafe Self.put(word: date.1, at: 8, of: target)
      var end = unsafe Self.putDigits(second / 3_600, 2, at: Self.dateLength, of: target)
      unsafe Self.put(UInt8(ascii: ":"), at: end, of: target)
      end = unsafe Self.putDigits(second / 60 % 60, 2, at: end &+ 1, of: target)
      unsafe Self.put(UInt8(ascii: ":"), at: end, of: target)
      end = unsafe Self.putDigits(second % 60, 2, at: end &+ 1, of: target)
      unsafe Self.put(UInt8(ascii: "."), at: end, of: target)
      let nanosecond = UInt64(truncatingIfNeeded: fraction)
      end = unsafe Self.putDigits(nanosecond, 9, at: end &+ 1, of: target)
      unsafe Self.put(UInt8(ascii: "Z"), at: end, of: target)
      unsafe Self.put(UInt8(ascii: "\""), at: end &+ 1, of: target)
      return end &+ 2
    }
  }

  private mutating func noteDate(_ days: Int64) {
    let text = "\"\(Timestamp(seconds: days &* 86_400).dateText)T"
    date = (0, 0)
    for (index, byte) in text.utf8.enumerated() {
      let bits = UInt64(byte) << UInt64(8 * (index & 7))
      if index < 8 { date.0 |= bits } else { date.1 |= bits }
    }
    day = days
  }
}
