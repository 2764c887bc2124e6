// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct SSDPTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .ssdp, datagrams: true, port: 1_900,
      [
        (
          .fromOriginator,
          ascii(
            "NOTIFY * HTTP/1.1\r\nNT: urn:axis-com:service:NetworkCamera:1\r\n"
              + "SERVER: Linux/2.6 UPnP/1.0 Network Camera/1.0\r\n\r\n")
        )
      ])
  ]

  @Test func camerasNameThemselves() {
    let marks = recognise(.ssdp).marks
    #expect(marks.count == 2)
    #expect(marks.map(\.role) == ["camera", "camera"])
    #expect(marks.map(\.source) == ["ssdp_server", "ssdp"])
  }

  @Test(arguments: [("/IPCamDesc.xml", ["ssdp_location"]), ("/rootDesc.xml", [])])
  func descriptionOfACameraIsAMark(path: String, sources: [String]) {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 50_000, Traffic.viewer, 1_900)
    traffic.send(
      ascii(
        "NOTIFY * HTTP/1.1\r\nLOCATION: http://10.0.0.5:81\(path)\r\nNT: upnp:rootdevice\r\n"
          + "SERVER: Embedded UPnP/1.0\r\n\r\n"))
    #expect(traffic.finish().marks.map(\.source) == sources)
  }
}
