// SPDX-License-Identifier: Apache-2.0

public import CaptureFile

/// What `lenstrace info` tells: facts of the files that could be read, and why others could not.
public struct CaptureInformation: Sendable {
  /// Facts of the readable inputs, in the order given.
  public var files: [CaptureFacts]
  /// Inputs that could not be read at all.
  public var unreadable: [CaptureError]

  /// Makes it of its parts.
  public init(files: [CaptureFacts], unreadable: [CaptureError]) {
    self.files = files
    self.unreadable = unreadable
  }
}
