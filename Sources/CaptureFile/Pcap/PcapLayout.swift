// SPDX-License-Identifier: Apache-2.0

/// How the records of a pcap file are laid out
/// ([draft-ietf-opsawg-pcap](https://datatracker.ietf.org/doc/draft-ietf-opsawg-pcap/)).
///
/// ```
///  0               4               8               12              16
/// +---------------+---------------+---------------+---------------+ - - -
/// | seconds       | fraction      | captured len  | original len  | more
/// +---------------+---------------+---------------+---------------+ - - -
/// ```
///
/// Kuznetzov's variant has 8 more bytes (interface, protocol, packet type), Nokia's has 4.
struct PcapLayout: Sendable {
  var isBigEndian = false
  /// Number of bytes before a packet: 16, 20 or 24.
  var recordHeaderByteCount = 16
  /// Nanoseconds of a unit of the fraction.
  var nanosecondsPerUnit: Int64 = 1000
  /// Order of the two lengths.
  var lengths = LengthOrder.capturedFirst
  /// Captured lengths above this are damage.
  var lengthLimit = UInt32(PcapLayout.ordinaryLengthLimit)

  /// Order of a record's two lengths, which changed with version 2.3.
  enum LengthOrder: Sendable {
    /// As today.
    case capturedFirst
    /// As before version 2.3.
    case originalFirst
    /// Version 2.3 was written both ways: the lesser is the captured length.
    case eitherFirst

    @inline(__always)
    func sorted(_ first: UInt32, _ second: UInt32) -> (captured: UInt32, original: UInt32) {
      switch self {
      case .capturedFirst: (first, second)
      case .originalFirst: (second, first)
      case .eitherFirst: (min(first, second), max(first, second))
      }
    }
  }

  /// Greatest captured length of ordinary files: `MAXIMUM_SNAPLEN` of libpcap, which Wireshark
  /// allows too whatever the file's snap length.
  static let ordinaryLengthLimit = 262_144
  /// Greatest distance from the first record at which a time is plausible, in seconds: ten years.
  static let plausibleSeconds: Int64 = 10 * 366 * 86400

  /// Frames the records that start in `position ..< stop`.
  func walk(
    _ bytes: Span<UInt8>, from position: Int, stop: Int,
    into records: inout OutputSpan<CaptureRecord>
  ) -> WalkResult {
    isBigEndian
      ? walk(bytes, BigEndian.self, from: position, stop: stop, into: &records)
      : walk(bytes, LittleEndian.self, from: position, stop: stop, into: &records)
  }

  private func walk<Order: ByteOrder>(
    _ bytes: Span<UInt8>, _: Order.Type, from start: Int, stop: Int,
    into records: inout OutputSpan<CaptureRecord>
  ) -> WalkResult {
    let headerCount = max(recordHeaderByteCount, 16)
    let unit = nanosecondsPerUnit
    let limit = lengthLimit
    let lengthOrder = lengths
    let isCapturedFirst = lengthOrder == .capturedFirst
    let count = bytes.count
    var position = max(start, 0)
    while true {
      guard position < stop else { return WalkResult(position: position, stop: .limit) }
      guard !records.isFull else { return WalkResult(position: position, stop: .full) }
      guard count &- position >= headerCount else {
        return WalkResult(position: position, stop: .needs(headerCount))
      }
      // All 16 bytes are there: `position` is not negative, and the guard above holds for them too.
      var captured = Order.guarded32(bytes, position &+ 8)
      var original = Order.guarded32(bytes, position &+ 12)
      if !isCapturedFirst { (captured, original) = lengthOrder.sorted(captured, original) }
      guard captured <= limit else {
        return WalkResult(position: position, stop: .damage(.badRecordLength))
      }
      let data = position &+ headerCount
      guard count &- data >= Int(captured) else {
        return WalkResult(position: position, stop: .needs(headerCount &+ Int(captured)))
      }
      // 2^32 seconds and 2^32 units of a microsecond stay within 64 bits.
      let seconds = Int64(Order.guarded32(bytes, position)) &* 1_000_000_000
      records.append(
        CaptureRecord(
          time: seconds &+ Int64(Order.guarded32(bytes, position &+ 4)) &* unit,
          offset: UInt32(truncatingIfNeeded: data), capturedLength: captured,
          originalLength: original, interface: 0))
      position = data &+ Int(captured)
    }
  }

  /// The offset after the record at `position` if everything in its header is plausible.
  func plausibleNext(_ bytes: Span<UInt8>, at position: Int, referenceTime: Int64?) -> Int? {
    guard isBelievable(bytes, at: position, referenceTime: referenceTime) else { return nil }
    return next(bytes, at: position)
  }

  /// The offset after the record whose header is at `position`, all of it, whatever else it says.
  func next(_ bytes: Span<UInt8>, at position: Int) -> Int {
    let header = bytes.extracting(position..<position &+ 16)
    let (captured, _) =
      isBigEndian
      ? lengths.sorted(BigEndian.load32(header, 8), BigEndian.load32(header, 12))
      : lengths.sorted(LittleEndian.load32(header, 8), LittleEndian.load32(header, 12))
    return position &+ recordHeaderByteCount &+ Int(captured)
  }

  /// Whether the header at `position` is one that capture programs write.
  func isBelievable(_ bytes: Span<UInt8>, at position: Int, referenceTime: Int64?) -> Bool {
    guard position >= 0, bytes.count &- position >= recordHeaderByteCount else { return false }
    let header = bytes.extracting(position..<position &+ 16)
    return isBigEndian
      ? isBelievable(header, BigEndian.self, referenceTime)
      : isBelievable(header, LittleEndian.self, referenceTime)
  }

  @inline(__always)
  private func isBelievable<Order: ByteOrder>(
    _ header: Span<UInt8>, _: Order.Type, _ referenceTime: Int64?
  ) -> Bool {
    let (captured, original) = lengths.sorted(Order.load32(header, 8), Order.load32(header, 12))
    // The tests that random bytes fail most often come first.
    guard captured > 0, captured <= Self.ordinaryLengthLimit, captured <= original else {
      return false
    }
    let fraction = Int64(Order.load32(header, 4))
    guard fraction < 1_000_000_000 / nanosecondsPerUnit else { return false }
    guard let referenceTime else { return true }
    let seconds = Int64(Order.load32(header, 0))
    return (seconds &- referenceTime / 1_000_000_000).magnitude
      <= UInt64(bitPattern: Self.plausibleSeconds)
  }
}
