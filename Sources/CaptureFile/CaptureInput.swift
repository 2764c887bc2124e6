// SPDX-License-Identifier: Apache-2.0

/// One thing to read captures from: a file, or standard input.
public struct CaptureInput: Hashable, Sendable {
  /// Where the bytes come from.
  public enum Source: Hashable, Sendable {
    /// A file, pipe or other node of the file system.
    case path(String)
    /// Standard input.
    case standardInput
  }

  /// Where the bytes come from.
  public var source: Source
  /// Name used in results: the base name, or the path below the folder that was given.
  public var name: String

  /// Names a file; `-` is standard input.
  ///
  /// Without `name` the base name is shown.
  public init(_ path: String, name: String? = nil) {
    if path == "-" {
      source = .standardInput
      self.name = name ?? "-"
    } else {
      source = .path(path)
      self.name = name ?? Self.baseName(of: path)
    }
  }

  /// The last component of a path, without trailing slashes.
  static func baseName(of path: String) -> String {
    let parts = path.utf8.split(separator: UInt8(ascii: "/"))
    guard let last = parts.last else { return path }
    return String(Substring(last))
  }
}
