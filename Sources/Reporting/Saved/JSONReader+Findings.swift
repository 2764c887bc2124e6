// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import Exfiltration
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

extension JSONReader {
  mutating func device() throws -> Device {
    var device = Device(
      id: "", addresses: [], firstPacket: PacketReference(file: 0, frame: 0, time: 0))
    try object { key, reader in
      switch key {
      case "id": device.id = try reader.text()
      case "addresses": device.addresses = try reader.list { try $0.address() }
      case "macs":
        device.macs = try reader.list { try $0.macAddress() }
      case "vendor": device.vendor = try reader.optional { try $0.text() }
      case "model": device.model = try reader.optional { try $0.text() }
      case "serial": device.serial = try reader.optional { try $0.text() }
      case "firmware": device.firmware = try reader.optional { try $0.text() }
      case "names": device.names = try reader.list { try $0.deviceName() }
      case "roles": device.roles = try reader.list { try $0.deviceRole() }
      case "first_packet": device.firstPacket = try reader.packet()
      case "contradictions": device.contradictions = try reader.strings()
      default: try reader.skip()
      }
    }
    return device
  }

  private mutating func deviceName() throws -> DeviceName {
    var name = DeviceName(name: "", source: "")
    try object { key, reader in
      switch key {
      case "name": name.name = try reader.text()
      case "source": name.source = try reader.text()
      default: try reader.skip()
      }
    }
    return name
  }

  private mutating func deviceRole() throws -> DeviceRole {
    var role = DeviceRole(role: .unknown, confidence: .weak, marks: [])
    try object { key, reader in
      switch key {
      case "role": role.role = try reader.word()
      case "confidence": role.confidence = try reader.word()
      case "marks": role.marks = try reader.strings()
      default: try reader.skip()
      }
    }
    return role
  }

  mutating func mediaStream() throws -> MediaStream {
    var stream = MediaStream(
      flowID: 0, place: FlowPlace(shard: 0, index: 0), direction: .fromOriginator, transport: .udp,
      kind: .rtp, sourceAddress: .unspecified, sourcePort: 0, destinationAddress: .unspecified,
      destinationPort: 0)
    try object { key, reader in
      switch key {
      case "flow_id": stream.flowID = try reader.number()
      case "transport": stream.transport = try reader.word()
      case "kind": stream.kind = try reader.word()
      case "ssrc": stream.synchronizationSource = try reader.optional { try $0.number() }
      case "payload_type": stream.payloadType = try reader.optional { try $0.number() }
      case "source_ip": stream.sourceAddress = try reader.address()
      case "source_port": stream.sourcePort = try reader.number()
      case "destination_ip": stream.destinationAddress = try reader.address()
      case "destination_port": stream.destinationPort = try reader.number()
      case "media": stream.media = try reader.word()
      case "codec": stream.codec = try reader.optional { try $0.text() }
      case "width": stream.width = try reader.optional { try $0.number() }
      case "height": stream.height = try reader.optional { try $0.number() }
      case "frames_per_second": stream.framesPerSecond = try reader.optional { try $0.decimal() }
      case "key_frame_interval_seconds":
        stream.keyFrameIntervalSeconds = try reader.optional { try $0.decimal() }
      case "clock_rate": stream.clockRate = try reader.optional { try $0.number() }
      case "packets": stream.packets = try reader.number()
      case "lost": stream.lost = try reader.optional { try $0.number() }
      case "jitter_seconds": stream.jitterSeconds = try reader.optional { try $0.decimal() }
      case "bytes": stream.bytes = try reader.number()
      case "first_time": stream.firstTime = try reader.time()
      case "last_time": stream.lastTime = try reader.time()
      case "verdict": stream.verdict = try reader.word()
      case "vendor_protocol": stream.vendorProtocol = try reader.optional { try $0.text() } ?? ""
      case "encrypted": stream.isEncrypted = try reader.flag()
      case "stored_footage": stream.isStoredFootage = try reader.flag()
      case "peer_ip": stream.peerAddress = try reader.optional { try $0.address() }
      case "peer_port": stream.peerPort = try reader.optional { try $0.number() }
      case "reasons": stream.reasons = try reader.list { try $0.evidence() }
      case "counter_reasons": stream.counterReasons = try reader.list { try $0.evidence() }
      case "duplicates": stream.duplicates = try reader.optional { try $0.number() }
      case "reordered": stream.reordered = try reader.optional { try $0.number() }
      case "frames": stream.frames = try reader.optional { try $0.number() }
      case "profile": stream.profile = try reader.optional { try $0.text() }
      case "mean_bits_per_second":
        stream.meanBitsPerSecond = try reader.optional { try $0.decimal() }
      case "peak_bits_per_second":
        stream.peakBitsPerSecond = try reader.optional { try $0.number() }
      case "footage_seconds":
        stream.footageSeconds = try reader.optional { try $0.decimal() }
      case "finished_file": stream.isFinishedFile = try reader.flag()
      case "rtcp": stream.control = try reader.optional { try $0.controlReports() }
      case "key_frame_times": stream.keyFrameTimes = try reader.list { try $0.time() }
      default: try reader.skip()
      }
    }
    return stream
  }

