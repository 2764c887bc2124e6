// SPDX-License-Identifier: Apache-2.0

/// A report written to a file: beside its place first, then renamed, so that no half of one is
/// ever seen under its name.
public final class ReportFile {
  /// The place of the finished file, as the user named it.
  public let path: String
  /// Takes the report's bytes.
  public let sink: ReportSink
  private let overwrites: Bool
  private let unfinishedPath: String
  private let descriptor: Int32
  private var isOpen = true

  /// Makes the unfinished file beside `path`.
  ///
  /// - Parameters:
  ///   - path: Place of the finished file.
  ///   - overwrites: Whether a file of that name may be replaced.
  ///   - inputs: Paths of the inputs, `-` for standard input; none of them is ever written.
  /// - Throws: ``ReportError`` where the place cannot or must not be written.
  public init(_ path: String, overwrites: Bool, inputs: [String]) throws(ReportError) {
    self.path = path
    self.overwrites = overwrites
    try Self.check(path, overwrites: overwrites, inputs: inputs)
    unfinishedPath = "\(path).unfinished-\(OutputSystem.processNumber)"
    let (descriptor, error) = OutputSystem.create(unfinishedPath)
    guard descriptor >= 0 else {
      throw ReportError(
        .cannotWrite, file: path, reason: "cannot create: \(OutputSystem.text(error))",
        advice: "check the folder and the permission to write")
    }
    self.descriptor = descriptor
    sink = ReportSink(descriptor: descriptor, name: path, filePath: unfinishedPath)
  }

  deinit {
    if isOpen { abandon() }
  }

  /// The same for all paths to one place: two reports there would replace each other.
  package static func place(of path: String) -> String {
    let slash = path.utf8.lastIndex(of: UInt8(ascii: "/"))
    let name = slash.map { path[path.utf8.index(after: $0)...] } ?? path[...]
    let folder = slash.map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
    guard let identity = OutputSystem.identity(of: folder) else { return path }
    return "\(identity.device) \(identity.inode) \(name)"
  }

  /// Says early whether a report could be put at `path`, before an hour of analysis is spent.
  public static func check(
    _ path: String, overwrites: Bool, inputs: [String]
  ) throws(ReportError) {
    guard !path.isEmpty, !path.utf8.contains(0) else {
      throw ReportError(.cannotWrite, file: path, reason: "is no name of a file")
    }
    guard let existing = OutputSystem.identity(of: path) else { return }
    try check(existing, name: path, inputs: inputs)
    guard existing.isRegular else {
      throw ReportError(.cannotWrite, file: path, reason: "is no ordinary file")
    }
    if !overwrites {
      throw ReportError(
        .exists, file: path, reason: "the file exists",
        advice: "add --force to replace it, or choose another name")
    }
  }

  /// Says early whether an open descriptor, such as standard output, is one of the inputs.
  public static func check(
    descriptor: Int32, name: String, inputs: [String]
  ) throws(ReportError) {
    guard let existing = OutputSystem.identity(of: descriptor), existing.isRegular else { return }
    try check(existing, name: name, inputs: inputs)
  }

  private static func check(
    _ existing: OutputSystem.NodeIdentity, name: String, inputs: [String]
  ) throws(ReportError) {
    for input in inputs {
      guard let other = OutputSystem.identity(ofInput: input) else { continue }
      if other.device == existing.device, other.inode == existing.inode {
        throw ReportError(
          .isInput, file: name, reason: "is one of the inputs, which are never written",
          advice: "choose another name")
      }
    }
  }

  /// Puts the finished file in its place.
  public func commit() throws(ReportError) {
    do {
      try sink.finish()
    } catch {
      abandon()
      throw error
    }
    isOpen = false
    var failure = OutputSystem.finish(descriptor)
    if failure == nil {
      failure =
        overwrites
        ? OutputSystem.replace(path, by: unfinishedPath)
        : OutputSystem.place(unfinishedPath, at: path)
    }
    guard let failure else { return }
    OutputSystem.remove(unfinishedPath)
    if OutputSystem.isExisting(failure) {
      throw ReportError(
        .exists, file: path, reason: "the file exists", advice: "add --force to replace it")
    }
    throw ReportError(
      .cannotWrite, file: path, reason: "cannot write: \(OutputSystem.text(failure))",
      advice: "free space or choose another folder")
  }

  /// Gives the report up and removes what was written of it.
  public func abandon() {
    guard isOpen else { return }
    isOpen = false
    OutputSystem.abandon(descriptor)
    OutputSystem.remove(unfinishedPath)
  }
}
