// SPDX-License-Identifier: Apache-2.0

// The system calls of this module, with their Darwin twins.
#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// What tells one file from another and whether it changed.
package struct FileIdentity: Hashable, Sendable {
  /// Device that holds the file.
  package var device: UInt64
  /// Number of the file on its device.
  package var inode: UInt64
  /// Size in bytes.
  package var byteCount: UInt64
  /// Time of the last change of the content, in nanoseconds since 1970.
  package var modificationTime: Int64
  /// What the node is.
  package var kind: Kind

  /// What a node of the file system is.
  package enum Kind: Hashable, Sendable {
    /// An ordinary file.
    case regular
    /// A folder.
    case folder
    /// A pipe, socket, terminal or device.
    case stream
  }

  fileprivate init(_ status: stat) {
    device = UInt64(truncatingIfNeeded: status.st_dev)
    inode = UInt64(truncatingIfNeeded: status.st_ino)
    byteCount = UInt64(clamping: status.st_size)
    #if canImport(Darwin)
    let time = status.st_mtimespec
    #else
    let time = status.st_mtim
    #endif
    modificationTime = Int64(time.tv_sec) &* 1_000_000_000 &+ Int64(time.tv_nsec)
    switch mode_t(status.st_mode) & mode_t(S_IFMT) {
    case mode_t(S_IFREG): kind = .regular
    case mode_t(S_IFDIR): kind = .folder
    default: kind = .stream
    }
  }
}

/// A file opened for reading only, closed with its last reference.
package final class OpenFile: Sendable {
  private let descriptor: Int32
  private let closes: Bool
  /// Ends the waiting for a stream's next bytes.
  private let stop: StopSignal?
  /// Display name, for errors.
  package let name: String
  /// What was opened.
  package let identity: FileIdentity

  /// Milliseconds after which who waits for a stream looks whether it is to stop.
  private static let waitingInterval: Int32 = 100

  /// Opens `input`; a folder is an error.
  ///
  /// A stream ends where `stop` is given while its next bytes are waited for.
  package init(_ input: CaptureInput, stop: StopSignal? = nil) throws(CaptureError) {
    name = input.name
    self.stop = stop
    switch input.source {
    case .standardInput:
      descriptor = 0
      closes = false
    case .path(let path):
      // A name with a zero byte would reach the system cut short.
      guard !path.utf8.contains(0) else {
        throw CaptureError(.cannotOpen, file: input.name, reason: "the name holds a zero byte")
      }
      descriptor = unsafe open(path, O_RDONLY | O_CLOEXEC | openedWithoutWaiting)
      closes = true
    }
    guard descriptor >= 0 else {
      throw CaptureError(
        .cannotOpen, file: input.name, reason: "cannot open: \(systemErrorText())",
        advice: "check the path and the permission to read")
    }
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else {
      let text = systemErrorText()
      if closes { _ = close(descriptor) }
      throw CaptureError(.cannotOpen, file: input.name, reason: "cannot examine: \(text)")
    }
    identity = FileIdentity(status)
    if identity.kind == .folder {
      // Everything is initialised: leaving runs `deinit`, which closes.
      throw CaptureError(
        .cannotOpen, file: input.name, reason: "is a folder", advice: "add --recursive to read it")
    }
    if identity.kind == .regular { advise() }
  }

  deinit {
    if closes { _ = close(descriptor) }
  }

  /// Tells the system that the file will be read in order.
  private func advise() {
    #if canImport(Darwin)
    _ = unsafe fcntl(descriptor, F_RDAHEAD, 1)
    #else
    _ = posix_fadvise(descriptor, 0, 0, POSIX_FADV_SEQUENTIAL)
    #endif
  }

  /// What the open file is now.
  package func currentIdentity() -> FileIdentity? {
    var status = stat()
    guard unsafe fstat(descriptor, &status) == 0 else { return nil }
    return FileIdentity(status)
  }

  /// Reads at `offset` until the buffer is full or the file ends.
  ///
  /// Returns the number of bytes, or nil after an error of the system.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: UInt64) -> Int? {
    var filled = 0
    while filled < buffer.count {
      guard let base = buffer.baseAddress else { break }
      let place = off_t(truncatingIfNeeded: offset &+ UInt64(filled))
      let count = unsafe pread(descriptor, base + filled, buffer.count - filled, place)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR { continue }
        return filled > 0 ? filled : nil
      }
      filled += count
    }
    return filled
  }

  /// Whether the stop was given that ends the waiting for a stream.
  var isStopped: Bool { identity.kind == .stream && stop?.isStopped == true }

  /// Reads the next bytes of a stream until the buffer is full, the stream ends or is to end.
  ///
  /// Returns the number of bytes, or nil after an error of the system.
  func readNext(into buffer: UnsafeMutableRawBufferPointer) -> Int? {
    var filled = 0
    while filled < buffer.count {
      guard let base = buffer.baseAddress, waitForBytes() else { break }
      let count = unsafe systemRead(descriptor, base + filled, buffer.count - filled)
      if count == 0 { break }
      if count < 0 {
        if errno == EINTR || errno == EAGAIN { continue }
        return filled > 0 ? filled : nil
      }
      filled += count
    }
    return filled
  }
}

