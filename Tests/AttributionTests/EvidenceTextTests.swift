// SPDX-License-Identifier: Apache-2.0

import Attribution
import CaptureFile
import Foundation
import Testing

@Suite struct EvidenceTextTests {
  static let text = "# Generated: 2022-10-29\n11.0.0.0,11.0.0.255,64500,Example\n"

  /// `text` packed by `gzip -9n`, `zstd -19`, and nothing.
  static let files: [(name: String, base64: String)] = [
    ("asn.csv", Data(text.utf8).base64EncodedString()),
    ("asn.csv.gz", gzip), ("asn.csv.zst", zstd),
  ]
  static let gzip =
    "H4sIAAAAAAACA1NWcE/NSy1KLElNsVIwMjAy0jU00DWy5DI01DMAQR0ow8jUVMfMxNTAQMe1IjG3ICeVCwBvL5mBOgAAAA=="
  static let zstd =
    "KLUv/SQ60QEAIyBHZW5lcmF0ZWQ6IDIwMjItMTAtMjkKMTEuMC4wLjAsMTEuMC4wLjI1NSw2NDUwMCxFeGFtcGxlCl/G0H0="

  private func write(_ bytes: Data, _ name: String) throws -> String {
    let folder = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let url = folder.appending(path: name)
    try bytes.write(to: url)
    return url.path
  }

  @Test(arguments: files)
  func packedFilesAreReadAndHashedAsTheyLie(name: String, base64: String) throws {
    let bytes = try #require(Data(base64Encoded: base64))
    let path = try write(bytes, name)
    defer { try? FileManager.default.removeItem(atPath: path) }
    let database = try GeoIPDatabase(loading: [.file(path)])
    #expect(try database.facts("11.0.0.1") == "64500 -")
    #expect(database.tables[0].path == name)
    #expect(database.tables[0].sha256 == SHA256Hex.digest(of: [UInt8](bytes)))
    #expect(database.tables[0].date?.description == "2022-10-29")
  }

  @Test func aCutPackedFileIsAnError() throws {
    let bytes = try #require(Data(base64Encoded: Self.gzip))
    let path = try write(bytes.prefix(bytes.count - 12), "asn.csv.gz")
    defer { try? FileManager.default.removeItem(atPath: path) }
    let error = #expect(throws: GeoIPError.self) { try GeoIPDatabase(loading: [.file(path)]) }
    #expect(error?.kind == .cannotRead)
  }
}
