// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct HikvisionDiscoveryTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .hikvisionDiscovery, datagrams: true, port: 37_020,
      [
        (
          .fromResponder,
          ascii(
            "<?xml version=\"1.0\"?><ProbeMatch><Types>inquiry</Types>"
              + "<DeviceDescription>DS-7608NI</DeviceDescription><DeviceSN>DS-7608NI0820</DeviceSN>"
              + "<MAC>44-19-b6-01-02-03</MAC><SoftwareVersion>V3.4</SoftwareVersion></ProbeMatch>")
        )
      ])
  ]

  @Test func answerNamesTheDevice() {
    let mark = recognise(.hikvisionDiscovery).marks.first
    #expect(mark?.role == "recorder")
    #expect(mark?.serial == "DS-7608NI0820")
    #expect(mark?.firmware == "V3.4")
  }
}
