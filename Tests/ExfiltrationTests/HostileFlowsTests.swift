// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import HostInventory
import PacketDecoding
import ProtocolRecognition
import StageSamples
import Testing
import VideoDetection

@testable import Exfiltration

/// Nothing that a packet decides may stop the run.
@Suite struct HostileFlowsTests {
  @Test func extremesOfTimesAndCounters() throws {
    var scenario = Scenario()
    scenario.flows = [
      SampleFlow(id: 1, to: "85.17.186.6", sentBytes: 1_000_000, burstSizes: [2_000_000]),
      SampleFlow(id: 2, to: "85.17.186.6", sentBytes: 1_000_000, burstSizes: [2_000_000]),
      SampleFlow(id: 3, to: "85.17.186.6", sentBytes: 1_000_000, burstSizes: [2_000_000]),
    ]
    scenario.scope.firstTime = .max
    scenario.scope.lastTime = .min
    scenario.scope.packets = .max
    scenario.scope.droppedPackets = .max
    scenario.scope.gaps = [Int64.min...Int64.max]
    scenario.cameras = ["192.168.1.10"]
    scenario.change = { flow in
      flow.originator.payloadBytes = .max
      flow.originator.wireBytes = .max
      flow.originator.packets = .max
      flow.originator.missingBytes = .max
      flow.originator.firstTime = flow.id == 1 ? .min : .max
      flow.originator.lastTime = flow.id == 1 ? .max : .min
      flow.lastTime = flow.id == 2 ? .min : .max
      flow.truncatedPackets = .max
      flow.timeBins = TimeBins(start: .max, width: 0, bins: [TimeBin()])
      flow.bursts = flow.bursts.map {
        var burst = $0
        burst.firstTime = .min
        burst.lastTime = .max
        burst.bytes = .max
        burst.reverseBytes = .max
        return burst
      }
    }
    let result = try scenario.run()
    #expect(result.devices.count == 1)
    #expect(result.cameraVerdicts.count == 1)
  }

  @Test func addressesAndNamesOfAnyKind() throws {
    var scenario = Scenario()
    let addresses = ["0.0.0.0", "255.255.255.255", "::", "::1", "ff02::1", "fe80::1", "127.0.0.1"]
    for (number, pair) in addresses.flatMap({ from in addresses.map { (from, $0) } }).enumerated() {
      scenario.flows.append(
        SampleFlow(
          id: number + 1, from: pair.0, to: pair.1, protocolNumber: UInt8(number),
          sentBytes: 300_000,
          receivedBytes: 300_000, fromMAC: .max, toMAC: 0))
      scenario.recognition.flows.append(
        recognized(.tls, flow: UInt32(number), serverName: "\u{1B}[2J.=cmd|' /C calc'!A0."))
    }
    let result = try scenario.run()
    #expect(result.findings.allSatisfy { $0.severity == .info })
    #expect(!result.devices.contains { $0.addresses.contains { $0.isMulticastOrBroadcast } })
  }

  @Test func flowsWithoutRecognitionAndStreamsWithoutFlows() throws {
    var scenario = Scenario()
    scenario.flows = [SampleFlow(sentBytes: 10)]
    scenario.recognition.streams = [try rtpStream(flow: 4_000)]
    scenario.recognition.flows = [recognized(.rtp, flow: 100_000)]
    let result = try scenario.run()
    #expect(result.mediaStreams.isEmpty)
    #expect(result.findings.isEmpty)
  }

  @Test func theSameInputGivesTheSameOutput() throws {
    var scenario = Scenario()
    for id in 1...40 {
      scenario.flows.append(
        SampleFlow(
          id: id, from: "192.168.1.\(id % 7 + 1)", to: "85.17.186.\(id % 11)",
          sentBytes: UInt64(60_000_000 + id % 3), start: Double(id)))
    }
    func text() throws -> [String] {
      let result = try scenario.run()
      return result.findings.map { "\($0.id) \($0.severity) \($0.text)" }
        + result.destinations.map { "\($0.address) \($0.bytes) \($0.devices)" }
        + result.devices.map { "\($0.id) \($0.addresses)" }
        + result.limitations.map { "\($0)" }
    }
    let first = try text()
    #expect(first.count > 50)
    #expect(try text() == first)
  }
}
