// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import HostInventory

/// A list of hardware address prefixes from a file (`--oui`), with its hash.
struct HardwareRegistryFile {
  /// The embedded table with the file's rows in its place.
  let vendors: HardwareVendors
  /// Lower-case hexadecimal SHA-256 of the file as it lies on disk.
  let sha256: String

  private static let pieceByteCount = 256 << 10

  /// Reads a file, compressed or not.
  ///
  /// - Throws: `GeoIPError` naming file, reason and what to do.
  init(_ path: String, stop: StopSignal) throws(GeoIPError) {
    let file = try EvidenceText(path: path, option: "--oui", stop: stop)
    var bytes: [UInt8] = []
    while bytes.count <= HardwareRegistry.byteLimit,
      let block = try file.next(byteCount: Self.pieceByteCount)
    {
      EvidenceText.append(block.bytes, to: &bytes)
    }
    do {
      vendors = HardwareVendors(newer: try HardwareRegistry(bytes.span))
    } catch {
      throw GeoIPError(
        kind: .unknownLayout, file: path, line: nil, reason: error.reason, advice: error.advice)
    }
    sha256 = file.sha256()
  }
}
