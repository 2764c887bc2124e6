// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// The `Range` by which an RTSP `PLAY` asks for a part of what was recorded
/// ([RFC 2326](https://www.rfc-editor.org/rfc/rfc2326) §3.5 to §3.7, §12.29; ONVIF Streaming
/// Specification, replay).
///
/// A live picture has no beginning: viewers ask for it from `npt=0` or `npt=now`, or not at all.
enum PlaybackRange {
  /// How long before its packet an absolute start is no longer the live picture, in nanoseconds.
  ///
  /// Derived here: clocks of viewers and cameras differ by seconds where NTP runs; a minute is beyond.
  static let leastAge: Int64 = 60_000_000_000

  /// Whether the value of a `Range`, in a request captured at `time`, asks for stored footage.
  static func isStored(_ bytes: Span<UInt8>, _ value: Range<Int>, at time: Int64) -> Bool {
    let start = value.lowerBound
    if bytes.hasCaseInsensitive("clock=", at: start) {
      guard let asked = seconds(bytes, start &+ 6, value.upperBound) else { return false }
      return asked < time / 1_000_000_000 &- leastAge / 1_000_000_000
    }
    guard
      bytes.hasCaseInsensitive("npt=", at: start) || bytes.hasCaseInsensitive("smpte", at: start)
    else { return false }
    // A position behind the beginning: any figure but zero before the dash.
    var offset = start
    while offset < value.upperBound, bytes[offset] != UInt8(ascii: "=") { offset &+= 1 }
    offset &+= 1
    while offset < value.upperBound, bytes[offset] != UInt8(ascii: "-") {
      if (UInt8(ascii: "1")...UInt8(ascii: "9")).contains(bytes[offset]) { return true }
      offset &+= 1
    }
    return false
  }

  /// `20260114T235959` with or without fraction and `Z`, in seconds since 1970.
  private static func seconds(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> Int64? {
    guard start &+ 15 <= end, bytes[start &+ 8] | 0x20 == UInt8(ascii: "t") else { return nil }
    func number(_ offset: Int, _ count: Int) -> Int? {
      var value = 0
      for index in offset..<offset &+ count {
        guard (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(bytes[index]) else { return nil }
        value = value &* 10 &+ Int(bytes[index] &- UInt8(ascii: "0"))
      }
      return value
    }
    guard let year = number(start, 4), let month = number(start &+ 4, 2),
      let day = number(start &+ 6, 2), let hour = number(start &+ 9, 2),
      let minute = number(start &+ 11, 2), let second = number(start &+ 13, 2),
      (1...12).contains(month), (1...31).contains(day)
    else { return nil }
    let days = CalendarDay(year: Int64(year), month: Int64(month), day: Int64(day)).daysSince1970
    return days &* 86_400 &+ Int64(hour &* 3_600 &+ minute &* 60 &+ second)
  }
}
