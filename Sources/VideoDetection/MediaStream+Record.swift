// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import MediaInspection
internal import PacketDecoding
internal import ProtocolRecognition

extension MediaStream {
  /// Describes a stream by its transport record, its bitstream and the verdict on both.
  init(
    _ flow: Flow, _ record: MediaStreamRecord, _ proof: MediaProof?, _ judged: ProtocolProof,
    _ recognition: FlowRecognition?
  ) {
    let isForward = record.direction == .fromOriginator
    self.init(
      flowID: flow.id, place: flow.place, direction: record.direction,
      transport: record.isOverTCP ? .tcp : .udp, kind: record.kind,
      sourceAddress: isForward ? flow.originatorAddress : flow.responderAddress,
      sourcePort: isForward ? flow.originatorPort : flow.responderPort,
      destinationAddress: isForward ? flow.responderAddress : flow.originatorAddress,
      destinationPort: isForward ? flow.responderPort : flow.originatorPort)
    vendorProtocol = record.vendorProtocol
    media = judged.media
    codec =
      proof?.codec?.rawValue
      ?? record.codecHint.map {
        Codec(rtpEncodingName: $0.name)?.rawValue ?? $0.name.lowercased()
      }
    width = proof?.width
    height = proof?.height
    framesPerSecond = proof?.measuredFramesPerSecond ?? proof?.statedFramesPerSecond
    footageSeconds = proof?.footageSeconds
    isFinishedFile = proof?.isFinishedFile ?? false
    keyFrameIntervalSeconds = proof?.keyFrameIntervalSeconds
    keyFrameTimes = proof?.keyFrameTimes ?? []
    packets = record.units
    bytes = record.bytes
    firstTime = record.firstTime
    lastTime = record.lastTime
    profile = proof.flatMap { $0.profile.isEmpty ? nil : $0.profile }
    frames = proof.flatMap { $0.accessUnits > 0 ? $0.accessUnits : nil }
    if let rtp = record.rtp {
      let stream = rtp.stream
      control = ControlReports(rtp)
      duplicates = stream.duplicates
      reordered = stream.reordered
      // Packets of a container have timestamps of their own, not of pictures.
      if stream.distinctTimestamps > 0, proof?.container == nil {
        frames = stream.distinctTimestamps
      }
      synchronizationSource = stream.synchronizationSource
      payloadType = stream.payloadType
      clockRate =
        stream.clockRate ?? record.codecHint.flatMap { $0.clockRate > 0 ? $0.clockRate : nil }
      packets = stream.uniquePackets
      lost = stream.lost
      jitterSeconds = stream.jitterSeconds
      bytes = stream.payloadBytes
      firstTime = stream.firstTime
      lastTime = stream.lastTime
      if framesPerSecond == nil, stream.isVideoPaced {
        framesPerSecond = stream.timestampsPerSecond
      }
    }
    let (span, overflow) = lastTime.subtractingReportingOverflow(firstTime)
    if !overflow, span >= 1_000_000_000 {
      meanBitsPerSecond = (Double(bytes) * 8e12 / Double(span)).rounded() / 1_000
      peakBitsPerSecond = record.rate.bytes &* 8
    }
    verdict = judged.verdict
    reasons = judged.reasons
    counterReasons = judged.counterReasons
    isStoredFootage = record.isStoredFootage || recognition?.storedFootage != nil
    isEncrypted = record.isEncrypted || (proof?.isEncryptionSuspected ?? false)
    peerAddress = record.peerAddress
    peerPort = record.peerAddress == nil ? nil : record.peerPort
  }
}
