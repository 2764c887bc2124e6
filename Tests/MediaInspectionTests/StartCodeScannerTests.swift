// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition
import Testing

@testable import MediaInspection

@Suite struct StartCodeScannerTests {
  @Test(arguments: [
    ("40010c01", Codec.h265), ("42010101", .h265), ("b32d0240", .mpeg2video), ("b0010000", .mpeg4),
    ("09100000", .h264),
  ])
  func codecsByTheirFirstUnits(unit: String, codec: Codec) {
    let data = bytes(unit)
    let found = StartCodeScanner.codec(ofUnit: data.span)
    #expect(found == codec)
  }

  @Test(arguments: ["65888400", "41000000", "67000000", "0910", "00000000", "27ffffff"])
  func otherUnitsShowNoCodec(unit: String) {
    let data = bytes(unit)
    let found = StartCodeScanner.codec(ofUnit: data.span)
    #expect(found == nil)
  }

  @Test func stopsAfterThePictureWhereTheContainerTellsPictures() {
    var scanner = StartCodeScanner(stopsAtPicture: true)
    var track: MediaTrack? = MediaTrack(codec: .h264)
    let data = MediaSamples.h264AccessUnit(isKey: true, size: 50) + [0, 0, 1, 0x41, 0x9A, 0, 0, 0]
    let unit = mediaUnit(SampleUnit(framing: .annexB, payload: data))
    scanner.feed(data.span, unit, &track)
    #expect(track?.pictures == 1)
    scanner.begin(unit, &track)
    scanner.feed(data.span, unit, &track)
    #expect(track?.pictures == 2)
    #expect(track?.keyFrames.count == 2)
  }
}
