// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
internal import PacketDecoding

/// Joins what signalling announced to the streams of all shards, after the last packet.
///
/// RTP is validated without signalling; this only names what was found: codec and clock of SDP,
/// parameter sets, the far end's receiver reports, WebRTC, stored footage.
package enum SignallingJoin {
  /// How much later than its media an announcement may be captured, in nanoseconds.
  ///
  /// Two capture points and early media make it late. Derived here: longer than any SIP or RTSP transaction timer (32 s).
  static let lateAnnouncement: Int64 = 64_000_000_000

  /// Furthest timestamp of the last sender report from the stream's last packet: one minute of the
  /// fastest clock, ten times the usual report interval; a ciphered one fits with 1 in 400.
  static let reportTimestampRange = 60 * 90_000

  private struct Endpoint: Hashable {
    var address: IPAddress
    var port: UInt16
  }

  /// Names the streams and flows of `results`, one result a shard in order of shards.
  ///
  /// - Parameters:
  ///   - results: The results of all shards, changed in place.
  ///   - endpoints: The endpoints of a flow, by its place.
  /// - Complexity: O(streams + announcements) on average.
  package static func join(
    _ results: inout [RecognitionResult], endpoints: (FlowPlace) -> FlowEndpoints
  ) {
    var announcements: [MediaEndpointAnnouncement] = []
    var reports: [RTCPObservation] = []
    for result in results {
      announcements += result.mediaEndpoints
      reports += result.reports
    }
    // Stable: numbers are unique a packet, and a packet's announcements stand in one log.
    let order = announcements.indices.sorted {
      (announcements[$0].place.number, $0) < (announcements[$1].place.number, $1)
    }
    var byEndpoint: [Endpoint: [Int]] = [:]
    var bySource: [UInt32: [Int]] = [:]
    for index in order {
      let announcement = announcements[index]
      byEndpoint[
        Endpoint(address: announcement.address, port: announcement.port), default: []
      ].append(index)
      if let source = announcement.synchronizationSource {
        bySource[source, default: []].append(index)
      }
    }
    var reportsBySubject: [UInt32: [Int]] = [:]
    for (index, report) in reports.enumerated() {
      reportsBySubject[report.subject, default: []].append(index)
    }

    for shard in results.indices {
      var flows = joined(results[shard])
      TunnelJoin.join(&results[shard], flows) {
        endpoints(FlowPlace(shard: UInt32(shard), index: $0))
      }
      FileTransferJoin.join(&results[shard], &flows) {
        endpoints(FlowPlace(shard: UInt32(shard), index: $0))
      }
      for index in results[shard].streams.indices {
        var stream = results[shard].streams[index]
        guard var rtp = stream.rtp else {
          name(stream, shard, &results, &flows)
          continue
        }
        let ends = endpoints(FlowPlace(shard: UInt32(shard), index: stream.flow))
        let isForward = stream.direction == .fromOriginator
        let source = Endpoint(
          address: isForward ? ends.originatorAddress : ends.responderAddress,
          port: isForward ? ends.originatorPort : ends.responderPort)
        let destination = Endpoint(
          address: isForward ? ends.responderAddress : ends.originatorAddress,
          port: isForward ? ends.responderPort : ends.originatorPort)
        if stream.codecHint == nil {
          var candidates = byEndpoint[destination] ?? []
          candidates += byEndpoint[source] ?? []
          candidates += byEndpoint[Endpoint(address: .unspecified, port: destination.port)] ?? []
          candidates += bySource[rtp.stream.synchronizationSource] ?? []
          announce(&stream, rtp, candidates, announcements)
        }
        for index in reportsBySubject[rtp.stream.synchronizationSource] ?? [] {
          apply(reports[index], &rtp, source.address, destination.address)
        }
        stream.rtp = rtp
        if let flow = flows[stream.flow] {
          let recognition = results[shard].flows[flow]
          if recognition.isWebRTC {
            stream.isWebRTC = true
            stream.isEncrypted = true
          }
          if recognition.storedFootage != nil { stream.isStoredFootage = true }
        }
        if stream.codecHint == nil,
          let name = RTPStaticPayloadTypes.name(rtp.stream.payloadType)
        {
          stream.codecHint = CodecHint(
            name: name, clockRate: RTPStaticPayloadTypes.clockRate(rtp.stream.payloadType),
            media: RTPStaticPayloadTypes.isAudio(rtp.stream.payloadType) ? "audio" : "video",
            source: "static_payload_type")
        }
        results[shard].streams[index] = stream
        name(stream, shard, &results, &flows)
      }
    }
  }

  /// Index of the result of each flow that has streams or is half of a tunnel; of all the others
  /// nothing is joined.
  private static func joined(_ result: RecognitionResult) -> [UInt32: Int] {
    let flows = result.streams.map(\.flow) + result.tunnels.map(\.flow)
    guard let last = flows.max() else { return [:] }
    var isJoined = [Bool](repeating: false, count: Int(last) + 1)
    for flow in flows { isJoined[Int(flow)] = true }
    var indices: [UInt32: Int] = [:]
    for index in result.flows.indices {
      let flow = result.flows.flow(at: index)
      if flow <= last, isJoined[Int(flow)] { indices[flow] = index }
    }
    return indices
  }

  /// Takes codec and clock of the best announcement: the last one before the stream began, else
  /// the first one after, that names the stream's payload type, else any.
  private static func announce(
    _ stream: inout MediaStreamRecord, _ rtp: RTPRecord, _ candidates: [Int],
    _ announcements: [MediaEndpointAnnouncement]
  ) {
    let types = rtp.stream.payloadTypes
    var best: (index: Int, score: Int)?
    for index in candidates {
      let announcement = announcements[index]
      let time = announcement.place.packet.time
      guard time <= stream.lastTime &+ lateAnnouncement else { continue }
      if let source = announcement.synchronizationSource, announcement.port == 0,
        source != rtp.stream.synchronizationSource
      {
        continue
      }
      var score = 0
      if announcement.formats.contains(where: { types.contains($0.payloadType) }) { score += 8 }
      if announcement.synchronizationSource == rtp.stream.synchronizationSource { score += 4 }
      if announcement.isSource || time <= stream.firstTime { score += 2 }
      if announcement.formats.contains(where: { !$0.name.isEmpty }) { score += 1 }
      if best == nil || score >= (best?.score ?? 0) { best = (index, score) }
    }
    guard let best else { return }
    let announcement = announcements[best.index]
    stream.announcedBy = announcement.place.packet
    if announcement.isStoredFootage { stream.isStoredFootage = true }
    let type = rtp.stream.payloadType
    guard
      let format = announcement.formats.first(where: { $0.payloadType == type }),
      !format.name.isEmpty
    else { return }
    stream.codecHint = CodecHint(
      name: format.name, clockRate: format.clockRate, media: announcement.media, source: "sdp")
    stream.parameterSets = format.parameterSets
  }

  private static func apply(
    _ report: RTCPObservation, _ rtp: inout RTPRecord, _ source: IPAddress,
    _ destination: IPAddress
  ) {
    // Reports of a session whose media was relayed elsewhere do not count: one end must agree.
    switch report.content {
    case .sender(let history):
      let sender = history.last
      // Behind SRTP the totals are ciphered (RFC 3711 §3.4): their timestamp is then far off.
      guard report.speaker == source,
        (Int64(Int32(bitPattern: sender.timestamp &- rtp.stream.lastTimestamp))).magnitude
          < UInt64(reportTimestampRange)
      else { return }
      rtp.senderReports = history
    case .bye(_, let time):
      guard report.speaker == source else { return }
      rtp.byeTime = time
    case .receiver(let block, let count):
      guard report.listener == source || report.speaker == destination else { return }
      rtp.receiverReports &+= count
      rtp.receiverHighestSequence = block.extendedHighestSequence
      rtp.receiverLost = block.cumulativeLost
    case .pictureRequest(_, let count):
      guard report.listener == source || report.speaker == destination else { return }
      rtp.pictureRequests &+= count
    }
  }

  /// Names the flow of a stream that stands on its own.
  private static func name(
    _ stream: MediaStreamRecord, _ shard: Int, _ results: inout [RecognitionResult],
    _ flows: inout [UInt32: Int]
  ) {
    guard stream.isReportable, stream.kind == .rtp else { return }
    let index: Int
    if let known = flows[stream.flow] {
      index = known
    } else {
      index = results[shard].flows.count
      flows[stream.flow] = index
      results[shard].flows.append(FlowRecognition(flow: stream.flow))
    }
    let service = results[shard].flows[index].service
    if service == nil || service == .rtcp {
      results[shard].flows[index].service = .rtp
      results[shard].flows[index].evidence = stream.evidence.first
    } else if service == .stun || service == .dtls {
      results[shard].flows[index].service = .webrtc
    }
  }
}
