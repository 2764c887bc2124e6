// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
package import PacketDecoding

/// A sample that cannot be made as written.
package enum SampleError: Error {
  case notAnAddress(String)
  case noText(String)
  case noRTPHeader(Int)
}

/// An address of a sample.
package func ip(_ text: String) throws -> IPAddress {
  guard let address = IPAddress(text) else { throw SampleError.notAnAddress(text) }
  return address
}

/// A point of time in the samples: 2026-01-01T00:00:00Z and so many seconds.
package func time(_ seconds: Double) -> Int64 { 1_767_225_600_000_000_000 + Int64(seconds * 1e9) }

/// A flow as the flow table would report it.
package struct SampleFlow {
  package var id: Int
  package var from: String
  package var to: String
  package var fromPort: UInt16
  package var toPort: UInt16
  package var protocolNumber: UInt8
  package var sentBytes: UInt64
  package var receivedBytes: UInt64
  package var start: Double
  package var seconds: Double
  package var truncatedPackets: UInt64
  package var missingBytes: UInt64
  package var fromMAC: UInt64?
  package var toMAC: UInt64?
  package var burstSizes: [UInt64]
  package var isAnswered: Bool

  package init(
    id: Int = 1, from: String = "192.168.1.10", to: String = "198.51.100.7",
    fromPort: UInt16 = 40_000, toPort: UInt16 = 443, protocolNumber: UInt8 = 6,
    sentBytes: UInt64 = 0, receivedBytes: UInt64 = 0, start: Double = 0, seconds: Double = 60,
    truncatedPackets: UInt64 = 0, missingBytes: UInt64 = 0, fromMAC: UInt64? = nil,
    toMAC: UInt64? = nil, burstSizes: [UInt64] = [], isAnswered: Bool = true
  ) {
    self.id = id
    self.from = from
    self.to = to
    self.fromPort = fromPort
    self.toPort = toPort
    self.protocolNumber = protocolNumber
    self.sentBytes = sentBytes
    self.receivedBytes = receivedBytes
    self.start = start
    self.seconds = seconds
    self.truncatedPackets = truncatedPackets
    self.missingBytes = missingBytes
    self.fromMAC = fromMAC
    self.toMAC = toMAC
    self.burstSizes = burstSizes
    self.isAnswered = isAnswered
  }

  package var flow: Flow {
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
      var flow = Flow(
        id: id, place: FlowPlace(shard: 0, index: UInt32(id - 1)),
        endpoints: FlowEndpoints(
          originatorAddress: try ip(from), responderAddress: try ip(to),
          originatorPort: fromPort, responderPort: toPort, protocolNumber: protocolNumber),
        firstPacket: packet, lastTime: last)
      flow.originator = originator
      flow.responder = responder
      flow.truncatedPackets = truncatedPackets
      flow.bursts = burstSizes.enumerated().map { index, bytes in
        Burst(
          direction: .fromOriginator, firstTime: time(start + Double(index) * 60),
          lastTime: time(start + Double(index) * 60 + 3), bytes: bytes, reverseBytes: 1_000,
          firstPacket: packet)
      }
      return flow
    }
  }
}
