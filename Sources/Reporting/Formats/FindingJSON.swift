// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import Exfiltration
internal import HostInventory
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

extension JSONWriter {
  mutating func value(_ device: Device) {
    object { json in
      json.member("id", device.id)
      json.member("addresses", device.addresses) { $0.value($1) }
      json.member("macs", device.macs) { $0.value($1) }
      json.member("vendor", device.vendor)
      json.member("model", device.model)
      json.member("serial", device.serial)
      json.member("firmware", device.firmware)
      json.member("names", device.names) { json, name in
        json.object { json in
          json.member("name", name.name)
          json.member("source", name.source)
        }
      }
      json.member("roles", device.roles) { json, role in
        json.object { json in
          json.member("role", role.role.rawValue)
          json.member("confidence", role.confidence.rawValue)
          json.member("marks", role.marks)
        }
      }
      json.key("first_packet")
      json.value(device.firstPacket)
      json.member("contradictions", device.contradictions)
    }
  }

  mutating func value(_ stream: MediaStream) {
    object { json in
      json.member("flow_id", stream.flowID)
      json.member("transport", stream.transport.rawValue)
      json.member("kind", stream.kind.rawValue)
      json.member("ssrc", stream.synchronizationSource)
      json.member("payload_type", stream.payloadType.map(UInt64.init))
      json.member("source_ip", stream.sourceAddress)
      json.member("source_port", stream.sourcePort)
      json.member("destination_ip", stream.destinationAddress)
      json.member("destination_port", stream.destinationPort)
      json.member("media", stream.media.rawValue)
      json.member("codec", stream.codec)
      json.member("width", stream.width)
      json.member("height", stream.height)
      json.member("frames_per_second", stream.framesPerSecond)
      json.member("key_frame_interval_seconds", stream.keyFrameIntervalSeconds)
      json.member("clock_rate", stream.clockRate)
      json.member("packets", stream.packets)
      json.member("lost", stream.lost)
      json.member("jitter_seconds", stream.jitterSeconds)
      json.member("bytes", stream.bytes)
      json.member("first_time", time: stream.firstTime)
      json.member("last_time", time: stream.lastTime)
      json.member("verdict", stream.verdict.rawValue)
      json.member("vendor_protocol", stream.vendorProtocol.isEmpty ? nil : stream.vendorProtocol)
      json.member("encrypted", stream.isEncrypted)
      json.member("stored_footage", stream.isStoredFootage)
      json.member("peer_ip", stream.peerAddress)
      json.member("peer_port", stream.peerPort)
      json.member("duplicates", stream.duplicates)
      json.member("reordered", stream.reordered)
      json.member("frames", stream.frames)
      json.member("profile", stream.profile)
      json.member("mean_bits_per_second", stream.meanBitsPerSecond)
      json.member("peak_bits_per_second", stream.peakBitsPerSecond)
      json.member("footage_seconds", stream.footageSeconds)
      json.member("finished_file", stream.isFinishedFile)
      json.key("rtcp")
      if let control = stream.control { json.value(control) } else { json.null() }
      json.member("reasons", stream.reasons) { $0.value($1) }
      json.member("counter_reasons", stream.counterReasons) { $0.value($1) }
      json.member("key_frame_times", stream.keyFrameTimes) { $0.time($1) }
    }
  }

  /// What sender and receiver of a stream say themselves.
  private mutating func value(_ control: MediaStream.ControlReports) {
    object { json in
      json.member("sender_reports", control.senderReports)
      json.member("sender_packets", control.senderPackets)
      json.member("sender_bytes", control.senderBytes)
      json.member("sender_time", time: control.senderTime)
      json.member("sender_rtp_timestamp", control.senderTimestamp)
      json.member("sent_between_reports", control.sentBetweenReports)
      json.member("captured_between_reports", control.capturedBetweenReports)
      json.member("receiver_reports", control.receiverReports)
      json.member("receiver_highest_sequence", control.receiverHighestSequence)
      json.member("receiver_lost", control.receiverLost.map(Int64.init))
      json.member("picture_requests", control.pictureRequests)
      json.member("bye_time", time: control.byeTime)
    }
  }

