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

  /// Bytes that are handed to the system at once.
  static let flushByteCount = 64 << 10

  /// Collects everything in memory; see ``bytes``.
  public init() {
    descriptor = nil
    name = "memory"
  }

  /// Writes to an open descriptor, which stays open; `name` stands in messages.
  public init(descriptor: Int32, name: String) {
    self.descriptor = descriptor
    self.name = name
    buffer.reserveCapacity(Self.flushByteCount + 4_096)
  }

  /// What was written so far, of a sink in memory.
  public var bytes: [UInt8] { descriptor == nil ? buffer : [] }

  /// Whether writing has failed, so that more of it is useless.
  public var hasFailed: Bool { failure != nil }

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

  /// Hands over what waits.
  ///
  /// - Throws: the first failure since the beginning.
  public func finish() throws(ReportError) {
    flush()
    if let failure { throw failure }
  }

  private func flushIfFull() {
    if buffer.count >= Self.flushByteCount, descriptor != nil { flush() }
  }

  private func flush() {
    guard let descriptor, !buffer.isEmpty else { return }
    defer { buffer.removeAll(keepingCapacity: true) }
    guard failure == nil, let error = OutputSystem.write(buffer, to: descriptor) else { return }
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
