// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct BannerTests {
  static let samples: [ProtocolSample] = [
    ProtocolSample(
      .ssh, datagrams: false, port: 22, [(.fromResponder, ascii("SSH-2.0-OpenSSH_9.2\r\n"))]),
    ProtocolSample(
      .smtp, datagrams: false, port: 25, [(.fromResponder, ascii("220 mail.example ESMTP\r\n"))]),
  ]

  @Test func firstLinesOfServers() {
    for (service, line) in [
      (Service.ssh, "SSH-2.0-OpenSSH_9.2"), (.smtp, "220 mail.example ESMTP"),
    ] {
      let flow = recognise(service, isDatagram: false).flows[0]
      #expect(flow.details.map(\.text) == [line])
    }
  }

  /// What clients of mail send may hold names and passwords.
  @Test func clientLinesAreNotKept() {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 25, protocolNumber: 6)
    traffic.send(ascii("EHLO secret-host\r\n"), isDatagram: false)
    #expect(traffic.finish().flows.first?.details.isEmpty == true)
  }
}
