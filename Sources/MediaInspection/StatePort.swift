// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// State that can be put away in few bytes and taken out again as it was.
protocol StorableState {
  /// Passes every field through `port`, in an order that depends on nothing but the fields before.
  mutating func exchange(with port: inout StatePort)
}

/// Puts the state of a stream away in few bytes, or takes it out again as it was.
///
/// One list of fields serves both ways, so that they cannot differ. Numbers take as many bytes as
/// they need (LEB128), and a run of zeros two: of eleven codecs that a stream could still be, most
/// fields of most are zero.
struct StatePort {
  private(set) var bytes: [UInt8]
  /// Whether fields are taken out.
  let isReading: Bool
  private var offset = 0
  /// Zeros that were passed and not written yet, or read and not passed yet.
  private var zeros: UInt64 = 0
  /// The packet passed last: the others of a stream lie near it.
  private var packet = PacketReference(file: 0, frame: 0, time: 0)

  /// Starts to put state away.
  init() {
    bytes = []
    isReading = false
  }

  /// Starts to take out what another port wrote.
  init(reading bytes: [UInt8]) {
    self.bytes = bytes
    isReading = true
  }

  /// Gives out what was put away.
  consuming func finish() -> [UInt8] {
    writeZeros()
    // Of just their number: growing leaves room, and streams are many.
    var exact: [UInt8] = []
    exact.reserveCapacity(bytes.count)
    exact.append(contentsOf: bytes)
    return exact
  }

  /// Passes an integer of any type.
  @inline(__always)
  mutating func pass<Number: FixedWidthInteger>(_ value: inout Number) {
    if isReading {
      let number = next()
      guard Number.isSigned else {
        value = Number(truncatingIfNeeded: number)
        return
      }
      value = Number(truncatingIfNeeded: Int64(bitPattern: number &>> 1) ^ -Int64(number & 1))
    } else if Number.isSigned {
      // Small numbers below zero are small as well.
      let number = Int64(truncatingIfNeeded: value)
      put(UInt64(bitPattern: number &<< 1 ^ number &>> 63))
    } else {
      put(UInt64(truncatingIfNeeded: value))
    }
  }

  /// Passes a truth value.
  mutating func pass(_ value: inout Bool) {
    var number: UInt8 = value ? 1 : 0
    pass(&number)
    value = number != 0
  }

  /// Passes a number with a fraction.
  mutating func pass(_ value: inout Double) {
    // Numbers that people choose have few digits, which stand in the high bytes.
    var bits = value.bitPattern.byteSwapped
    pass(&bits)
    value = Double(bitPattern: bits.byteSwapped)
  }

  /// Passes a value that may be missing; one that is taken out begins as `place`.
  mutating func pass<Value>(
    _ value: inout Value?, from place: Value, _ body: (inout Value, inout StatePort) -> Void
  ) {
    var isThere = value != nil
    pass(&isThere)
    guard isThere else {
      value = nil
      return
    }
    var some = value ?? place
    body(&some, &self)
    value = some
  }

  /// Passes an integer that may be missing.
  mutating func pass<Number: FixedWidthInteger>(_ value: inout Number?) {
    pass(&value, from: 0) { $1.pass(&$0) }
  }

  /// Passes a list; those that are taken out begin as `place`.
  mutating func pass<Value>(
    _ list: inout [Value], from place: Value, _ body: (inout Value, inout StatePort) -> Void
  ) {
    var count = list.count
    pass(&count)
    if isReading {
      list = []
      list.reserveCapacity(count)
      for _ in 0..<max(0, count) { list.append(place) }
    }
    for index in list.indices { body(&list[index], &self) }
  }

  /// Passes bytes as they are.
  mutating func pass(_ list: inout [UInt8]) {
    var count = list.count
    pass(&count)
    guard count > 0 else {
      list = []
      return
    }
    if isReading {
      let end = min(bytes.count, offset &+ count)
      list = [UInt8](bytes[offset..<end])
      offset = end
    } else {
      bytes.append(contentsOf: list)
    }
  }

  /// Passes the place of a packet, as the way from the one passed last.
  mutating func pass(_ value: inout PacketReference) {
    var file = value.file &- packet.file
    var frame = Int64(truncatingIfNeeded: value.frame &- packet.frame)
    var time = value.time &- packet.time
    pass(&file)
    pass(&frame)
    pass(&time)
    value.file = packet.file &+ file
    value.frame = packet.frame &+ UInt64(bitPattern: frame)
    value.time = packet.time &+ time
    packet = value
  }

  /// Passes the place of a packet that may be missing.
  mutating func pass(_ value: inout PacketReference?) {
    pass(&value, from: PacketReference(file: 0, frame: 0, time: 0)) { $1.pass(&$0) }
  }

  /// Passes a codec.
  mutating func pass(_ value: inout Codec) {
    var number = Self.codecs.firstIndex(of: value) ?? 0
    pass(&number)
    if Self.codecs.indices.contains(number) { value = Self.codecs[number] }
  }

  /// Passes a codec that may be missing.
  mutating func pass(_ value: inout Codec?) {
    pass(&value, from: .h264) { $1.pass(&$0) }
  }

  /// Passes a track that may be missing.
  mutating func pass(_ value: inout MediaTrack?) {
    pass(&value, from: MediaTrack(codec: .h264)) { $0.exchange(with: &$1) }
  }

  private static let codecs = Codec.allCases

  // MARK: Numbers

  private mutating func put(_ number: UInt64) {
    guard number > 0 else {
      zeros &+= 1
      return
    }
    writeZeros()
    write(number)
  }

  private mutating func writeZeros() {
    guard zeros > 0 else { return }
    bytes.append(0)
    write(zeros)
    zeros = 0
  }

  private mutating func write(_ number: UInt64) {
    var rest = number
    while rest >= 0x80 {
      bytes.append(UInt8(truncatingIfNeeded: rest) | 0x80)
      rest &>>= 7
    }
    bytes.append(UInt8(truncatingIfNeeded: rest))
  }

  private mutating func next() -> UInt64 {
    if zeros > 0 {
      zeros &-= 1
      return 0
    }
    let number = read()
    guard number == 0 else { return number }
    let count = read()
    zeros = count > 0 ? count &- 1 : 0
    return 0
  }

  private mutating func read() -> UInt64 {
    var number: UInt64 = 0
    var shift: UInt64 = 0
    while offset < bytes.count {
      let byte = bytes[offset]
      offset &+= 1
      number |= UInt64(byte & 0x7F) &<< shift
      if byte & 0x80 == 0 { break }
      shift &+= 7
    }
    return number
  }
}
