// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct STUNTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .stun, datagrams: true, port: 3_478,
      [
        (.fromOriginator, stunMessage(0x0009, peerAttribute + [0, 12, 0, 4, 0x40, 1, 0, 0])),
        (.fromOriginator, [0x40, 1, 0, 12] + [UInt8](repeating: 1, count: 12)),
      ])
  ]

  @Test func peerBehindARelay() {
    let result = recognise(.stun)
    #expect(result.relays.count == 1)
    #expect(result.relays[0].peerAddress == IPAddress("198.51.100.7"))
    #expect(result.relays[0].peerPort == 5_000)
  }

  @Test func mediaThroughARelayNamesItsPeer() {
    var traffic = Traffic()
    guard let sample = ProtocolSample.all.first(where: { $0.service == .stun }) else { return }
    sample.send(into: &traffic)
    for number in 0..<20 {
      let packet = rtpPacket(
        sequence: UInt16(number), timestamp: UInt32(number * 3_600), marker: true)
      traffic.send([0x40, 1] + bigEndian(UInt16(packet.count)) + packet, after: 40_000_000)
    }
    let stream = traffic.finish().streams.first
    #expect(stream?.rtp?.stream.uniquePackets == 20)
    #expect(stream?.peerAddress == IPAddress("198.51.100.7"))
    #expect(traffic.log.units.count == 20)
  }
}
