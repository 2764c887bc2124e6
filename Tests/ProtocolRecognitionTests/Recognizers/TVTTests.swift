// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct TVTTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .tvt, datagrams: false, port: 6_036,
      [(.fromResponder, ascii("head") + [UInt8](repeating: 0, count: 60))])
  ]

  @Test func greetingMarksARecorder() {
    let mark = recognise(.tvt, isDatagram: false).marks.first
    #expect(mark?.vendor == "tvt")
    #expect(mark?.role == "recorder")
  }
}
