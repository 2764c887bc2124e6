// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
package import ProtocolRecognition

/// Recognition of one shard, filled by hand.
package struct SampleRecognition {
  package var flows: [FlowRecognition]
  package var streams: [MediaStreamRecord]
  package var names: [(name: String, address: String, asker: String)] = []
  package var marks: [DeviceMark] = []
  package var leases: [LeaseAnnouncement] = []

  package init(flows: [FlowRecognition] = [], streams: [MediaStreamRecord] = []) {
    self.flows = flows
    self.streams = streams
  }

  package var result: RecognitionResult {
    get throws {
      var result = RecognitionResult()
      result.flows = FlowRecognitions(flows)
      result.streams = streams
      result.marks = marks
      result.leases = leases
      for (number, entry) in names.enumerated() {
        let bytes = Array(entry.name.utf8)
        guard let text = result.texts.intern(bytes.span) else {
          throw SampleError.noText(entry.name)
        }
        result.names.append(
          NameAnnouncement(
            place: AnnouncementPlace(
              number: UInt64(number), packet: PacketReference(file: 0, frame: 1, time: time(0)),
              speaker: try ip("192.168.1.1"), listener: try ip(entry.asker)),
            source: .dns, timeToLive: 60, address: try ip(entry.address), name: text,
            canonicalName: text))
      }
      return result
    }
  }
}

/// What recognition would say of a flow.
package func recognized(
  _ service: Service?, flow: UInt32 = 0, serverName: String? = nil
) -> FlowRecognition {
  var recognition = FlowRecognition(flow: flow)
  recognition.service = service
  recognition.serverName = serverName
  return recognition
}
