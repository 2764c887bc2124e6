// SPDX-License-Identifier: Apache-2.0

package import CaptureFile

/// The unpacked content of a table or policy in blocks, with the hash of the file on disk.
package struct EvidenceText {
  private let path: String
  private let source: DecompressingSource

  /// Opens a file; `option` is named in the advice where it cannot be.
  ///
  /// A pipe ends where `stop` is given while it gives nothing; what was read is not whole then.
  package init(path: String, option: String, stop: StopSignal? = nil) throws(GeoIPError) {
    self.path = path
    do {
      source = try DecompressingSource(CaptureInput(path, name: path), stop: stop)
    } catch {
      throw GeoIPError(
        kind: error.kind == .cannotOpen ? .cannotOpen : .cannotRead, file: path, line: nil,
        reason: error.reason,
        advice: error.kind == .cannotOpen ? "check the path given to \(option)" : error.advice)
    }
  }

  /// The next bytes, or `nil` at the end; throws where the content ends early.
  package func next(byteCount: Int) throws(GeoIPError) -> Block? {
    if let block = source.next(byteCount: byteCount) { return block }
    guard let failure = source.failureText else { return nil }
    throw GeoIPError(
      kind: .cannotRead, file: path, line: nil, reason: "the content ends early: \(failure)",
      advice: "get the file again; a part of a table would give wrong answers")
  }

  /// Lower-case hexadecimal SHA-256 of the file as it lies on disk; call it once, at the end.
  package func sha256() -> String { source.sha256() }

  /// Adds bytes to an array in one copy; byte by byte it would cost a tenth of the loading time.
  package static func append(_ bytes: Span<UInt8>, to array: inout [UInt8]) {
    unsafe bytes.withUnsafeBufferPointer { buffer in
      unsafe array.append(contentsOf: buffer)
    }
  }
}
