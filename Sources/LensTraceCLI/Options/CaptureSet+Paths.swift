// SPDX-License-Identifier: Apache-2.0

internal import LensTrace

extension CaptureSet {
  /// Paths of the inputs, none of which may be written.
  var paths: [String] {
    inputs.compactMap { input in
      if case .path(let path) = input.source { path } else { nil }
    }
  }
}
