// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct UniFiTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .ubiquitiDiscovery, datagrams: true, port: 10_001,
      [
        (.fromOriginator, [1, 0, 0, 0]),
        (
          .fromResponder,
          {
            func field(_ type: UInt8, _ value: [UInt8]) -> [UInt8] {
              [type] + bigEndian(UInt16(value.count)) + value
            }
            let fields =
              field(1, [0x24, 0x5A, 0x4C, 1, 2, 3]) + field(3, ascii("UVC.S2L.v4.30"))
              + field(0x0B, ascii("Gate")) + field(0x0C, ascii("UVC G3"))
            return [2, 6] + bigEndian(UInt16(fields.count)) + fields
          }()
        ),
      ])
  ]

  @Test func answerNamesTheDevice() {
    let mark = recognise(.ubiquitiDiscovery).marks.first
    #expect(mark?.vendor == "ubiquiti")
    #expect(mark?.model == "UVC G3")
    #expect(mark?.firmware == "UVC.S2L.v4.30")
    #expect(mark?.role == "camera")
    #expect(mark?.macAddress?.description == "24:5a:4c:01:02:03")
  }

  /// ThroughTek uses the same port: the fields must fill the answer.
  @Test func fieldsMustFit() {
    var bytes = Self.samples[0].pieces[1].bytes
    bytes[6] += 1
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 10_001)
    traffic.send(bytes)
    #expect(traffic.finish().flows.isEmpty)
  }
}
