// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// A field of a record that several formats print.
enum ReportField {
  /// Our own words or numbers that are not counts.
  case text(String?)
  /// Text from packets or tables.
  case hostile(String?)
  /// A count.
  case count(UInt64?)
  /// A measured number.
  case decimal(Double?)
  /// Nanoseconds since 1970.
  case time(Int64?)
}

/// What the columns of a flow are made of.
struct FlowRow {
  var flow: Flow
  var label: FlowLabel
}

/// One column of `lenstrace flows`: its name and where its value comes from.
struct FlowColumn: Sendable {
  var name: String
  var field: @Sendable (FlowRow) -> ReportField

  init(_ name: String, _ field: @escaping @Sendable (FlowRow) -> ReportField) {
    self.name = name
    self.field = field
  }

  /// All columns in the documented order; the first 17 are those of the contract.
  static let all: [FlowColumn] = [
    FlowColumn("flow_id") { .count(UInt64(clamping: $0.flow.id)) },
    FlowColumn("protocol") { .text($0.flow.protocolName) },
    FlowColumn("originator_ip") {
      .text($0.flow.endpoints.isWireless ? nil : "\($0.flow.originatorAddress)")
    },
    FlowColumn("originator_port") { .count($0.flow.port($0.flow.originatorPort)) },
    FlowColumn("responder_ip") {
      .text($0.flow.endpoints.isWireless ? nil : "\($0.flow.responderAddress)")
    },
    FlowColumn("responder_port") { .count($0.flow.port($0.flow.responderPort)) },
    FlowColumn("first_time") { .time($0.flow.firstPacket.time) },
    FlowColumn("last_time") { .time($0.flow.lastTime) },
    FlowColumn("originator_packets") { .count($0.flow.originator.packets) },
    FlowColumn("responder_packets") { .count($0.flow.responder.packets) },
    FlowColumn("originator_wire_bytes") { .count($0.flow.originator.wireBytes) },
    FlowColumn("responder_wire_bytes") { .count($0.flow.responder.wireBytes) },
    FlowColumn("originator_payload_bytes") { .count($0.flow.originator.payloadBytes) },
    FlowColumn("responder_payload_bytes") { .count($0.flow.responder.payloadBytes) },
    FlowColumn("service") { .text($0.label.service) },
    FlowColumn("server_name") { .hostile($0.label.serverName) },
    FlowColumn("video_verdict") { .text($0.label.verdict.rawValue) },
    FlowColumn("originator_basis") { .text($0.flow.originatorBasis.rawValue) },
    FlowColumn("end_reason") { .text($0.flow.endReason.rawValue) },
    FlowColumn("history") { .text($0.flow.history.isEmpty ? nil : $0.flow.history) },
    FlowColumn("community_id") { .text($0.flow.communityID) },
    FlowColumn("vlan") { .count($0.flow.vlan.map(UInt64.init)) },
    FlowColumn("originator_mac") { .text($0.flow.originator.macAddress?.description) },
    FlowColumn("responder_mac") { .text($0.flow.responder.macAddress?.description) },
    FlowColumn("tunnel") { .text($0.flow.tunnel) },
    FlowColumn("originator_new_payload_bytes") { .count($0.flow.originator.newPayloadBytes) },
    FlowColumn("responder_new_payload_bytes") { .count($0.flow.responder.newPayloadBytes) },
    FlowColumn("originator_unique_wire_bytes") { .count($0.flow.originator.uniqueWireBytes) },
    FlowColumn("responder_unique_wire_bytes") { .count($0.flow.responder.uniqueWireBytes) },
    FlowColumn("originator_gaps") { .count($0.flow.whenTCP(UInt64($0.flow.originator.gaps))) },
    FlowColumn("responder_gaps") { .count($0.flow.whenTCP(UInt64($0.flow.responder.gaps))) },
    FlowColumn("originator_missing_bytes") {
      .count($0.flow.whenTCP($0.flow.originator.missingBytes))
    },
    FlowColumn("responder_missing_bytes") {
      .count($0.flow.whenTCP($0.flow.responder.missingBytes))
    },
    FlowColumn("originator_retransmitted_bytes") {
      .count($0.flow.whenTCP($0.flow.originator.retransmittedBytes))
    },
    FlowColumn("responder_retransmitted_bytes") {
      .count($0.flow.whenTCP($0.flow.responder.retransmittedBytes))
    },
    FlowColumn("originator_duplicate_packets") { .count($0.flow.originator.duplicatePackets) },
    FlowColumn("responder_duplicate_packets") { .count($0.flow.responder.duplicatePackets) },
    FlowColumn("originator_duplicate_bytes") { .count($0.flow.originator.duplicateWireBytes) },
    FlowColumn("responder_duplicate_bytes") { .count($0.flow.responder.duplicateWireBytes) },
    FlowColumn("originator_bits_per_second") { .decimal($0.flow.originator.bitsPerSecond) },
    FlowColumn("responder_bits_per_second") { .decimal($0.flow.responder.bitsPerSecond) },
    FlowColumn("originator_out_of_order") {
      .count($0.flow.whenTCP(UInt64($0.flow.originator.outOfOrder)))
    },
    FlowColumn("responder_out_of_order") {
      .count($0.flow.whenTCP(UInt64($0.flow.responder.outOfOrder)))
    },
    FlowColumn("originator_zero_windows") {
      .count($0.flow.whenTCP($0.flow.zeroWindows(.fromOriginator).map(UInt64.init)))
    },
    FlowColumn("responder_zero_windows") {
      .count($0.flow.whenTCP($0.flow.zeroWindows(.fromResponder).map(UInt64.init)))
    },
    FlowColumn("originator_keep_alives") {
      .count($0.flow.whenTCP(UInt64($0.flow.originator.keepAlives)))
    },
    FlowColumn("responder_keep_alives") {
      .count($0.flow.whenTCP(UInt64($0.flow.responder.keepAlives)))
    },
    FlowColumn("truncated_packets") { .count($0.flow.truncatedPackets) },
    FlowColumn("translated_flow_id") {
      .count($0.flow.translatedFlow.map { UInt64(clamping: $0) })
    },
    FlowColumn("first_file") { .count(UInt64($0.flow.firstPacket.file)) },
    FlowColumn("first_frame") { .count($0.flow.firstPacket.frame) },
    FlowColumn("ja4") { row in
      .hostile(row.label.facts.first { $0.kind == .ja4 }?.text)
    },
  ]
}

