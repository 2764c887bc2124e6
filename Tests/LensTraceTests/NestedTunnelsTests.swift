// SPDX-License-Identifier: Apache-2.0

import Exfiltration
import LensTrace
import TestSupport
import Testing

/// Tunnels in tunnels beyond the bound hide what is inside, and the report says so.
@Suite struct NestedTunnelsTests {
  /// A datagram inside so many tunnels of IP in IP, or of VXLAN.
  private static func capture(depth: Int, isVXLAN: Bool) -> [UInt8] {
    var packet = Packet.ipv4(
      from: "10.0.0.1", to: "203.0.113.9",
      Packet.udp(from: 5_000, to: 6_000, Packet.payload(100)))
    for level in 0..<depth {
      let (source, destination) = ("10.0.\(level).1", "10.0.\(level).2")
      packet =
        isVXLAN
        ? Packet.ipv4(
          from: source, to: destination,
          Packet.udp(from: 50_000, to: 4_789, Packet.vxlan(Packet.ethernet(packet))))
        : Packet.ipv4(from: source, to: destination, packet)
    }
    var builder = CaptureBuilder.pcap()
    builder.record(seconds: 1_000, fraction: 0, Packet.ethernet(packet))
    return builder.bytes
  }

  private func closedTunnels(depth: Int, isVXLAN: Bool) throws -> UInt64? {
    let folder = try CaptureFolder()
    let file = try folder.write(Self.capture(depth: depth, isVXLAN: isVXLAN), as: "a.pcap")
    let analysis = try Analyzer(Analyzer.Configuration()).analyze(try CaptureSet([file]))
    #expect(analysis.flows.count == 1)
    return analysis.limitations.first { $0.id == "bound_tunnels" }?.count
  }

  @Test(arguments: [false, true]) func whatIsNotOpenedIsSaid(isVXLAN: Bool) throws {
    #expect(try closedTunnels(depth: 1, isVXLAN: isVXLAN) == nil)
    #expect(try closedTunnels(depth: 8, isVXLAN: isVXLAN) == nil)
    #expect(try closedTunnels(depth: 9, isVXLAN: isVXLAN) == 1)
    #expect(try closedTunnels(depth: 100, isVXLAN: isVXLAN) == 1)
  }
}
