// SPDX-License-Identifier: Apache-2.0

import Attribution
import Exfiltration
import FlowTracking
import HostInventory
import PacketDecoding
import ProtocolRecognition
import Reporting
import TestSupport
import VideoDetection

@testable import CaptureFile

/// Names that would do harm in some format if they were printed as they are.
let hostileNames = [
  "\u{1B}[2J\u{1B}]0;owned\u{07}", "\u{9B}31m", "<script>alert(1)</script>", "=cmd|'/c calc'!A1",
  "+1", "-1", "@SUM(A1)", "\tx", "\rx", "a\u{202E}gpj.exe", "\u{2066}x", "zero\u{0}byte",
  "line\nbreak", "quote\"comma,", "back\\slash", "\u{FEFF}bom", "bad \u{FFFD} byte",
  String(repeating: "long", count: 2_500),
]

/// Builds analyses in code.
enum SampleAnalysis {
  /// 2026-11-21 12:41:27.5 UTC.
  static let firstTime: Int64 = 1_795_264_887_500_000_000

  static let camera = IPAddress(v4: 0xC0A8_4015)
  static let receiver = IPAddress(v4: 0xCB00_714D)

  /// Flows of UDP datagrams from the camera abroad: 25 a second of `size` bytes for `seconds`.
  static func flows(seconds: Int = 24, size: Int = 1_000) -> FlowCollection {
    var table = FlowTable(configuration: FlowTrackingConfiguration(), seed: 1)
    var packets: [DecodedPacket] = []
    for index in 0..<(seconds * 25) {
      var packet = DecodedPacket()
      packet.firstLow = camera.low
      packet.secondLow = receiver.low
      packet.portsAndProtocol = UInt64(40_000) << 48 | UInt64(5_004) << 32 | 17
      packet.keyHash = 7
      packet.protocolNumber = 17
      packet.fingerprint = UInt64(index + 1) &* 0xD6E8_FEB8_6659_FD93
      packet.time = firstTime + Int64(index) * 40_000_000
      packet.payloadLength = UInt32(size)
      packet.originalLength = UInt32(size + 42)
      packet.capturedLength = 42
      packet.flags = [.hasNetworkLayer, .hasTransportHeader]
      packets.append(packet)
    }
    let batch = PacketBatch(
      block: Block(byteCount: 1), packets: packets, file: 0, firstFrame: 1)
    var events: [FlowEvent] = []
    let order = packets.indices.map { UInt32($0) }
    table.track(batch, order: order.span, into: &events)
    table.finish(into: &events)
    return FlowCollection([FinishedFlowTable(table)])
  }

  /// A camera that sends H.264 abroad; `name` stands wherever packets or tables put text.
  static func make(name: String = "media.abroad.example", isHomeDeclared: Bool = true) -> Analysis {
    let reference = PacketReference(file: 0, frame: 12, time: firstTime)
    let last = firstTime + 23_960_000_000
    var facts = CaptureFacts(path: "camera.pcapng", format: .pcapng)
    facts.sha256 = String(repeating: "ab", count: 32)
    facts.packets = 600
    facts.firstTime = firstTime
    facts.lastTime = last
    facts.comments = [name]
    let device = Device(
      id: "D1", addresses: [camera], macs: [MACAddress(bits: 0x4419_B664_0021)], vendor: name,
      model: name, serial: name, firmware: name, names: [DeviceName(name: name, source: "dhcp")],
      roles: [DeviceRole(role: .camera, confidence: .strong, marks: [name])],
      firstPacket: reference, contradictions: [name])
    let evidence = Evidence(
      signal: "rtp_level", value: 3, threshold: 2, text: "says \(name)", packets: [reference])
    let destination = Destination(
      address: receiver, port: 5_004, names: [name], asn: 64_496, asName: name, country: "RU",
      basis: "location", scope: isHomeDeclared ? .foreign : .unknown, table: "geoip.csv", line: 5)
    let finding = Finding(
      id: "F-00112233", severity: isHomeDeclared ? .high : .medium,
      video: Finding.Video(verdict: .certain, reasons: [evidence], counterReasons: [evidence]),
      exposure: ExposureAssessment(level: isHomeDeclared ? .foreign : .outside, reasons: [name]),
      device: "D1", sourceAddress: camera, destination: destination, bytes: 600_000,
      wireBytes: 625_200, uniqueWireBytes: 625_200, packets: 600, durationSeconds: 23.96,
      firstTime: firstTime, lastTime: last, flows: [1], flowCount: 1, attack: ["T1125"],
      text: "Sent video to \(name).")
    var stream = MediaStream(
      flowID: 1, place: FlowPlace(shard: 0, index: 0), direction: .fromOriginator, transport: .udp,
      kind: .rtp, sourceAddress: camera, sourcePort: 40_000, destinationAddress: receiver,
      destinationPort: 5_004)
    stream.synchronizationSource = 0xCCD3_E75B
    stream.media = .video
    stream.codec = "H.264"
    stream.width = 640
    stream.height = 360
    stream.framesPerSecond = 25
    stream.packets = 600
    stream.lost = 0
    stream.firstTime = firstTime
    stream.lastTime = last
    stream.verdict = .certain
    return Analysis(
      isComplete: true, tool: ToolIdentity(version: "0.0.0", thresholdsDigest: "cd"),
      configuration: [ConfigurationEntry("home", .list(["IT"]))], inputs: [facts],
      isHomeDeclared: isHomeDeclared,
      capture: CaptureSummary(
        firstTime: firstTime, lastTime: last, packets: 600, wireBytes: 625_200,
        uniqueWireBytes: 625_200),
      devices: [device], mediaStreams: [stream], findings: [finding],
      cameraVerdicts: [
        CameraVerdict(
          device: "D1", outcome: .left, text: name,
          observed: CameraVerdict.Observed(
            firstTime: firstTime, lastTime: last, secondsCovered: 23.96, directionSeen: .sent,
            dropped: nil, flowsNotAssessed: 0))
      ],
      destinations: [
        DestinationSummary(
          address: receiver, names: [name], asn: 64_496, asName: name, country: "RU",
          scope: .foreign, bytes: 600_000, devices: ["D1"])
      ],
      flows: flows(),
      flowLabels: FlowLabels([
        FlowLabel(flowID: 1, service: "rtp", serverName: name, verdict: .certain)
      ]),
      names: AnnouncedNames([
        AnnouncedName(name: name, address: receiver, source: "dns", packet: reference)
      ]),
      limitations: [Limitation(id: "no_hash", text: name, count: 1)])
  }

  /// What a writer writes.
  static func text(_ write: (ReportSink) -> Void) -> String {
    let sink = ReportSink()
    write(sink)
    return String(decoding: sink.bytes, as: UTF8.self)
  }
}
