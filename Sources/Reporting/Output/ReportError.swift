// SPDX-License-Identifier: Apache-2.0

/// Why a report could not be written; exit status 73.
public struct ReportError: Error, Hashable, Sendable {
  /// What kind of obstacle was met.
  public enum Kind: String, Hashable, Sendable {
    /// The system refused (disk full, no permission, no such folder).
    case cannotWrite
    /// The reader of a pipe went away.
    case closedPipe
    /// The file is there already.
    case exists
    /// The file is one of the inputs.
    case isInput
  }

  /// What kind of obstacle was met.
  public var kind: Kind
  /// The output as the user named it.
  public var file: String
  /// What happened.
  public var reason: String
  /// What to do, or empty.
  public var advice: String

  /// Makes an error.
  public init(_ kind: Kind, file: String, reason: String, advice: String = "") {
    self.kind = kind
    self.file = file
    self.reason = reason
    self.advice = advice
  }
}

extension ReportError: CustomStringConvertible {
  /// File, reason and advice in one line.
  public var description: String {
    "\(file): \(reason)" + (advice.isEmpty ? "" : "; \(advice)")
  }
}
