// SPDX-License-Identifier: Apache-2.0

/// What is in the capture, counted while it is written.
struct GroundTruth {
  struct Stream {
    var ssrc: UInt32
    var payloadType: UInt8
    var codec: String
    var width: Int
    var height: Int
    var source: Endpoint
    var destination: Endpoint
    /// Without duplicates and losses.
    var packets = 0
    var duplicates = 0
    var lost = 0
    /// RTP payload of `packets`.
    var payloadBytes = 0
    var firstTime: UInt64 = 0
    var lastTime: UInt64 = 0
    var isSignalled = false
  }

  private(set) var packets = 0
  private(set) var wireBytes = 0
  private(set) var flows = 0
  private(set) var tcpFlows = 0
  private(set) var tcpPackets = 0
  private(set) var tcpWireBytes = 0
  private(set) var ipv6Packets = 0
  private(set) var vlanPackets = 0
  private(set) var firstTime: UInt64?
  private(set) var lastTime: UInt64 = 0
  private var servicePackets = [Int](repeating: 0, count: Service.allCases.count)
  private var serviceWireBytes = [Int](repeating: 0, count: Service.allCases.count)
  private var serviceFlows = [Int](repeating: 0, count: Service.allCases.count)
  var duplicatePackets = 0
  var duplicateWireBytes = 0
  var lostPackets = 0
  var streams: [Stream] = []

  mutating func count(_ flow: Flow, wireBytes count: Int, at time: UInt64) {
    packets += 1
    wireBytes += count
    if flow.capturedPackets == 0 {
      flows += 1
      if flow.isTCP { tcpFlows += 1 }
      serviceFlows[flow.service.rawValue] += 1
    }
    flow.capturedPackets += 1
    if flow.isTCP {
      tcpPackets += 1
      tcpWireBytes += count
    }
    if flow.endpoints[0].address.isIPv6 { ipv6Packets += 1 }
    if flow.vlan != 0 { vlanPackets += 1 }
    servicePackets[flow.service.rawValue] += 1
    serviceWireBytes[flow.service.rawValue] += count
    if firstTime == nil { firstTime = time }
    lastTime = time
  }

  /// JSON with its keys in a fixed order.
  func json(mixture: String, seed: UInt64, fileBytes: Int) -> String {
    var lines = [
      "\"mixture\": \"\(mixture)\"", "\"seed\": \(seed)", "\"file_bytes\": \(fileBytes)",
      "\"packets\": \(packets)", "\"wire_bytes\": \(wireBytes)",
      "\"first_time\": \(Self.seconds(firstTime ?? 0))",
      "\"last_time\": \(Self.seconds(lastTime))",
      "\"flows\": \(flows)", "\"tcp_flows\": \(tcpFlows)", "\"udp_flows\": \(flows - tcpFlows)",
      "\"tcp_packets\": \(tcpPackets)", "\"udp_packets\": \(packets - tcpPackets)",
      "\"tcp_wire_bytes\": \(tcpWireBytes)", "\"udp_wire_bytes\": \(wireBytes - tcpWireBytes)",
      "\"ipv6_packets\": \(ipv6Packets)", "\"vlan_packets\": \(vlanPackets)",
      "\"duplicate_packets\": \(duplicatePackets)",
      "\"duplicate_wire_bytes\": \(duplicateWireBytes)", "\"lost_packets\": \(lostPackets)",
    ]
    let services = Service.allCases.map { service in
      let index = service.rawValue
      return "\"\(service.name)\": {\"flows\": \(serviceFlows[index]), \"packets\": "
        + "\(servicePackets[index]), \"wire_bytes\": \(serviceWireBytes[index])}"
    }
    lines.append("\"services\": {\n    \(services.joined(separator: ",\n    "))\n  }")
    lines.append(
      "\"rtp_streams\": [\n    \(streams.map(Self.json).joined(separator: ",\n    "))\n  ]")
    return "{\n  " + lines.joined(separator: ",\n  ") + "\n}"
  }

  private static func json(_ stream: Stream) -> String {
    "{\"ssrc\": \(stream.ssrc), \"payload_type\": \(stream.payloadType), "
      + "\"codec\": \"\(stream.codec)\", \"width\": \(stream.width), "
      + "\"height\": \(stream.height), "
      + "\"source_ip\": \"\(stream.source.address.text)\", "
      + "\"source_port\": \(stream.source.port), "
      + "\"destination_ip\": \"\(stream.destination.address.text)\", "
      + "\"destination_port\": \(stream.destination.port), \"packets\": \(stream.packets), "
      + "\"duplicates\": \(stream.duplicates), \"lost\": \(stream.lost), "
      + "\"payload_bytes\": \(stream.payloadBytes), "
      + "\"first_time\": \(seconds(stream.firstTime)), "
      + "\"last_time\": \(seconds(stream.lastTime)), \"signalled\": \(stream.isSignalled)}"
  }

  private static func seconds(_ time: UInt64) -> String {
    let fraction = String(time % 1_000_000)
    return "\(time / 1_000_000)." + String(repeating: "0", count: 6 - fraction.count) + fraction
  }
}
