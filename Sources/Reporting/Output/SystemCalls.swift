// SPDX-License-Identifier: Apache-2.0

// The system calls of this module, with their Darwin twins.
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// The calls of the operating system that writing reports needs.
package enum OutputSystem {
  /// Writes all bytes; returns the error number of the first failure, or `nil`.
  static func write(_ bytes: Span<UInt8>, to descriptor: Int32) -> Int32? {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.bytes.withUnsafeBytes { buffer in
        guard let base = buffer.baseAddress else { return 0 }
        return unsafe systemWrite(descriptor, base + written, buffer.count - written)
      }
      if count < 0 {
        if errno == EINTR { continue }
        return errno
      }
      if count == 0 { return EIO }
      written += count
    }
    return nil
  }

  /// Makes a new file for writing; fails where one of that name exists.
  static func create(_ path: String) -> (descriptor: Int32, error: Int32) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, mode_t(0o644))
    return (descriptor, descriptor < 0 ? errno : 0)
  }

  /// Brings a finished file to disk and closes it; returns the error number, or `nil`.
  static func finish(_ descriptor: Int32) -> Int32? {
    // A pipe or a device that cannot be synchronised is no failure.
    let failed = fsync(descriptor) != 0 && errno != EINVAL && errno != ENOTSUP && errno != EROFS
    let error = errno
    let closed = close(descriptor) == 0
    if failed { return error }
    return closed ? nil : errno
  }

  /// Closes a file that is given up.
  static func abandon(_ descriptor: Int32) { _ = close(descriptor) }

  /// Removes a file.
  static func remove(_ path: String) { _ = unsafe unlink(path) }

  /// Puts a finished file in its place, over one that is there; returns the error number, or `nil`.
  static func replace(_ path: String, by finished: String) -> Int32? {
    unsafe rename(finished, path) == 0 ? nil : errno
  }

  /// Puts a finished file in its place unless one is there; returns the error number, or `nil`.
  ///
  /// A hard link refuses an existing name in the same step, so no race can overwrite a file; file
  /// systems without hard links get a look beforehand.
  static func place(_ finished: String, at path: String) -> Int32? {
    if unsafe link(finished, path) == 0 {
      remove(finished)
      return nil
    }
    if errno == EEXIST { return EEXIST }
    if identity(of: path) != nil { return EEXIST }
    return replace(path, by: finished)
  }

  /// Device and inode of a path, or `nil` where there is none.
  package static func identity(of path: String) -> NodeIdentity? {
    var status = stat()
    return unsafe stat(path, &status) == 0 ? NodeIdentity(status) : nil
  }

  /// Device and inode of an input as users name it: a path, or `-` for standard input.
  package static func identity(ofInput name: String) -> NodeIdentity? {
    name == "-" ? identity(of: STDIN_FILENO) : identity(of: name)
  }

  /// Device and inode behind an open descriptor, or `nil` where it is closed.
  package static func identity(of descriptor: Int32) -> NodeIdentity? {
    var status = stat()
    return unsafe fstat(descriptor, &status) == 0 ? NodeIdentity(status) : nil
  }

  /// Tells one file of the system from another.
  package struct NodeIdentity: Hashable, Sendable {
    package var device: UInt64
    package var inode: UInt64
    package var isRegular: Bool

    fileprivate init(_ status: stat) {
      device = UInt64(truncatingIfNeeded: status.st_dev)
      inode = UInt64(truncatingIfNeeded: status.st_ino)
      isRegular = mode_t(status.st_mode) & mode_t(S_IFMT) == mode_t(S_IFREG)
    }
  }

  /// Number of this process, to tell unfinished files apart.
  static var processNumber: Int32 { getpid() }

  /// Whether an error number says that the reader of a pipe went away.
  static func isClosedPipe(_ error: Int32) -> Bool { error == EPIPE }

  /// Whether an error number says that the name is taken.
  static func isExisting(_ error: Int32) -> Bool { error == EEXIST }

  /// The system's words for an error number.
  static func text(_ error: Int32) -> String {
    guard let text = unsafe strerror(error) else { return "error \(error)" }
    return unsafe String(cString: text)
  }

  /// Lets writing to a closed pipe fail with an error instead of ending the process silently.
  package static func ignoreBrokenPipes() {
    _ = signal(SIGPIPE, SIG_IGN)
  }

  /// Whether a descriptor is a terminal.
  package static func isTerminal(_ descriptor: Int32) -> Bool { isatty(descriptor) == 1 }

  /// Columns of the terminal behind a descriptor, or `nil` where there is none.
  package static func terminalColumns(_ descriptor: Int32) -> Int? {
    var size = winsize()
    guard unsafe ioctl(descriptor, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else {
      return nil
    }
    return Int(size.ws_col)
  }

  /// Value of an environment variable, or `nil`.
  package static func environment(_ name: String) -> String? {
    guard let value = unsafe getenv(name) else { return nil }
    return unsafe String(cString: value)
  }

  /// Opens a file to add to its end, made where there is none; returns the error number too.
  package static func openToAppend(_ path: String) -> (descriptor: Int32, error: Int32) {
    let descriptor = unsafe open(path, O_WRONLY | O_CREAT | O_APPEND | O_CLOEXEC, mode_t(0o644))
    return (descriptor, descriptor < 0 ? errno : 0)
  }

  /// Words for an error number.
  package static func errorText(_ error: Int32) -> String { text(error) }

  /// The time of day, for the run log only.
  package static func wallClockNanoseconds() -> Int64 {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_REALTIME, &time) == 0 else { return 0 }
    return Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
  }

  /// Name of this machine, for the run log only.
  package static func hostName() -> String {
    var bytes = [CChar](repeating: 0, count: 256)
    guard unsafe gethostname(&bytes, bytes.count - 1) == 0 else { return "?" }
    return String(decoding: bytes.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
  }

  /// The folder that the process works in, for the run log only.
  package static func workingFolder() -> String {
    guard let path = unsafe getcwd(nil, 0) else { return "?" }
    defer { unsafe free(path) }
    return unsafe String(cString: path)
  }

  /// Whole nanoseconds of a clock that only goes forward; for progress, never for results.
  package static func monotonicNanoseconds() -> UInt64 {
    var time = timespec()
    guard unsafe clock_gettime(CLOCK_MONOTONIC, &time) == 0 else { return 0 }
    return UInt64(clamping: time.tv_sec) &* 1_000_000_000 &+ UInt64(clamping: time.tv_nsec)
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawPointer, _ count: Int) -> Int {
  unsafe write(descriptor, bytes, count)
}
