// SPDX-License-Identifier: Apache-2.0

/// Why an input cannot be read at all, or can no longer be trusted.
///
/// Damage inside a capture is not an error: see ``CaptureDamage``.
public struct CaptureError: Error, Hashable, Sendable {
  /// What kind of obstacle was met.
  public enum Kind: String, Hashable, Sendable {
    /// The file does not exist or may not be opened.
    case cannotOpen
    /// The system refused to read further.
    case cannotRead
    /// The content is of no kind that can be read.
    case notCapture
    /// The content is compressed in a way that this build leaves out.
    case compressionLeftOut
    /// The file changed while it was read.
    case changed
    /// A file cannot be written.
    case cannotWrite
    /// An option or an argument is wrong.
    case usage
  }

  /// Kind of the obstacle.
  public var kind: Kind
  /// Display name of the file.
  public var file: String
  /// Offset of the obstacle in the file, where there is one.
  public var offset: UInt64?
  /// What was found, without the name of the file.
  public var reason: String
  /// What the user can do, or empty.
  public var advice: String

  /// Makes an error.
  public init(
    _ kind: Kind, file: String, offset: UInt64? = nil, reason: String, advice: String = ""
  ) {
    self.kind = kind
    self.file = file
    self.offset = offset
    self.reason = reason
    self.advice = advice
  }
}

extension CaptureError: CustomStringConvertible {
  /// File, offset, reason and advice in one line.
  public var description: String {
    let place = offset.map { ", offset \($0)" } ?? ""
    return "\(file)\(place): \(reason)" + (advice.isEmpty ? "" : "; \(advice)")
  }
}
