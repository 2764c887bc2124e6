// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct TLSTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .tls, datagrams: false, port: 443,
      [(.fromOriginator, clientHelloRecord("cloud.example", protocols: ["h2", "http/1.1"]))])
  ]

  @Test func serverNameAndProtocolsOfTLS() {
    let flow = recognise(.tls, isDatagram: false).flows[0]
    #expect(flow.serverName == "cloud.example")
    #expect(
      flow.details.map(\.text) == ["h2", "http/1.1", "t12d0202h2_62ed6f6ca7ad_000000000000"])
  }

  @Test func helloSplitOverRecords() {
    let record = clientHelloRecord("split.example")
    let message = Array(record[5...])
    var bytes: [UInt8] = []
    for start in stride(from: 0, to: message.count, by: 20) {
      let part = message[start..<min(start + 20, message.count)]
      bytes += [22, 3, 1, 0, UInt8(part.count)] + part
    }
    var traffic = Traffic()
    for start in stride(from: 0, to: bytes.count, by: 17) {
      traffic.send(Array(bytes[start..<min(start + 17, bytes.count)]), isDatagram: false)
    }
    #expect(traffic.finish().flows.first?.serverName == "split.example")
  }

  @Test func settledFlowsCostNothing() {
    var traffic = Traffic()
    traffic.send(clientHelloRecord("a.example"), isDatagram: false)
    traffic.send([23, 3, 3, 0, 4, 1, 2, 3, 4], from: .fromResponder, isDatagram: false)
    #expect(traffic.table.interests[0]?[.fromOriginator] == FlowInterest.none)
    #expect(traffic.table.interests[0]?[.fromResponder] == FlowInterest.none)
  }
}
