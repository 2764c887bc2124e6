// SPDX-License-Identifier: Apache-2.0

import Foundation

/// Where tests leave what they make as seeds for the fuzz targets: the folder named by
/// `LENSTRACE_FUZZ_SEEDS`, one folder a target in it.
package enum SeedFolder {
  /// Whether seeds are wanted.
  package static var isWanted: Bool { path != nil }

  private static let path = ProcessInfo.processInfo.environment["LENSTRACE_FUZZ_SEEDS"]

  /// Greatest seed: what the fuzzers take (`-max_len` of Scripts/fuzz), four times.
  private static let maximumByteCount = 1 << 18

  /// Writes a seed named after its content; returns whether it is there, which one too large is not.
  package static func add(_ bytes: [UInt8], for target: String) throws -> Bool {
    guard let path, bytes.count <= maximumByteCount else { return false }
    let folder = path + "/" + target
    try FileManager.default.createDirectory(atPath: folder, withIntermediateDirectories: true)
    var digest: UInt64 = 0xCBF2_9CE4_8422_2325
    for byte in bytes { digest = (digest ^ UInt64(byte)) &* 0x100_0000_01B3 }
    try Data(bytes).write(to: URL(fileURLWithPath: folder + "/" + String(digest, radix: 16)))
    return true
  }
}
