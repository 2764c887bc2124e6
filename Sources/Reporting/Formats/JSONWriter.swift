// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import PacketDecoding

/// Writes JSON as it goes, keys in the order they are given.
///
/// Members and elements stand on lines of their own down to `lineDepth`, deeper ones on one line,
/// so that a result can be read and compared line by line.
struct JSONWriter {
  private let sink: ReportSink
  private let lineDepth: Int
  /// For each open object or array, whether something was written in it.
  private var isStarted: [Bool] = []
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
  mutating func key(_ name: String) {
    separate()
    sink.writeJSON(name)
    sink.write(": ")
    followsKey = true
  }

  mutating func value(_ text: String?) {
    guard let text else { return null() }
    separate()
    sink.writeJSON(text)
  }

  mutating func value(_ number: UInt64?) {
    guard let number else { return null() }
    separate()
    sink.write(number)
  }

  mutating func value(_ number: Int64?) {
    guard let number else { return null() }
    separate()
    sink.write(number)
  }

  mutating func value(_ number: Int?) { value(number.map(Int64.init)) }
  mutating func value(_ number: UInt32?) { value(number.map(UInt64.init)) }
  mutating func value(_ number: UInt16?) { value(number.map(UInt64.init)) }

  mutating func value(_ number: Double?) {
    guard let number, let text = DecimalText.exact(number) else { return null() }
    separate()
    sink.write(text)
  }

  mutating func value(_ flag: Bool) {
    separate()
    sink.write(flag ? "true" : "false")
  }

  mutating func null() {
    separate()
    sink.write("null")
  }

  /// Writes a time of nanoseconds since 1970.
  mutating func time(_ nanoseconds: Int64?) {
    value(nanoseconds.map { Timestamp(nanoseconds: $0).rfc3339 })
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
  func end() { sink.write(UInt8(ascii: "\n")) }

  private mutating func nested(
    _ open: UInt8, _ close: UInt8, _ content: (inout JSONWriter) -> Void
  ) {
    separate()
    sink.write(open)
    isStarted.append(false)
    content(&self)
    let hadContent = isStarted.removeLast()
    if hadContent, isStarted.count < lineDepth { newLine() }
    sink.write(close)
  }

  /// Writes what stands before a value or key: nothing, a comma, a line.
  private mutating func separate() {
    if followsKey {
      followsKey = false
      return
    }
    guard let last = isStarted.indices.last else { return }
    let isFirst = !isStarted[last]
    isStarted[last] = true
    if isStarted.count <= lineDepth {
      if !isFirst { sink.write(UInt8(ascii: ",")) }
      newLine()
    } else if !isFirst {
      sink.write(", ")
    }
  }

  private func newLine() {
    sink.write(UInt8(ascii: "\n"))
    for _ in isStarted { sink.write("  ") }
  }
}