  private mutating func controlReports() throws -> MediaStream.ControlReports {
    var control = MediaStream.ControlReports()
    try object { key, reader in
      switch key {
      case "sender_reports": control.senderReports = try reader.number()
      case "sender_packets": control.senderPackets = try reader.optional { try $0.number() }
      case "sender_bytes": control.senderBytes = try reader.optional { try $0.number() }
      case "sender_time": control.senderTime = try reader.optional { try $0.time() }
      case "sender_rtp_timestamp":
        control.senderTimestamp = try reader.optional { try $0.number() }
      case "sent_between_reports":
        control.sentBetweenReports = try reader.optional { try $0.number() }
      case "captured_between_reports":
        control.capturedBetweenReports = try reader.optional { try $0.number() }
      case "receiver_reports": control.receiverReports = try reader.number()
      case "receiver_highest_sequence":
        control.receiverHighestSequence = try reader.optional { try $0.number() }
      case "receiver_lost": control.receiverLost = try reader.optional { try $0.number() }
      case "picture_requests": control.pictureRequests = try reader.number()
      case "bye_time": control.byeTime = try reader.optional { try $0.time() }
      default: try reader.skip()
      }
    }
    return control
  }

  mutating func evidence() throws -> Evidence {
    var evidence = Evidence(signal: "", text: "")
    try object { key, reader in
      switch key {
      case "signal": evidence.signal = try reader.text()
      case "value": evidence.value = try reader.optional { try $0.decimal() }
      case "threshold": evidence.threshold = try reader.optional { try $0.decimal() }
      case "points": evidence.points = try reader.optional { try $0.decimal() }
      case "text": evidence.text = try reader.text()
      case "packets": evidence.packets = try reader.list { try $0.packet() }
      default: try reader.skip()
      }
    }
    return evidence
  }

  mutating func finding() throws -> Finding {
    var finding = Finding(
      id: "", severity: .info,
      video: Finding.Video(verdict: .noEvidence, reasons: [], counterReasons: []),
      exposure: ExposureAssessment(level: .inside, reasons: []), device: nil,
      sourceAddress: .unspecified,
      destination: Destination(address: .unspecified, port: nil, scope: .unknown), bytes: 0,
      wireBytes: 0, uniqueWireBytes: 0, packets: 0, durationSeconds: 0, firstTime: 0, lastTime: 0,
      flows: [], flowCount: 0, attack: [], text: "")
    var footageSeconds: Double?
    var transferSeconds: Double?
    try object { key, reader in
      switch key {
      case "id": finding.id = try reader.text()
      case "severity": finding.severity = try reader.word()
      case "video":
        try reader.object { key, reader in
          switch key {
          case "verdict": finding.video.verdict = try reader.word()
          case "reasons": finding.video.reasons = try reader.list { try $0.evidence() }
          case "counter_reasons":
            finding.video.counterReasons = try reader.list { try $0.evidence() }
          default: try reader.skip()
          }
        }
      case "exposure":
        try reader.object { key, reader in
          switch key {
          case "level":
            let code = try reader.text()
            guard let level = Exposure.allCases.first(where: { $0.code == code }) else {
              throw reader.failure("an unknown word")
            }
            finding.exposure.level = level
          case "reasons": finding.exposure.reasons = try reader.strings()
          default: try reader.skip()
          }
        }
      case "device": finding.device = try reader.optional { try $0.text() }
      case "source_ip": finding.sourceAddress = try reader.address()
      case "destination": finding.destination = try reader.destination()
      case "bytes": finding.bytes = try reader.number()
      case "wire_bytes": finding.wireBytes = try reader.number()
      case "unique_wire_bytes": finding.uniqueWireBytes = try reader.number()
      case "packets": finding.packets = try reader.number()
      case "duration_seconds": finding.durationSeconds = try reader.decimal()
      case "first_time": finding.firstTime = try reader.time()
      case "last_time": finding.lastTime = try reader.time()
      case "flows": finding.flows = try reader.list { try $0.number() }
      case "attack": finding.attack = try reader.strings()
      case "text": finding.text = try reader.text()
      case "flow_count": finding.flowCount = try reader.number()
      case "pulled": finding.isPulled = try reader.flag()
      case "stored_footage": finding.storedFootage = try reader.optional { try $0.text() }
      case "footage_seconds":
        footageSeconds = try reader.optional { try $0.decimal() }
      case "transfer_seconds":
        transferSeconds = try reader.optional { try $0.decimal() }
      case "relayed_to": finding.relayedPeers = try reader.list { try $0.destination() }
      case "before": finding.before = try reader.list { try $0.priorEvent() }
      case "past": finding.past = try reader.optional { try $0.devicePast() }
      default: try reader.skip()
      }
    }
    if let footageSeconds, let transferSeconds {
      finding.footage = FootagePace(
        footageSeconds: footageSeconds, transferSeconds: transferSeconds)
    }
    return finding
  }

