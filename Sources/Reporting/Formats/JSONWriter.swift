// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import PacketDecoding

/// Writes JSON as it goes, keys in the order they are given.
///
/// Members and elements stand on lines of their own down to `lineDepth`, deeper ones on one line,
/// so that a result can be read and compared line by line.
struct JSONWriter: ~Copyable {
  /// Bytes after which what waits is given to the sink.
  private static let flushByteCount = 32 << 10

  private let sink: ReportSink
  private let lineDepth: Int
  /// What waits for the sink; here, because an access to a class is checked each time.
  private var waiting = ReportBytes()
  /// Objects and arrays that are open.
  private var depth = 0
  /// A bit for each of them: whether something was written in it.
  ///
  /// Documents are at most 12 deep.
  private var started: UInt64 = 0
  private var followsKey = false
  /// Whether writing has failed, as was known when bytes were last handed over.
  private(set) var hasFailed = false

  init(_ sink: ReportSink, lineDepth: Int = 2) {
    self.sink = sink
    self.lineDepth = lineDepth
  }

  @inline(__always)
  mutating func object(_ content: (inout JSONWriter) -> Void) {
    nested(UInt8(ascii: "{"), UInt8(ascii: "}"), content)
  }

  @inline(__always)
  mutating func array(_ content: (inout JSONWriter) -> Void) {
    nested(UInt8(ascii: "["), UInt8(ascii: "]"), content)
  }

  /// Writes an array with one element for each of `elements`.
  @inline(__always)
  mutating func array<S: Sequence>(_ elements: S, _ write: (inout JSONWriter, S.Element) -> Void) {
    array { json in
      for element in elements {
        if json.hasFailed { break }
        write(&json, element)
      }
    }
  }

  /// Writes a key; the next value belongs to it.
  @inline(__always)
  mutating func key(_ name: StaticString) {
    separate()
    waiting.append(key: name)
    followsKey = true
  }

  /// Writes a key that is known only at run time, a name of the contract all the same.
  mutating func key(named name: String) {
    separate()
    waiting.append(quoting: name.utf8.span)
    waiting.append(UInt8(ascii: ":"), UInt8(ascii: " "))
    followsKey = true
  }

  mutating func value(_ text: String?) {
    guard let text else { return null() }
    separate()
    waiting.appendJSON(text)
    finishValue()
  }

  mutating func value(_ number: UInt64?) {
    guard let number else { return null() }
    separate()
    waiting.append(decimal: number)
    finishValue()
  }

  mutating func value(_ number: Int64?) {
    guard let number else { return null() }
    separate()
    waiting.append(decimal: number)
    finishValue()
  }

  mutating func value(_ number: Int?) { value(number.map(Int64.init)) }
  mutating func value(_ number: UInt32?) { value(number.map(UInt64.init)) }
  mutating func value(_ number: UInt16?) { value(number.map(UInt64.init)) }

  mutating func value(_ number: Double?) {
    guard let number else { return null() }
    // Most numbers are whole; 2^53 and below every one of them is exact.
    if number.magnitude < 9e15, let whole = Int64(exactly: number), whole != 0 {
      return value(whole)
    }
    guard let text = DecimalText.exact(number) else { return null() }
    separate()
    waiting.append(copying: text.utf8.span)
    finishValue()
  }

  mutating func value(_ flag: Bool) {
    separate()
    waiting.append(flag ? "true" : "false")
    finishValue()
  }

  mutating func null() {
    separate()
    waiting.append("null")
    finishValue()
  }

  mutating func value(_ address: IPAddress?) {
    guard let address else { return null() }
    separate()
    waiting.append(UInt8(ascii: "\""))
    waiting.append(address)
    waiting.append(UInt8(ascii: "\""))
    finishValue()
  }

  mutating func value(_ address: MACAddress) {
    separate()
    waiting.append(UInt8(ascii: "\""))
    waiting.append(address)
    waiting.append(UInt8(ascii: "\""))
    finishValue()
  }

  /// Writes a time of nanoseconds since 1970.
  mutating func time(_ nanoseconds: Int64?) {
    guard let nanoseconds else { return null() }
    separate()
    waiting.append(UInt8(ascii: "\""))
    waiting.append(time: nanoseconds)
    waiting.append(UInt8(ascii: "\""))
    finishValue()
  }

  /// Writes `{file, frame, time}`.
  mutating func value(_ reference: PacketReference) {
    object { json in
      json.member("file", reference.file)
      json.member("frame", reference.frame)
      json.key("time")
      json.time(reference.time)
    }
  }

  mutating func strings(_ texts: [String]) { array(texts) { $0.value($1) } }

  mutating func member(_ name: StaticString, _ text: String?) {
    key(name)
    value(text)
  }

  mutating func member(_ name: StaticString, _ number: UInt64?) {
    key(name)
    value(number)
  }

  mutating func member(_ name: StaticString, _ number: Int64?) {
    key(name)
    value(number)
  }

  mutating func member(_ name: StaticString, _ number: Int?) {
    key(name)
    value(number)
  }

  mutating func member(_ name: StaticString, _ number: UInt32?) {
    key(name)
    value(number)
  }

  mutating func member(_ name: StaticString, _ number: UInt16?) {
    key(name)
    value(number)
  }

  mutating func member(_ name: StaticString, _ number: Double?) {
    key(name)
    value(number)
  }

  mutating func member(_ name: StaticString, _ address: IPAddress?) {
    key(name)
    value(address)
  }

  mutating func member(_ name: StaticString, _ flag: Bool) {
    key(name)
    value(flag)
  }

  mutating func member(_ name: StaticString, _ texts: [String]) {
    key(name)
    strings(texts)
  }

  mutating func member(_ name: StaticString, time nanoseconds: Int64?) {
    key(name)
    time(nanoseconds)
  }

  mutating func member<S: Sequence>(
    _ name: StaticString, _ elements: S, _ write: (inout JSONWriter, S.Element) -> Void
  ) {
    key(name)
    array(elements, write)
  }

  /// Ends the document with a line feed.
  mutating func end() {
    waiting.append(UInt8(ascii: "\n"))
    flush()
  }

  @inline(__always)
  private mutating func nested(
    _ open: UInt8, _ close: UInt8, _ content: (inout JSONWriter) -> Void
  ) {
    separate()
    waiting.append(open)
    depth &+= 1
    started &= ~Self.bit(depth)
    content(&self)
    let hadContent = started & Self.bit(depth) != 0
    depth &-= 1
    if hadContent, depth < lineDepth {
      waiting.appendLine(indent: 2 &* depth, afterComma: false)
    }
    waiting.append(close)
    finishValue()
  }

  private static func bit(_ depth: Int) -> UInt64 { (1 as UInt64) << UInt64(depth & 63) }

  /// Writes what stands before a value or key: nothing, a comma, a line.
  @inline(__always)
  private mutating func separate() {
    if followsKey {
      followsKey = false
      return
    }
    guard depth > 0 else { return }
    let isFirst = started & Self.bit(depth) == 0
    started |= Self.bit(depth)
    if depth <= lineDepth {
      waiting.appendLine(indent: 2 &* depth, afterComma: !isFirst)
    } else if !isFirst {
      waiting.append(UInt8(ascii: ","), UInt8(ascii: " "))
    }
  }

  @inline(__always)
  private mutating func finishValue() {
    if waiting.count >= Self.flushByteCount || depth == 0 { flush() }
  }

  @inline(never)
  private mutating func flush() {
    sink.write(waiting.span)
    waiting.removeAll()
    hasFailed = sink.hasFailed
  }
}
