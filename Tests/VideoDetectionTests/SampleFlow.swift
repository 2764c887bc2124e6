// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import FlowTracking
@testable import ProtocolRecognition

func ip(_ text: String) throws -> IPAddress { try #require(IPAddress(text)) }

/// A point of time in the samples: 2026-01-01T00:00:00Z and so many seconds.
func time(_ seconds: Double) -> Int64 { 1_767_225_600_000_000_000 + Int64(seconds * 1e9) }

/// A flow as the flow table would report it.
struct SampleFlow {
  var id = 1
  var from = "192.168.1.10"
  var to = "198.51.100.7"
  var fromPort: UInt16 = 40_000
  var toPort: UInt16 = 443
  var protocolNumber: UInt8 = 6
  var sentBytes: UInt64 = 0
  var receivedBytes: UInt64 = 0
  var start = 0.0
  var seconds = 60.0
  var truncatedPackets: UInt64 = 0
  var missingBytes: UInt64 = 0
  var fromMAC: UInt64?
  var toMAC: UInt64?
  var burstSizes: [UInt64] = []
  var isAnswered = true

  var flow: Flow {
    get throws {
      let first = time(start)
      let last = time(start + seconds)
      var originator = FlowCounters()
      originator.packets = max(1, sentBytes / 1_000)
      originator.payloadBytes = sentBytes
      originator.wireBytes = sentBytes + originator.packets * 54
      originator.firstTime = first
      originator.lastTime = last
      originator.missingBytes = missingBytes
      originator.macAddress = fromMAC.map { MACAddress(bits: $0) }
      var responder = FlowCounters()
      if isAnswered {
        responder.packets = max(1, receivedBytes / 1_000)
        responder.payloadBytes = receivedBytes
        responder.wireBytes = receivedBytes + responder.packets * 54
        responder.firstTime = first + 1_000_000
        responder.lastTime = last
        responder.macAddress = toMAC.map { MACAddress(bits: $0) }
      }
      let packet = PacketReference(file: 0, frame: UInt64(id), time: first)
      return Flow(
        id: id, place: FlowPlace(shard: 0, index: UInt32(id - 1)), protocolNumber: protocolNumber,
        originatorAddress: try ip(from), responderAddress: try ip(to), originatorPort: fromPort,
        responderPort: toPort, originatorBasis: .firstPacket, endReason: .endOfCapture,
        firstPacket: packet, lastTime: last, originator: originator, responder: responder,
        vlan: nil, tunnelCode: 0, connectionHistory: ConnectionHistory(),
        truncatedPackets: truncatedPackets, timeBins: nil,
        bursts: burstSizes.enumerated().map { index, bytes in
          Burst(
            direction: .fromOriginator, firstTime: time(start + Double(index) * 60),
            lastTime: time(start + Double(index) * 60 + 3), bytes: bytes, reverseBytes: 1_000,
            firstPacket: packet)
        })
    }
  }
}

/// Recognition of one shard, filled by hand.
struct SampleRecognition {
  var flows: [FlowRecognition] = []
  var streams: [MediaStreamRecord] = []
  var names: [(name: String, address: String, asker: String)] = []
  var marks: [DeviceMark] = []
  var leases: [LeaseAnnouncement] = []

  var result: RecognitionResult {
    get throws {
      var context = RecognitionContext()
      context.results = flows
      context.marks = marks
      context.leases = leases
      for (number, entry) in names.enumerated() {
        let bytes = Array(entry.name.utf8)
        let number32 = context.texts.intern(bytes.span)
        let text = try #require(number32)
        context.names.append(
          NameAnnouncement(
            place: AnnouncementPlace(
              number: UInt64(number), packet: PacketReference(file: 0, frame: 1, time: time(0)),
              speaker: try ip("192.168.1.1"), listener: try ip(entry.asker)),
            source: .dns, timeToLive: 60, address: try ip(entry.address), name: text,
            canonicalName: text))
      }
      var result = RecognitionResult(context: &context)
      result.streams = streams
      return result
    }
  }
}

/// A stream of RTP packets with a clock, one timestamp a frame and a marker at its end.
func rtpStream(
  flow: UInt32 = 0, packets: Int = 500, clock: Double = 90_000, framesPerSecond: Double = 25,
  packetsPerFrame: Int = 4, payloadType: UInt8 = 96, payloadBytes: Int = 1_000,
  direction: FlowDirection = .fromOriginator
) throws -> MediaStreamRecord {
  var stream = RTPStreamValidator(synchronizationSource: 0x693D_C6CC)
  for number in 0..<packets {
    let frame = number / packetsPerFrame
    let timestamp = UInt32(Double(frame) * clock / framesPerSecond)
    let isLast = number % packetsPerFrame == packetsPerFrame - 1
    let sequence = UInt16(truncatingIfNeeded: number + 65_000)
    var bytes: [UInt8] = [0x80, (isLast ? 0x80 : 0) | payloadType]
    bytes += [UInt8(sequence >> 8), UInt8(sequence & 0xFF)]
    bytes += (0..<4).map { UInt8(truncatingIfNeeded: timestamp >> UInt32(24 - 8 * $0)) }
    bytes += [0x69, 0x3D, 0xC6, 0xCC] + [UInt8](repeating: 0, count: payloadBytes)
    let parsed = RTPHeader(parsing: bytes.span, originalLength: bytes.count)
    let header = try #require(parsed)
    stream.add(
      header, time: time(Double(frame) / framesPerSecond) + Int64(number % packetsPerFrame))
  }
  var record = MediaStreamRecord(
    stream: 0, flow: flow, direction: direction, isOverTCP: false, kind: .rtp)
  record.rtp = RTPRecord(stream: stream)
  record.units = UInt64(packets)
  record.evidence = [PacketReference(file: 0, frame: 3, time: time(0))]
  return record
}

/// What recognition would say of a flow.
func recognized(
  _ service: Service?, flow: UInt32 = 0, serverName: String? = nil
) -> FlowRecognition {
  var recognition = FlowRecognition(flow: flow)
  recognition.service = service
  recognition.serverName = serverName
  return recognition
}
