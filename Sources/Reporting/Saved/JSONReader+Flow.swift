// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

extension JSONReader {
  /// Reads a flow as ``FlowColumn`` writes it.
  mutating func flow() throws -> (Flow, FlowLabel) {
    var flow = Flow(
      id: 0, place: FlowPlace(shard: 0, index: 0),
      endpoints: FlowEndpoints(
        originatorAddress: .unspecified, responderAddress: .unspecified, originatorPort: 0,
        responderPort: 0, protocolNumber: 0),
      firstPacket: PacketReference(file: 0, frame: 0, time: 0), lastTime: 0)
    var label = FlowLabel(flowID: 0)
    var originatorPort: UInt16?
    var responderPort: UInt16?
    try object { key, reader in
      switch key {
      case "flow_id": flow.id = try reader.number()
      case "protocol": flow.protocolNumber = Flow.protocolNumber(named: try reader.text())
      case "originator_ip":
        flow.originatorAddress = try reader.optional { try $0.address() } ?? .unspecified
      case "originator_port":
        originatorPort = try reader.optional { try $0.number() }
      case "responder_ip":
        flow.responderAddress = try reader.optional { try $0.address() } ?? .unspecified
      case "responder_port":
        responderPort = try reader.optional { try $0.number() }
      case "first_time": flow.firstPacket.time = try reader.time()
      case "last_time": flow.lastTime = try reader.time()
      case "service": label.service = try reader.optional { try $0.text() }
      case "server_name": label.serverName = try reader.optional { try $0.text() }
      case "video_verdict": label.verdict = try reader.word()
      case "originator_basis": flow.originatorBasis = try reader.word()
      case "end_reason": flow.endReason = try reader.word()
      case "history": flow.setHistory(try reader.optional { try $0.text() })
      case "facts": label.facts = try reader.list { try $0.flowFact() }
      case "translated_flow_id":
        flow.translatedFlow = try reader.optional { try $0.number() }
      case "vlan": flow.vlan = try reader.optional { try $0.number() }
      case "tunnel": flow.setTunnel(try reader.optional { try $0.text() })
      case "truncated_packets": flow.truncatedPackets = try reader.number()
      case "first_file": flow.firstPacket.file = try reader.number()
      case "first_frame": flow.firstPacket.frame = try reader.number()
      default:
        if key.hasPrefix("originator_") {
          try reader.counter(String(key.dropFirst(11)), &flow.originator)
        } else if key.hasPrefix("responder_") {
          try reader.counter(String(key.dropFirst(10)), &flow.responder)
        } else {
          try reader.skip()
        }
      }
    }
    flow.originatorPort = originatorPort ?? 0
    flow.responderPort = responderPort ?? 0
    if flow.hasPorts {
      // Remainders keep one port, and nothing else that is printed lacks only one.
      flow.lacksPorts = originatorPort == nil && responderPort == nil
      flow.isRemainder = (originatorPort == nil) != (responderPort == nil)
    }
    label.flowID = flow.id
    return (flow, label)
  }

  private mutating func flowFact() throws -> FlowFact {
    var kind = FlowFact.Kind.note
    var text = ""
    var direction = FlowDirection.fromOriginator
    var packet = PacketReference(file: 0, frame: 0, time: 0)
    try object { key, reader in
      switch key {
      case "kind": kind = try reader.word()
      case "text": text = try reader.text()
      case "from":
        direction = try reader.text() == "originator" ? .fromOriginator : .fromResponder
      case "packet": packet = try reader.packet()
      default: try reader.skip()
      }
    }
    return FlowFact(saved: kind, text: text, direction: direction, packet: packet)
  }

  private mutating func counter(_ name: String, _ counters: inout FlowCounters) throws {
    switch name {
    case "packets": counters.packets = try optional { try $0.number() } ?? 0
    case "wire_bytes": counters.wireBytes = try optional { try $0.number() } ?? 0
    case "payload_bytes": counters.payloadBytes = try optional { try $0.number() } ?? 0
    case "mac":
      counters.macAddress = try optional { try $0.macAddress() }
    case "gaps": counters.gaps = try optional { try $0.number() } ?? 0
    case "missing_bytes": counters.missingBytes = try optional { try $0.number() } ?? 0
    case "retransmitted_bytes": counters.retransmittedBytes = try optional { try $0.number() } ?? 0
    case "duplicate_packets": counters.duplicatePackets = try optional { try $0.number() } ?? 0
    case "duplicate_bytes": counters.duplicateWireBytes = try optional { try $0.number() } ?? 0
    case "out_of_order": counters.outOfOrder = try optional { try $0.number() } ?? 0
    case "zero_windows": counters.zeroWindows = try optional { try $0.number() } ?? 0
    case "keep_alives": counters.keepAlives = try optional { try $0.number() } ?? 0
    default: try skip()
    }
  }
}

extension Flow {
  /// The number of a protocol by the name that reports print.
  static func protocolNumber(named name: String) -> UInt8 {
    switch name {
    case "wlan": 0
    case "icmp": 1
    case "tcp": 6
    case "udp": 17
    case "icmpv6": 58
    case "sctp": 132
    case "udplite": 136
    default: UInt8(name) ?? 255
    }
  }
}
