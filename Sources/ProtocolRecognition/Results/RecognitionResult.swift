// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// What the recognition of one shard gave.
package struct RecognitionResult: Sendable {
  /// What is known of flows, in order of their first recognised packets; flows of which nothing
  /// was learnt have no entry.
  package var flows = FlowRecognitions()
  /// Media streams; index = `MediaUnit.stream`.
  package var streams: [MediaStreamRecord] = []
  /// Texts that announcements name by number.
  package var texts = TextStore()
  package var names: [NameAnnouncement] = []
  package var leases: [LeaseAnnouncement] = []
  package var mediaEndpoints: [MediaEndpointAnnouncement] = []
  package var relays: [RelayAnnouncement] = []
  package var marks: [DeviceMark] = []
  /// RTCP reports, joined to streams by `SignallingJoin`.
  var reports: [RTCPObservation] = []
  /// Halves of RTSP tunnels, joined by `SignallingJoin`.
  var tunnels: [TunnelHalf] = []
  /// Files named by control connections, joined by `SignallingJoin`.
  var fileTransfers: [FileTransfer] = []
  /// What met its bound, with how often, in order of names.
  package var overflow: [(name: String, count: BoundCount)] = []

  /// Nothing was recognised.
  package init() {}

  init(context: inout RecognitionContext) {
    context.log.finish()
    flows = FlowRecognitions(context.results, FlowLog.Archive(context.log))
    streams = context.streams
    for state in context.rtp where state.stream != RecognitionContext.none {
      let index = Int(state.stream)
      streams[index].rtp = RTPRecord(stream: state.validator)
      streams[index].units = state.validator.uniquePackets
      streams[index].bytes = state.bytes
      streams[index].rate = state.rate
      streams[index].firstTime = state.validator.firstTime
      streams[index].lastTime = state.validator.lastTime
      streams[index].evidence = state.evidence
    }
    texts = context.texts
    names = context.names
    leases = context.leases
    mediaEndpoints = context.mediaEndpoints
    relays = context.relays
    marks = context.marks
    reports = context.reports
    tunnels = context.tunnels
    fileTransfers = context.fileTransfers
    for bound in RecognitionBound.allCases where context.overflow[bound.rawValue].count > 0 {
      overflow.append((name: bound.name, count: context.overflow[bound.rawValue]))
    }
  }
}
