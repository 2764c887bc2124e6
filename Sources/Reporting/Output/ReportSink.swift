// SPDX-License-Identifier: Apache-2.0

/// Where a report's bytes go: collected in memory, or written to a file, pipe or terminal.
///
/// The first failure is kept and everything after it is dropped, so that writers need not check
/// every byte; `finish()` throws it, and long writers ask `hasFailed` between records.
public final class ReportSink {
  /// Bytes that wait for the system.
  private var buffer: [UInt8] = []
  private let descriptor: Int32?
  private let name: String
  private var failure: ReportError?
  /// Where bytes go instead of a descriptor, changed on the way.
  private let outer: ReportSink?
  private let change: (([UInt8], Bool) -> [UInt8])?
  /// Path of the empty file behind the descriptor, for formats that a library writes by itself.
  let filePath: String?

  /// Bytes that are handed to the system at once.
  static let flushByteCount = 64 << 10

  /// Collects everything in memory; see ``bytes``.
  public init() {
    descriptor = nil
    filePath = nil
    outer = nil
    change = nil
    name = "memory"
  }

  /// Writes to an open descriptor, which stays open; `name` stands in messages.
  public convenience init(descriptor: Int32, name: String) {
    self.init(descriptor: descriptor, name: name, filePath: nil)
  }

  init(descriptor: Int32, name: String, filePath: String?) {
    self.filePath = filePath
    self.descriptor = descriptor
    outer = nil
    change = nil
    self.name = name
    buffer.reserveCapacity(Self.flushByteCount + 4_096)
  }

  /// Writes into another sink what `change` makes of it; the flag marks the last bytes.
  init(into outer: ReportSink, change: @escaping ([UInt8], Bool) -> [UInt8]) {
    descriptor = nil
    filePath = nil
    name = outer.name
    self.outer = outer
    self.change = change
  }

  /// What was written so far, of a sink in memory.
  public var bytes: [UInt8] { descriptor == nil ? buffer : [] }

  /// Whether writing has failed, so that more of it is useless.
  public var hasFailed: Bool { failure != nil || outer?.hasFailed == true }

  /// Appends one byte.
  func write(_ byte: UInt8) {
    buffer.append(byte)
    flushIfFull()
  }

  /// Appends text as it is; whatever comes from packets must be escaped before.
  public func write(_ text: String) {
    buffer.append(contentsOf: text.utf8)
    flushIfFull()
  }

  /// Appends bytes as they are.
  func write(_ bytes: [UInt8]) {
    buffer.append(contentsOf: bytes)
    flushIfFull()
  }

  /// Appends bytes as they are; many at once go to the system without a copy.
  func write(_ bytes: Span<UInt8>) {
    if bytes.count >= Self.flushByteCount / 2, descriptor != nil {
      flush()
      put(bytes)
      return
    }
    unsafe bytes.withUnsafeBufferPointer { unsafe buffer.append(contentsOf: $0) }
    flushIfFull()
  }

  /// Appends text made of pieces.
  func write(_ text: Substring) {
    buffer.append(contentsOf: text.utf8)
    flushIfFull()
  }

  /// Appends a scalar in UTF-8.
  func write(_ scalar: Unicode.Scalar) {
    buffer.append(contentsOf: UTF8.encode(scalar) ?? UTF8.encodedReplacementCharacter)
    flushIfFull()
  }

  /// Appends a whole number.
  func write(_ number: UInt64) {
    var rest = number
    var digits: [20 of UInt8] = .init(repeating: 0)
    var start = 20
    repeat {
      start -= 1
      digits[start] = UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: rest % 10)
      rest /= 10
    } while rest > 0
    for index in start..<20 { buffer.append(digits[index]) }
    flushIfFull()
  }

  /// Appends a whole number with its sign.
  func write(_ number: Int64) {
    if number < 0 { buffer.append(UInt8(ascii: "-")) }
    write(number.magnitude)
  }

  /// Keeps a failure of a library that writes by itself.
  func fail(_ reason: String) {
    guard failure == nil else { return }
    failure = ReportError(.cannotWrite, file: name, reason: "cannot write: \(reason)")
  }

  /// Hands over what waits.
  ///
  /// - Throws: the first failure since the beginning.
  public func finish() throws(ReportError) {
    flush()
    if let failure { throw failure }
  }

  private func flushIfFull() {
    guard buffer.count >= Self.flushByteCount else { return }
    if descriptor != nil { flush() } else if outer != nil { handOver(isLast: false) }
  }

  /// Hands what waits to the outer sink; with `isLast` for the last time.
  func handOver(isLast: Bool) {
    guard let outer, let change else { return }
    outer.write(change(buffer, isLast))
    buffer.removeAll(keepingCapacity: true)
  }

  private func flush() {
    guard !buffer.isEmpty, descriptor != nil else { return }
    put(buffer.span)
    buffer.removeAll(keepingCapacity: true)
  }

  private func put(_ bytes: Span<UInt8>) {
    guard failure == nil, let descriptor, let error = OutputSystem.write(bytes, to: descriptor)
    else { return }
    if OutputSystem.isClosedPipe(error) {
      failure = ReportError(
        .closedPipe, file: name, reason: "the reader closed the pipe before the end of the report",
        advice: "write to a file with --output and read that")
    } else {
      failure = ReportError(
        .cannotWrite, file: name, reason: "cannot write: \(OutputSystem.text(error))",
        advice: "free space or choose another folder")
    }
  }
}
