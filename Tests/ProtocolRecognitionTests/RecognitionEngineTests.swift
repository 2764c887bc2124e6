// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import ProtocolRecognition

struct RecognitionEngineTests {
  /// Flows that never end do not fill the memory; the ones silent longest go first.
  @Test func followedFlowsAreBounded() {
    var traffic = Traffic()
    for flow in 0..<6_000 as Range<UInt32> {
      traffic.send([0x7F, 1, 2, 3, 4, 5, 6, 7], flow: flow)
    }
    RTPRecognitionTests.video(&traffic, packets: 40, flow: 5_999)
    let result = traffic.finish()
    #expect(result.overflow.map(\.name) == ["recognition_slots"])
    #expect(result.streams.first?.rtp?.stream.uniquePackets == 40)
  }

  /// Flows that are over give their slots to new ones, and keep what they told.
  @Test func slotsOfFlowsThatAreOverAreTakenBack() {
    var traffic = Traffic()
    for flow in 0..<6_000 as Range<UInt32> {
      traffic.send(
        ascii("GET /\(flow) HTTP/1.1\r\nHost: h\(flow)\r\n\r\n"), flow: flow, isDatagram: false)
      traffic.table.over.insert(flow)
    }
    let result = traffic.finish()
    #expect(result.overflow.isEmpty)
    #expect(result.flows.count == 6_000)
    #expect(result.flows.last?.serverName == "h5999")
    #expect(result.flows.last?.details.map(\.text) == ["/5999"])
  }

  /// What comes of a flow whose slot was taken back is read too, and told of the same flow.
  @Test func flowsGoOnWhoseSlotsWereTakenBack() {
    var traffic = Traffic()
    traffic.send(
      ascii("GET /first HTTP/1.1\r\nHost: camera\r\n\r\n"), flow: 0, isDatagram: false)
    traffic.table.over.insert(0)
    for flow in 1..<64 as Range<UInt32> {
      traffic.send(
        ascii("GET /\(flow) HTTP/1.1\r\nHost: h\(flow)\r\n\r\n"), flow: flow, isDatagram: false)
    }
    traffic.send(
      ascii("GET /second HTTP/1.1\r\nHost: other\r\n\r\n"), flow: 0, isDatagram: false)
    let result = traffic.finish()
    #expect(result.flows.count == 64)
    #expect(result.flows.first?.service == .http)
    #expect(result.flows.first?.serverName == "camera")
    #expect(result.flows.first?.details.map(\.text) == ["/first", "/second"])
  }

  /// So do flows of RTP, of which it is still asked whether they were.
  @Test func slotsOfStreamsThatAreOverAreTakenBack() {
    var traffic = Traffic()
    for flow in 0..<1_000 as Range<UInt32> {
      RTPRecognitionTests.video(&traffic, packets: 12, flow: flow)
      traffic.table.over.insert(flow)
    }
    let slots = traffic.engine.slotCount
    #expect(slots < 32)
    for flow in [0, 7, 999] as [UInt32] {
      let forth = traffic.engine.followsMedia(ofFlow: flow, .fromOriginator)
      let back = traffic.engine.followsMedia(ofFlow: flow, .fromResponder)
      #expect(forth && !back)
    }
    let result = traffic.finish()
    #expect(result.streams.count == 1_000)
    #expect(result.streams.allSatisfy { $0.rtp?.stream.uniquePackets == 12 })
    #expect(result.overflow.isEmpty)
  }

  /// An unknown connection whose beginning was captured is given up with its first segment.
  @Test func unknownConnectionsAreGivenUp() {
    var traffic = Traffic()
    for number in 0..<64 as Range<UInt8> {
      traffic.send([UInt8](repeating: number | 0xC0, count: 1_448), isDatagram: false)
    }
    #expect(traffic.table.interests[0]?[.fromOriginator] == FlowInterest.none)
    #expect(traffic.finish().flows.isEmpty)
  }

  @Test func unknownDatagramsAreGivenUpButLookedAtLong() {
    var traffic = Traffic()
    for number in 0..<255 as Range<UInt8> { traffic.send([0x7F, number, 3, 4]) }
    #expect(traffic.table.interests.isEmpty)
    traffic.send([0x7F, 1, 3, 4])
    #expect(traffic.table.interests[0]?[.fromOriginator] == FlowInterest.none)
    #expect(traffic.table.interests[0]?[.fromResponder] == nil)
  }

  /// Payload inside payload ends at a fixed depth.
  @Test func nestingIsBounded() {
    var inner = stunMessage(0x0016, peerAttribute)
    for _ in 0..<20 {
      let data = [0, 0x13] + bigEndian(UInt16(inner.count)) + inner
      let padding = [UInt8](repeating: 0, count: (4 - inner.count % 4) % 4)
      inner = stunMessage(0x0016, peerAttribute + data + padding)
    }
    var traffic = Traffic()
    traffic.send(inner)
    #expect(traffic.finish().flows.first?.service == .stun)
  }

  @Test func multicastNamesMarkCameras() {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 5_353, Traffic.viewer, 5_353)
    traffic.send(
      [0, 0, 0x84, 0, 0, 0, 0, 1, 0, 0, 0, 0, 11] + ascii("_axis-video") + [4] + ascii("_tcp") + [5]
        + ascii("local") + [0, 0, 12, 0, 1, 0, 0, 0, 120, 0, 2, 0xC0, 12])
    let marks = traffic.finish().marks
    #expect(marks.map(\.vendor) == ["axis"])
    #expect(marks.first?.role == "camera")
  }

  /// Packets held back until their stream was believed come before later ones.
  @Test func unitsKeepCaptureOrder() {
    var traffic = Traffic()
    RTPRecognitionTests.video(&traffic, packets: 30)
    let frames = traffic.log.units.map(\.unit.packet.frame)
    #expect(frames == frames.sorted())
  }
}
