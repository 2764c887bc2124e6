// SPDX-License-Identifier: Apache-2.0

import MediaInspection
import Testing

@Suite struct CodecTests {
  @Test(arguments: [
    ("H264", Codec.h264), ("h265", .h265), ("JPEG", .mjpeg), ("MP4V-ES", .mpeg4), ("VP8", .vp8),
    ("VP9", .vp9), ("AV1", .av1), ("jxsv", .jpegxs), ("H263-1998", .h263), ("PCMA", .g711a),
    ("pcmu", .g711u), ("opus", .opus), ("MPEG4-GENERIC", .aac), ("G726-32", .g726),
    ("MPV", .mpeg2video),
  ])
  func encodingNames(name: String, codec: Codec) {
    #expect(Codec(rtpEncodingName: name) == codec)
  }

  @Test(arguments: ["MP2T", "PS", "telephone-event", "rtx", "", "H264 ", "vnd.onvif.metadata"])
  func otherNamesAreNoCodecs(name: String) {
    #expect(Codec(rtpEncodingName: name) == nil)
  }

  @Test func kinds() {
    #expect(Codec.h264.kind == .video)
    #expect(Codec.svac.kind == .video)
    #expect(Codec.g711a.kind == .audio)
    #expect(Codec.opus.kind == .audio)
  }
}