  mutating func value(_ evidence: Evidence) {
    object { json in
      json.member("signal", evidence.signal)
      json.member("value", evidence.value)
      json.member("threshold", evidence.threshold)
      json.member("points", evidence.points)
      json.member("text", evidence.text)
      json.member("packets", evidence.packets) { $0.value($1) }
    }
  }

  mutating func value(_ finding: Finding) {
    object { json in
      json.member("id", finding.id)
      json.member("severity", finding.severity.rawValue)
      json.key("video")
      json.object { json in
        json.member("verdict", finding.video.verdict.rawValue)
        json.member("reasons", finding.video.reasons) { $0.value($1) }
        json.member("counter_reasons", finding.video.counterReasons) { $0.value($1) }
      }
      json.key("exposure")
      json.object { json in
        json.member("level", finding.exposure.level.code)
        json.member("reasons", finding.exposure.reasons)
      }
      json.member("device", finding.device)
      json.member("source_ip", finding.sourceAddress)
      json.member(finding.destination)
      json.member("bytes", finding.bytes)
      json.member("wire_bytes", finding.wireBytes)
      json.member("unique_wire_bytes", finding.uniqueWireBytes)
      json.member("packets", finding.packets)
      json.member("duration_seconds", finding.durationSeconds)
      json.member("first_time", time: finding.firstTime)
      json.member("last_time", time: finding.lastTime)
      json.member("flows", finding.flows) { $0.value($1) }
      json.member("attack", finding.attack)
      json.member("text", finding.text)
      json.member("flow_count", finding.flowCount)
      json.member("pulled", finding.isPulled)
      json.member("stored_footage", finding.storedFootage)
      json.member("footage_seconds", finding.footage?.footageSeconds)
      json.member("transfer_seconds", finding.footage?.transferSeconds)
      json.member("relayed_to", finding.relayedPeers) { $0.value($1) }
      json.member("before", finding.before) { $0.value($1) }
      json.key("past")
      if let past = finding.past { json.value(past) } else { json.null() }
    }
  }

  private mutating func member(_ destination: Destination) {
    key("destination")
    value(destination)
  }

  private mutating func value(_ destination: Destination) {
    object { json in
      json.member("ip", destination.address)
      json.member("port", destination.port)
      json.member("names", destination.names)
      json.member("asn", destination.asn)
      json.member("as_name", destination.asName)
      json.member("country", destination.country)
      json.member("basis", destination.basis)
      json.member("scope", destination.scope.rawValue)
      json.member("table", destination.table)
      json.member("line", destination.line)
    }
  }

  mutating func value(_ verdict: CameraVerdict) {
    object { json in
      json.member("device", verdict.device)
      json.member("verdict", verdict.outcome.rawValue)
      json.member("text", verdict.text)
      json.key("observed")
      json.object { json in
        let observed = verdict.observed
        json.member("first_time", time: observed.firstTime)
        json.member("last_time", time: observed.lastTime)
        json.member("seconds_covered", observed.secondsCovered)
        json.member("direction_seen", observed.directionSeen.rawValue)
        json.member("dropped", observed.dropped)
        json.member("flows_not_assessed", observed.flowsNotAssessed)
        json.member("truncated_share", observed.truncatedShare)
        json.member("missing_share", observed.missingShare)
        json.member("ciphered_share", observed.cipheredShare)
        json.member("opaque_tunnels", observed.opaqueTunnels)
      }
    }
  }

  mutating func value(_ destination: DestinationSummary) {
    object { json in
      json.member("ip", destination.address)
      json.member("names", destination.names)
      json.member("asn", destination.asn)
      json.member("as_name", destination.asName)
      json.member("country", destination.country)
      json.member("scope", destination.scope.rawValue)
      json.member("bytes", destination.bytes)
      json.member("devices", destination.devices)
    }
  }
}
