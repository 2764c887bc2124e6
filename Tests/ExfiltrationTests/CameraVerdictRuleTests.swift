// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import StageSamples
import Testing
import VideoDetection

@testable import Exfiltration

/// Each camera verdict, and each thing that forbids `no_sign`.
@Suite struct CameraVerdictRuleTests {
  private let outward = SampleFlow(
    to: "85.17.186.6", toPort: 53_134, protocolNumber: 17, sentBytes: 14_000_000,
    receivedBytes: 1_000, seconds: 90)
  private let quiet = SampleFlow(to: "85.17.186.6", sentBytes: 2_000, receivedBytes: 2_000)

  private func verdict(_ scenario: Scenario) throws -> CameraVerdict {
    var scenario = scenario
    scenario.cameras = ["192.168.1.10"]
    return try #require(try scenario.run().cameraVerdicts.first)
  }

  private func quietScenario(_ change: (inout Scenario) -> Void = { _ in }) -> Scenario {
    var scenario = Scenario()
    scenario.flows = [quiet]
    scenario.scope.firstTime = time(0)
    scenario.scope.lastTime = time(600)
    scenario.scope.packets = 1_000
    change(&scenario)
    return scenario
  }

  @Test func certainVideoOutsideLeft() throws {
    let verdict = try verdict(try Scenario.video(outward))
    #expect(verdict.outcome == .left)
    #expect(verdict.device == "D1")
    #expect(verdict.text.contains("14 MB to 1 destination outside"))
  }

  @Test(arguments: [VideoVerdict.likely, .possible])
  func lesserVideoOutsideIsConsistent(found: VideoVerdict) throws {
    var scenario = Scenario()
    scenario.flows = [outward]
    scenario.timing = { _, _ in TimingAssessment(verdict: found) }
    #expect(try verdict(scenario).outcome == .consistent)
  }

  @Test func videoInsideOnlyIsNoSign() throws {
    var flow = outward
    flow.to = "192.168.1.50"
    let verdict = try verdict(try Scenario.video(flow))
    #expect(verdict.outcome == .noSign)
  }

  @Test func whatIsNotDecodedForbidsNoSign() throws {
    let scenario = quietScenario { $0.scope.undecodedPackets = 12 }
    let verdict = try verdict(scenario)
    #expect(verdict.outcome == .cannotTell)
    #expect(verdict.text.contains("12 packets of link types that are not decoded"))
  }

  @Test func aQuietCameraSeenWholeIsNoSign() throws {
    let verdict = try verdict(quietScenario())
    #expect(verdict.outcome == .noSign)
    #expect(verdict.observed.directionSeen == .both)
    #expect(verdict.observed.secondsCovered == 600)
    #expect(verdict.observed.flowsNotAssessed == 0)
  }

  @Test func anUnassessedDirectionForbidsNoSign() throws {
    var scenario = Scenario()
    scenario.flows = [outward]
    let verdict = try verdict(scenario)
    #expect(verdict.outcome == .cannotTell)
    #expect(verdict.observed.flowsNotAssessed == 1)
  }

  @Test func anUnassessedDirectionToTheInsideDoesNot() throws {
    var scenario = Scenario()
    var flow = outward
    flow.to = "192.168.1.50"
    scenario.flows = [flow]
    #expect(try verdict(scenario).outcome == .noSign)
  }

  @Test func oneDirectionOnlyCannotTell() throws {
    let verdict = try verdict(quietScenario { $0.flows[0].isAnswered = false })
    #expect(verdict.outcome == .cannotTell)
    #expect(verdict.observed.directionSeen == .sent)
  }

  @Test func lossCannotTell() throws {
    let missing = try verdict(quietScenario { $0.flows[0].missingBytes = 100 })
    #expect(missing.outcome == .cannotTell)
    let dropped = try verdict(quietScenario { $0.scope.droppedPackets = 11 })
    #expect(dropped.outcome == .cannotTell)
    #expect(dropped.observed.dropped == 11)
    #expect(try verdict(quietScenario { $0.scope.droppedPackets = 10 }).outcome == .noSign)
  }

  @Test func flowsBeyondTheBoundCannotTell() throws {
    let verdict = try verdict(
      quietScenario { $0.scope.bounds.flows = BoundCount(count: 1_234, firstTime: time(9)) })
    #expect(verdict.outcome == .cannotTell)
    #expect(verdict.text.contains("1234 packets of later flows"))
  }

  @Test func cutPacketsCannotTell() throws {
    #expect(try verdict(quietScenario { $0.flows[0].truncatedPackets = 4 }).outcome == .cannotTell)
  }

  @Test func gapsAreNotCovered() throws {
    let verdict = try verdict(quietScenario { $0.scope.gaps = [time(100)...time(200)] })
    #expect(verdict.observed.secondsCovered == 500)
  }

  @Test func devicesThatAreNoCamerasGetNoVerdict() throws {
    #expect(try quietScenario().run().cameraVerdicts.isEmpty)
  }
}
