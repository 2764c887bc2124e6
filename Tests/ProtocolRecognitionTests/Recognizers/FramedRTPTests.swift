// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct FramedRTPTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .rtp, datagrams: false, port: 10_000,
      [
        (
          .fromOriginator,
          (0..<50).flatMap { number in
            let packet = rtpPacket(
              sequence: UInt16(number), timestamp: UInt32(number * 3_600), marker: true,
              payload: [0, 0, 1, 0xBA] + [UInt8](repeating: 1, count: 200))
            return bigEndian(UInt16(packet.count)) + packet
          }
        )
      ])
  ]

  @Test func framedRTPOverTCP() {
    var bytes: [UInt8] = []
    for number in 0..<50 {
      let packet = rtpPacket(
        sequence: UInt16(number), timestamp: UInt32(number * 3_600), marker: true,
        payload: [0, 0, 1, 0xBA] + [UInt8](repeating: 1, count: 200))
      bytes += bigEndian(UInt16(packet.count)) + packet
    }
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 10_000, protocolNumber: 6)
    for start in stride(from: 0, to: bytes.count, by: 777) {
      traffic.send(Array(bytes[start..<min(start + 777, bytes.count)]), isDatagram: false)
    }
    let result = traffic.finish()
    #expect(result.streams.first?.rtp?.stream.uniquePackets == 50)
    #expect(result.streams.first?.isOverTCP == true)
    #expect(result.flows.first?.service == .rtp)
  }
}
