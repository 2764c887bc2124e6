// SPDX-License-Identifier: Apache-2.0

import Foundation

/// A file for inputs that are read from files, written anew for each.
enum ScratchFile {
  private static let folder: String = {
    // Memory where the system has such a folder: an input is written and read thousands of times
    // a second.
    let memory = "/dev/shm"
    return FileManager.default.isWritableFile(atPath: memory) ? memory : NSTemporaryDirectory()
  }()

  /// Writes `bytes` to a file, lets `body` read it, and removes it.
  static func with<Result>(_ bytes: [UInt8], _ body: (String) throws -> Result) rethrows -> Result {
    let name = "lenstrace-fuzz-\(ProcessInfo.processInfo.processIdentifier)-\(thread)"
    let path = folder + "/" + name
    let descriptor = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0o600)
    guard descriptor >= 0 else { fatalError("cannot write \(path)") }
    var written = 0
    while written < bytes.count {
      let count = bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress else { return 0 }
        return write(descriptor, base + written, buffer.count - written)
      }
      guard count > 0 else { fatalError("cannot write \(path)") }
      written += count
    }
    close(descriptor)
    defer { unlink(path) }
    return try body(path)
  }

  /// Tests run on several threads at once.
  private static var thread: UInt { UInt(bitPattern: ObjectIdentifier(Thread.current).hashValue) }
}