extension Flow {
  /// Name of the protocol as documented, else its number.
  var protocolName: String {
    if endpoints.isWireless { return "wlan" }
    return switch protocolNumber {
    case 1: "icmp"
    case 6: "tcp"
    case 17: "udp"
    case 58: "icmpv6"
    case 132: "sctp"
    case 136: "udplite"
    default: String(protocolNumber)
    }
  }

  /// A port, or `nil` where it is not known; of a remainder's two only one is.
  func port(_ number: UInt16) -> UInt64? {
    hasPorts && !(isRemainder && number == 0) ? UInt64(number) : nil
  }

  /// A count that only TCP has: unknown for other protocols, not zero.
  func whenTCP(_ count: UInt64?) -> UInt64? { protocolNumber == 6 ? count : nil }

  /// From the first to the last packet, never negative.
  var durationSeconds: Double {
    let (span, overflow) = lastTime.subtractingReportingOverflow(firstPacket.time)
    return overflow || span < 0 ? 0 : Double(span) / 1e9
  }
}

extension FlowCounters {
  /// Wire bits a second from the first to the last packet; `nil` under one second, where the
  /// number would tell of the line and not of the traffic.
  var bitsPerSecond: Double? {
    guard let firstTime, let lastTime else { return nil }
    let (span, overflow) = lastTime.subtractingReportingOverflow(firstTime)
    guard !overflow, span >= 1_000_000_000 else { return nil }
    let rate = Double(wireBytes) * 8 / (Double(span) / 1e9)
    return (rate * 1_000).rounded() / 1_000
  }
}
