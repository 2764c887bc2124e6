// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import TestSupport
import Testing

/// Leaves every protocol sample as a seed for the fuzz targets `recognizers` and `pipeline`.
@Suite(.enabled(if: SeedFolder.isWanted, "set LENSTRACE_FUZZ_SEEDS to a folder"))
struct FuzzSeedTests {
  @Test(arguments: ProtocolSample.all) func seed(_ sample: ProtocolSample) throws {
    let head = FuzzInput.recognizerHead(port: sample.port, isDatagram: sample.isDatagram)
    let pieces = sample.pieces.map { piece in
      FuzzInput.Piece(
        control: piece.direction == .fromResponder ? FuzzInput.fromResponder : 0,
        bytes: piece.bytes)
    }
    #expect(try SeedFolder.add(FuzzInput.bytes(head: [head], pieces), for: "recognizers"))
  }

  /// The sample as a capture: a handshake where it is a stream, then its pieces.
  @Test(arguments: ProtocolSample.all) func capture(_ sample: ProtocolSample) throws {
    #expect(try SeedFolder.add(sample.capture, for: "pipeline"))
  }
}
