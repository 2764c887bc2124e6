// SPDX-License-Identifier: Apache-2.0

internal import LensTrace

extension CaptureSet {
  /// Paths of the inputs, none of which may be written; `-` is standard input, behind which there
  /// may be a file too.
  var paths: [String] {
    inputs.map { input in
      switch input.source {
      case .path(let path): path
      case .standardInput: "-"
      }
    }
  }

  /// Paths that must not be written where users name files or folders: the captures in the folders
  /// too.
  static func filesBehind(_ names: [String]) -> [String] {
    names + names.flatMap { (try? CaptureSet([$0], recursive: true))?.paths ?? [] }
  }
}