  private mutating func destination() throws -> Destination {
    var destination = Destination(address: .unspecified, port: nil, scope: .unknown)
    try object { key, reader in
      switch key {
      case "ip": destination.address = try reader.address()
      case "port": destination.port = try reader.optional { try $0.number() }
      case "names": destination.names = try reader.strings()
      case "asn": destination.asn = try reader.optional { try $0.number() }
      case "as_name": destination.asName = try reader.optional { try $0.text() }
      case "country": destination.country = try reader.optional { try $0.text() }
      case "basis": destination.basis = try reader.optional { try $0.text() }
      case "scope": destination.scope = try reader.word()
      case "table": destination.table = try reader.optional { try $0.text() }
      case "line": destination.line = try reader.optional { try $0.number() }
      default: try reader.skip()
      }
    }
    return destination
  }

  mutating func cameraVerdict() throws -> CameraVerdict {
    var verdict = CameraVerdict(
      device: "", outcome: .cannotTell, text: "",
      observed: CameraVerdict.Observed(
        firstTime: nil, lastTime: nil, secondsCovered: 0, directionSeen: .none, dropped: nil,
        flowsNotAssessed: 0))
    try object { key, reader in
      switch key {
      case "device": verdict.device = try reader.text()
      case "verdict": verdict.outcome = try reader.word()
      case "text": verdict.text = try reader.text()
      case "observed":
        try reader.object { key, reader in
          switch key {
          case "first_time": verdict.observed.firstTime = try reader.optional { try $0.time() }
          case "last_time": verdict.observed.lastTime = try reader.optional { try $0.time() }
          case "seconds_covered": verdict.observed.secondsCovered = try reader.decimal()
          case "direction_seen": verdict.observed.directionSeen = try reader.word()
          case "dropped": verdict.observed.dropped = try reader.optional { try $0.number() }
          case "flows_not_assessed": verdict.observed.flowsNotAssessed = try reader.number()
          case "truncated_share":
            verdict.observed.truncatedShare = try reader.optional { try $0.decimal() }
          case "missing_share":
            verdict.observed.missingShare = try reader.optional { try $0.decimal() }
          case "ciphered_share":
            verdict.observed.cipheredShare = try reader.optional { try $0.decimal() }
          case "opaque_tunnels": verdict.observed.opaqueTunnels = try reader.number()
          default: try reader.skip()
          }
        }
      default: try reader.skip()
      }
    }
    return verdict
  }

  mutating func destinationSummary() throws -> DestinationSummary {
    var summary = DestinationSummary(
      address: .unspecified, names: [], asn: nil, asName: nil, country: nil, scope: .unknown,
      bytes: 0, devices: [])
    try object { key, reader in
      switch key {
      case "ip": summary.address = try reader.address()
      case "names": summary.names = try reader.strings()
      case "asn": summary.asn = try reader.optional { try $0.number() }
      case "as_name": summary.asName = try reader.optional { try $0.text() }
      case "country": summary.country = try reader.optional { try $0.text() }
      case "scope": summary.scope = try reader.word()
      case "bytes": summary.bytes = try reader.number()
      case "devices": summary.devices = try reader.strings()
      default: try reader.skip()
      }
    }
    return summary
  }
}
