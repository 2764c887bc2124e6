// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Testing

@Suite struct SHA256HexTests {
  /// The examples of FIPS 180-2, appendix B.
  @Test func agreesWithTheStandard() {
    #expect(
      SHA256Hex.digest(of: "abc")
        == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(
      SHA256Hex.digest(of: [UInt8]())
        == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
  }
}
