// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct SessionDescriptionTests {
  @Test func readsSectionsFormatsAndMarks() throws {
    let bytes = ascii(sessionDescription)
    let parsed = SessionDescription(parsing: bytes.span, 0..<bytes.count)
    let description = try #require(parsed)
    #expect(description.media.count == 2)
    #expect(description.media[0].formats.map(\.name) == ["H264"])
    #expect(description.media[0].control == "trackID=1")
    #expect(description.media[0].formats[0].parameterSets.count == 2)
    #expect(
      description.media[1].formats == [
        MediaFormat(payloadType: 8, name: "PCMA", clockRate: 8_000, parameterSets: [])
      ])
    #expect(description.hasHikvisionMediaHeader)
  }

  @Test func readsH265SetsAddressesAndSources() throws {
    let bytes = ascii(
      "v=0\nc=IN IP6 2001:db8::1\nm=video 5000 RTP/AVP 98\nc=IN IP4 192.0.2.7/64\n"
        + "a=rtpmap:98 h265/90000\na=fmtp:98 sprop-vps=QAE=; sprop-sps=QgE=; sprop-pps=RAE=\n"
        + "a=ssrc:77 cname:x\ny=0100000002\n")
    let parsed = SessionDescription(parsing: bytes.span, 0..<bytes.count)
    let description = try #require(parsed)
    #expect(description.media[0].address == IPAddress("192.0.2.7"))
    #expect(description.media[0].formats[0].name == "H265")
    #expect(description.media[0].formats[0].parameterSets == [[0x40, 1], [0x42, 1], [0x44, 1]])
    #expect(description.media[0].sources == [77, 100_000_002])
  }

  @Test func refusesOtherText() {
    let bytes = ascii("<xml/>")
    let parsed = SessionDescription(parsing: bytes.span, 0..<bytes.count)
    #expect(parsed == nil)
  }

  @Test func manySectionsAreBounded() throws {
    let bytes = ascii("v=0\n" + String(repeating: "m=video 1 RTP/AVP 96\n", count: 500))
    let parsed = SessionDescription(parsing: bytes.span, 0..<bytes.count)
    let description = try #require(parsed)
    #expect(description.media.count == SessionDescription.maximumMedia)
  }
}
