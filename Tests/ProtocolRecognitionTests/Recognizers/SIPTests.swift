// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct SIPTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .sip, datagrams: true, port: 5_060,
      [
        (
          .fromOriginator,
          ascii(
            "INVITE sip:a@b SIP/2.0\r\nFrom: <sip:34020000001320000001@3402000000>\r\n"
              + "User-Agent: cam\r\nContent-Type: Application/MANSCDP+xml\r\n\r\n"
              + "v=0\r\ns=Playback\r\nc=IN IP4 192.0.2.9\r\nm=video 6000 RTP/AVP 96\r\n"
              + "a=rtpmap:96 PS/90000\r\ny=0100000001\r\n")
        )
      ])
  ]

  @Test func sipAnnouncesTheStream() {
    let result = recognise(.sip)
    #expect(result.mediaEndpoints.map(\.port) == [6_000])
    #expect(result.mediaEndpoints[0].address == IPAddress("192.0.2.9"))
    #expect(result.mediaEndpoints[0].synchronizationSource == 100_000_001)
    #expect(result.mediaEndpoints[0].formats.map(\.name) == ["PS"])
    #expect(result.mediaEndpoints[0].isStoredFootage)
    #expect(result.marks.map(\.role) == ["camera"])
    #expect(result.flows[0].storedFootage != nil)
  }
}
