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
  private var position = Position.first

  /// What the next value or key follows.
  private enum Position {
    /// The beginning of the document, of an object or of an array.
    case first
    case key
    case value
  }

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

  /// Writes an array with one element for each of `elements`, which are not copied for it.
  @inline(__always)
  mutating func array<Element>(
    _ elements: [Element], _ write: (inout JSONWriter, borrowing Element) -> Void
  ) {
    array { json in
      let elements = elements.span
      for index in elements.indices {
        if json.hasFailed { break }
        write(&json, elements[index])
      }
    }
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
    begin(name)
    position = .key
  }

  /// Writes a key that is known only at run time, a name of the contract all the same.
  mutating func key(named name: String) {
    separate()
    waiting.appendJSON(name)
    waiting.append(UInt8(ascii: ":"), UInt8(ascii: " "))
    position = .key
  }

  mutating func value(_ text: String?) {
    separate()
    write(text)
  }

  mutating func value(_ text: String) {
    separate()
    write(text)
  }

  mutating func value(_ number: UInt64?) {
    separate()
    write(number)
  }

  mutating func value(_ number: Int64?) {
    separate()
    write(number)
  }

  mutating func value(_ number: Int?) { value(number.map(Int64.init)) }
  mutating func value(_ number: UInt32?) { value(number.map(UInt64.init)) }
  mutating func value(_ number: UInt16?) { value(number.map(UInt64.init)) }

  mutating func value(_ number: Double?) {
    separate()
    write(number)
  }

  mutating func value(_ flag: Bool) {
    separate()
    write(flag)
  }

  mutating func null() {
    separate()
    writeNull()
  }

  mutating func value(_ address: IPAddress?) {
    separate()
    write(address)
  }

  mutating func value(_ address: MACAddress) {
    separate()
    waiting.append(quoting: address)
    finishValue()
  }

  /// Writes a time of nanoseconds since 1970.
  mutating func time(_ nanoseconds: Int64?) {
    separate()
    write(time: nanoseconds)
  }

  /// Writes `{file, frame, time}`.
  mutating func value(_ reference: PacketReference) {
    object { json in
      json.member("file", reference.file)
      json.member("frame", reference.frame)
      json.member("time", time: reference.time)
    }
  }

  mutating func strings(_ texts: [String]) { array(texts) { $0.value($1) } }

  mutating func member(_ name: StaticString, _ text: String?) {
    begin(name)
    write(text)
  }

  mutating func member(_ name: StaticString, _ number: UInt64?) {
    begin(name)
    write(number)
  }

  mutating func member(_ name: StaticString, _ number: Int64?) {
    begin(name)
    write(number)
  }

  mutating func member(_ name: StaticString, _ number: Int?) {
    member(name, number.map(Int64.init))
  }

  mutating func member(_ name: StaticString, _ number: UInt32?) {
    member(name, number.map(UInt64.init))
  }

  mutating func member(_ name: StaticString, _ number: UInt16?) {
    member(name, number.map(UInt64.init))
  }

  mutating func member(_ name: StaticString, _ number: Double?) {
    begin(name)
    write(number)
  }

  mutating func member(_ name: StaticString, _ address: IPAddress?) {
    begin(name)
    write(address)
  }

  mutating func member(_ name: StaticString, _ flag: Bool) {
    begin(name)
    write(flag)
  }

  mutating func member(_ name: StaticString, _ texts: [String]) {
    key(name)
    strings(texts)
  }

  mutating func member(_ name: StaticString, time nanoseconds: Int64?) {
    begin(name)
    write(time: nanoseconds)
  }

  @inline(__always)
  mutating func member<Element>(
    _ name: StaticString, _ elements: [Element],
    _ write: (inout JSONWriter, borrowing Element) -> Void
  ) {
    key(name)
    array(elements, write)
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
    position = .first
    content(&self)
    let hadContent = position == .value
    depth &-= 1
    if hadContent, depth < lineDepth {
      waiting.appendLine(indent: 2 &* depth, afterComma: false)
    }
    waiting.append(close)
    finishValue()
  }

  /// Writes what stands before a member, and its key.
  @inline(__always)
  private mutating func begin(_ name: StaticString) {
    if depth > lineDepth, position != .key {
      waiting.append(key: name, afterComma: position == .value)
    } else {
      separate()
      waiting.append(key: name, afterComma: false)
    }
  }

  @inline(__always)
  private mutating func write(_ text: String?) {
    guard let text else { return writeNull() }
    write(text)
  }

  @inline(__always)
  private mutating func write(_ text: String) {
    waiting.appendJSON(text)
    finishValue()
  }

  @inline(__always)
  private mutating func write(_ number: UInt64?) {
    guard let number else { return writeNull() }
    waiting.append(decimal: number)
    finishValue()
  }

  @inline(__always)
  private mutating func write(_ number: Int64?) {
    guard let number else { return writeNull() }
    waiting.append(decimal: number)
    finishValue()
  }

  private mutating func write(_ number: Double?) {
    guard let number else { return writeNull() }
    // Most numbers are whole; 2^53 and below every one of them is exact.
    if number.magnitude < 9e15, let whole = Int64(exactly: number), whole != 0 {
      return write(whole)
    }
    guard let text = DecimalText.exact(number) else { return writeNull() }
    waiting.append(copying: text.utf8.span)
    finishValue()
  }

  @inline(__always)
  private mutating func write(_ flag: Bool) {
    waiting.append(flag ? "true" : "false")
    finishValue()
  }

  @inline(__always)
  private mutating func write(_ address: IPAddress?) {
    guard let address else { return writeNull() }
    waiting.append(quoting: address)
    finishValue()
  }

  @inline(__always)
  private mutating func write(time nanoseconds: Int64?) {
    guard let nanoseconds else { return writeNull() }
    waiting.append(quotingTime: nanoseconds)
    finishValue()
  }

  @inline(__always)
  private mutating func writeNull() {
    waiting.appendNull()
    finishValue()
  }

  /// Writes what stands before a value or key: nothing, a comma, a line.
  @inline(__always)
  private mutating func separate() {
    guard depth > 0, position != .key else { return }
    if depth <= lineDepth {
      waiting.appendLine(indent: 2 &* depth, afterComma: position == .value)
    } else if position == .value {
      waiting.append(UInt8(ascii: ","), UInt8(ascii: " "))
    }
  }

  @inline(__always)
  private mutating func finishValue() {
    position = .value
    if waiting.count >= Self.flushByteCount || depth == 0 { flush() }
  }

  @inline(never)
  private mutating func flush() {
    sink.write(waiting.span)
    waiting.removeAll()
    hasFailed = sink.hasFailed
  }
}
