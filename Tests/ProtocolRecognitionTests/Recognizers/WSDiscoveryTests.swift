// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct WSDiscoveryTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .wsDiscovery, datagrams: true, port: 3_702,
      [
        (
          .fromResponder,
          ascii(
            "<?xml version=\"1.0\"?><s:Envelope><d:ProbeMatch><d:Types>dn:NetworkVideoTransmitter"
              + "</d:Types><d:Scopes>onvif://www.onvif.org/name/Front%20Door "
              + "onvif://www.onvif.org/hardware/DS-2CD2042 onvif://www.onvif.org/MAC/44:19:b6:01:02:03"
              + "</d:Scopes><d:XAddrs>http://192.168.1.64/onvif/device_service</d:XAddrs>"
              + "</d:ProbeMatch></s:Envelope>")
        )
      ])
  ]

  @Test func scopesNameTheDevice() {
    let mark = recognise(.wsDiscovery).marks.first
    #expect(mark?.role == "camera")
    #expect(mark?.model == "DS-2CD2042")
    #expect(mark?.text == "Front Door")
    #expect(mark?.macAddress?.description == "44:19:b6:01:02:03")
  }
}
