// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import PacketDecoding

/// Writes JSON as it goes, keys in the order they are given.
///
/// Members and elements stand on lines of their own down to `lineDepth`, deeper ones on one line,
/// so that a result can be read and compared line by line.
struct JSONWriter {
  /// Bytes after which what waits is given to the sink.
  private static let flushByteCount = 32 << 10
  /// What stands before a member on a line of its own, for the deepest that is indented.
  private static let lineStart: [UInt8] = Array(",\n".utf8) + Array(repeating: 0x20, count: 128)

  private let sink: ReportSink
  private let lineDepth: Int
  private let lineStart = Self.lineStart
  /// What waits for the sink; here, because an access to a class is checked each time.
  private var waiting: [UInt8] = []
  /// Objects and arrays that are open.
  private var depth = 0
  /// A bit for each of them: whether something was written in it.
  ///
  /// Documents are at most 12 deep.
  private var started: UInt64 = 0
  private var followsKey = false

  init(_ sink: ReportSink, lineDepth: Int = 2) {
    self.sink = sink
    self.lineDepth = lineDepth
  }

  var hasFailed: Bool { sink.hasFailed }

  mutating func object(_ content: (inout JSONWriter) -> Void) {
    nested(UInt8(ascii: "{"), UInt8(ascii: "}"), content)
  }

  mutating func array(_ content: (inout JSONWriter) -> Void) {
    nested(UInt8(ascii: "["), UInt8(ascii: "]"), content)
  }

  /// Writes an array with one element for each of `elements`.
  mutating func array<S: Sequence>(_ elements: S, _ write: (inout JSONWriter, S.Element) -> Void) {
    array { json in
      for element in elements {
        if json.hasFailed { break }
        write(&json, element)
      }
    }
  }

  /// Writes a key; the next value belongs to it.
  ///
  /// Keys are words of the contract, never of a packet: nothing in them must be escaped.
  mutating func key(_ name: String) {
    let line = lineStart
    var before = 0..<0
    if followsKey {
      followsKey = false
    } else if depth > 0 {
      let isFirst = started & Self.bit(depth) == 0
      started |= Self.bit(depth)
      if depth <= lineDepth {
        before = (isFirst ? 1 : 0)..<min(2 &+ 2 &* depth, line.count)
      } else if !isFirst {
        put(UInt8(ascii: ","), UInt8(ascii: " "))
      }
    }
    let bytes = name.utf8.span
    waiting.append(addingCapacity: before.count &+ bytes.count &+ 4) { output in
      output.append(copying: line.span.extracting(before))
      output.append(UInt8(ascii: "\""))
      output.append(copying: bytes)
      output.append(UInt8(ascii: "\""))
      output.append(UInt8(ascii: ":"))
      output.append(UInt8(ascii: " "))
    }
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
    let text = flag ? "true" : "false"
    waiting.append(copying: text.utf8.span)
    finishValue()
  }

  mutating func null() {
    separate()
    put(UInt8(ascii: "n"), UInt8(ascii: "u"))
    put(UInt8(ascii: "l"), UInt8(ascii: "l"))
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
    waiting.append(Timestamp(nanoseconds: nanoseconds))
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

  mutating func member(_ name: String, _ text: String?) {
    key(name)
    value(text)
  }

  mutating func member(_ name: String, _ number: UInt64?) {
    key(name)
    value(number)
  }

  mutating func member(_ name: String, _ number: Int64?) {
    key(name)
    value(number)
  }

  mutating func member(_ name: String, _ number: Int?) {
    key(name)
    value(number)
  }

  mutating func member(_ name: String, _ number: UInt32?) {
    key(name)
    value(number)
  }

  mutating func member(_ name: String, _ number: UInt16?) {
    key(name)
    value(number)
  }

  mutating func member(_ name: String, _ number: Double?) {
    key(name)
    value(number)
  }

  mutating func member(_ name: String, _ address: IPAddress?) {
    key(name)
    value(address)
  }

  mutating func member(_ name: String, _ flag: Bool) {
    key(name)
    value(flag)
  }

  mutating func member(_ name: String, _ texts: [String]) {
    key(name)
    strings(texts)
  }

  mutating func member(_ name: String, time nanoseconds: Int64?) {
    key(name)
    time(nanoseconds)
  }

  mutating func member<S: Sequence>(
    _ name: String, _ elements: S, _ write: (inout JSONWriter, S.Element) -> Void
  ) {
    key(name)
    array(elements, write)
  }

  /// Ends the document with a line feed.
  mutating func end() {
    waiting.append(UInt8(ascii: "\n"))
    flush()
  }

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
    if hadContent, depth < lineDepth { newLine(afterComma: false) }
    waiting.append(close)
    finishValue()
  }

  private static func bit(_ depth: Int) -> UInt64 { (1 as UInt64) << UInt64(depth & 63) }

  /// Writes what stands before a value or key: nothing, a comma, a line.
  private mutating func separate() {
    if followsKey {
      followsKey = false
      return
    }
    guard depth > 0 else { return }
    let isFirst = started & Self.bit(depth) == 0
    started |= Self.bit(depth)
    if depth <= lineDepth {
      newLine(afterComma: !isFirst)
    } else if !isFirst {
      put(UInt8(ascii: ","), UInt8(ascii: " "))
    }
  }

  private mutating func newLine(afterComma: Bool) {
    let line = lineStart
    let end = min(2 &+ 2 &* depth, line.count)
    waiting.append(copying: line.span.extracting((afterComma ? 0 : 1)..<end))
  }

  private mutating func put(_ first: UInt8, _ second: UInt8) {
    waiting.append(addingCapacity: 2) { output in
      output.append(first)
      output.append(second)
    }
  }

  private mutating func finishValue() {
    if waiting.count >= Self.flushByteCount || depth == 0 { flush() }
  }

  private mutating func flush() {
    sink.write(waiting)
    waiting.removeAll(keepingCapacity: true)
  }
}