extension OpenFile {
  /// Waits until there are bytes to read, the end or an error; `false` where it was told to stop.
  ///
  /// Of a named pipe that nobody writes to yet, reading would give the end: it was opened without
  /// waiting.
  private func waitForBytes() -> Bool {
    while !isStopped {
      var request = pollfd(fd: descriptor, events: Int16(POLLIN), revents: 0)
      let count = unsafe poll(&request, 1, stop == nil ? -1 : Self.waitingInterval)
      if count > 0 || count < 0 && errno != EINTR { return true }
    }
    return false
  }
}

/// A named pipe without a writer would hold the program in `open`, where no stop can end it.
///
/// On Darwin `poll` calls such a pipe ended, so it is waited for there.
private var openedWithoutWaiting: Int32 {
  #if canImport(Darwin)
  0
  #else
  O_NONBLOCK
  #endif
}

/// The node that a path names, followed through links or not; nil when there is none.
func nodeIdentity(_ path: String, followsLinks: Bool) -> FileIdentity? {
  guard !path.utf8.contains(0) else { return nil }
  var status = stat()
  let result = unsafe followsLinks ? stat(path, &status) : lstat(path, &status)
  return result == 0 ? FileIdentity(status) : nil
}

/// Names of the nodes in a folder, in the order of their bytes; nil when it cannot be read.
///
/// Names that are no UTF-8 cannot be named again: they are counted.
func folderEntries(_ path: String) -> (names: [String], unnamed: Int)? {
  guard !path.utf8.contains(0), let folder = unsafe opendir(path) else { return nil }
  defer { _ = unsafe closedir(folder) }
  var names: [String] = []
  var unnamed = 0
  while let entry = unsafe readdir(folder) {
    let name = unsafe withUnsafePointer(to: &entry.pointee.d_name) { pointer in
      unsafe pointer.withMemoryRebound(
        to: CChar.self, capacity: MemoryLayout.size(ofValue: entry.pointee.d_name)
      ) { unsafe String(validatingCString: $0) }
    }
    guard let name else {
      unnamed += 1
      continue
    }
    if name != "." && name != ".." { names.append(name) }
  }
  return (names.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }, unnamed)
}

/// A file that is written aside and gets its name when it is complete.
///
/// Never replaces a file; removed again when it was not published.
final class NewFile {
  /// Display name, for errors.
  let name: String
  private let path: String
  private let asidePath: String
  private let descriptor: Int32
  private let replaces: Bool
  private var isPublished = false

  init(_ path: String, replaces: Bool = false) throws(CaptureError) {
    self.replaces = replaces
    self.path = path
    name = CaptureInput.baseName(of: path)
    asidePath = path + ".partial"
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw CaptureError(.cannotWrite, file: name, reason: "no name for a file")
    }
    guard replaces || nodeIdentity(path, followsLinks: false) == nil else {
      throw CaptureError(
        .cannotWrite, file: name, reason: "the file exists", advice: "choose another name")
    }
    descriptor = unsafe open(asidePath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      throw CaptureError(
        .cannotWrite, file: name, reason: "cannot write \(name).partial: \(systemErrorText())",
        advice: "check the folder, or remove what an earlier run left")
    }
  }

  deinit {
    guard descriptor >= 0 else { return }
    _ = close(descriptor)
    if !isPublished { _ = unsafe unlink(asidePath) }
  }

  func append(_ bytes: [UInt8]) throws(CaptureError) {
    var written = 0
    while written < bytes.count {
      let count = unsafe bytes.withUnsafeBytes { buffer in
        unsafe systemWrite(
          descriptor, UnsafeRawBufferPointer(rebasing: buffer[written...]))
      }
      if count < 0 {
        if errno == EINTR { continue }
        throw failure()
      }
      written += count
    }
  }

  /// Gives the file its name, unless another file has taken it.
  func publish() throws(CaptureError) {
    guard fsync(descriptor) == 0 || errno == EINVAL else { throw failure() }
    // A hard link fails where a file of the name exists; file systems without links get the
    // name by renaming after a look.
    if replaces {
      guard unsafe rename(asidePath, path) == 0 else { throw failure() }
    } else if unsafe link(asidePath, path) == 0 {
      _ = unsafe unlink(asidePath)
    } else {
      guard errno != EEXIST, nodeIdentity(path, followsLinks: false) == nil,
        unsafe rename(asidePath, path) == 0
      else { throw failure() }
    }
    isPublished = true
  }

  private func failure() -> CaptureError {
    CaptureError(
      .cannotWrite, file: name, reason: "cannot write: \(systemErrorText())",
      advice: "check the space on the disk and the permission to write")
  }
}

private func systemWrite(_ descriptor: Int32, _ bytes: UnsafeRawBufferPointer) -> Int {
  unsafe write(descriptor, bytes.baseAddress, bytes.count)
}

private func systemRead(_ descriptor: Int32, _ buffer: UnsafeMutableRawPointer, _ count: Int) -> Int
{
  unsafe read(descriptor, buffer, count)
}

/// The system's words for the last error.
func systemErrorText() -> String {
  guard let text = unsafe strerror(errno) else { return "error \(errno)" }
  return unsafe String(cString: text)
}
