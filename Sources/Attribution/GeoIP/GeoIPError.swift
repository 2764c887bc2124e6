// SPDX-License-Identifier: Apache-2.0

/// Why a GeoIP table or a policy cannot be used: what, where, and what to do about it.
public struct GeoIPError: Error, Hashable, Sendable {
  /// The kind of failure, for programs.
  public enum Kind: String, Sendable {
    /// The file cannot be opened.
    case cannotOpen = "cannot_open"
    /// Reading failed after the file was opened.
    case cannotRead = "cannot_read"
    /// The content is no text table, or no layout of it is known.
    case unknownLayout = "unknown_layout"
    /// Several layouts fit and give different answers.
    case ambiguousLayout = "ambiguous_layout"
    /// More than the allowed share of rows is bad, or none is good.
    case tooManyBadRows = "too_many_bad_rows"
    /// A second file that this one needs was not given.
    case missingCompanion = "missing_companion"
    /// A limit of the reader was met.
    case limit
    /// An option or a policy value cannot be understood.
    case invalidOption = "invalid_option"
  }

  /// The kind of failure.
  public let kind: Kind
  /// The path as it was given, or the option's name.
  public let file: String
  /// The physical line, from 1, or `nil` where none can be named.
  public let line: UInt64?
  /// What is wrong.
  public let reason: String
  /// What to do.
  public let advice: String

  /// Makes an error of its parts.
  public init(kind: Kind, file: String, line: UInt64? = nil, reason: String, advice: String) {
    self.kind = kind
    self.file = file
    self.line = line
    self.reason = reason
    self.advice = advice
  }
}

extension GeoIPError: CustomStringConvertible {
  /// `file:line: reason; advice`.
  public var description: String {
    let place = line.map { "\(file):\($0)" } ?? file
    return "\(place): \(reason); \(advice)"
  }
}
