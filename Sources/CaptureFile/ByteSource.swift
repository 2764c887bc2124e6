// SPDX-License-Identifier: Apache-2.0

/// Bytes in order: a file, a pipe, or what a decompressor makes of another source.
protocol ByteSource: AnyObject {
  /// Fills the buffer as far as the source reaches; 0 at the end.
  ///
  /// A source that fails gives what came before, then 0, and sets `failure`.
  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int
  /// Why the source ended early.
  var failure: SourceFailure? { get }
  /// Number of bytes in all, where that is known.
  var byteCount: UInt64? { get }
  /// Whether the source ended because it was told to stop.
  var isStopped: Bool { get }
}

/// Why a source of bytes ended before its end.
struct SourceFailure: Hashable, Sendable {
  var reason: CaptureDamage.Reason
  var text: String
  /// Bytes that were not read, where that is known.
  var byteCount: UInt64 = 0
}

/// The bytes of an open file as they lie on disk, from an offset on.
final class FileByteSource: ByteSource {
  private let file: OpenFile
  private var offset: UInt64
  /// Bytes of a stream that were looked at before they were read.
  private var pending: [UInt8] = []
  private let digest: EvidenceDigest?
  private(set) var failure: SourceFailure?

  /// Reads `file` from `offset`; a stream always gives its next bytes.
  init(_ file: OpenFile, from offset: UInt64 = 0, digest: EvidenceDigest? = nil) {
    self.file = file
    self.offset = offset
    self.digest = digest
  }

  var byteCount: UInt64? {
    file.identity.kind == .regular ? file.identity.byteCount : nil
  }

  var isStopped: Bool { file.isStopped }

  /// Number of bytes given so far, from the start of the file.
  var position: UInt64 { offset }

  /// The next bytes without taking them.
  func peek(_ count: Int) -> [UInt8] {
    if file.identity.kind == .regular {
      return unsafe [UInt8](unsafeUninitializedCapacity: count) { buffer, filled in
        filled = unsafe file.read(into: UnsafeMutableRawBufferPointer(buffer), at: offset) ?? 0
      }
    }
    if pending.count < count {
      let missing = count - pending.count
      pending += unsafe [UInt8](unsafeUninitializedCapacity: missing) { buffer, filled in
        filled = unsafe file.readNext(into: UnsafeMutableRawBufferPointer(buffer)) ?? 0
      }
    }
    return pending
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var count = 0
    if !pending.isEmpty {
      count = min(pending.count, buffer.count)
      unsafe buffer.copyBytes(from: pending[..<count])
      pending.removeFirst(count)
    }
    let rest = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[count...])
    let more =
      file.identity.kind == .regular
      ? unsafe file.read(into: rest, at: offset &+ UInt64(count)) : unsafe file.readNext(into: rest)
    if let more {
      count += more
    } else {
      failure = SourceFailure(reason: .unreadable, text: systemErrorText())
    }
    if let digest {
      unsafe digest.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    }
    offset &+= UInt64(count)
    return count
  }
}
