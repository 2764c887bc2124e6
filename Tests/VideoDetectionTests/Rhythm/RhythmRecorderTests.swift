// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import Testing

@testable import VideoDetection

struct RhythmRecorderTests {
  private func assess(_ sample: SampleRhythm) throws -> TimingAssessment {
    var recorder = RhythmRecorder()
    for window in sample.windows() { recorder.add(window) }
    return try #require(recorder.assessment(flow: 0, direction: .fromOriginator))
  }

  @Test func liveVideoIsLikely() throws {
    let result = try assess(.video(seconds: 40))
    #expect(result.verdict == .likely)
    #expect(result.gateStates.allSatisfy { $0.holds })
    #expect(result.score <= VideoSignals.scoreLimit)
    #expect(!result.windows.isEmpty)
    #expect(result.reasons.contains { $0.signal == "frame_clock" && !$0.packets.isEmpty })
  }

  @Test func tenSecondsAreALead() throws {
    #expect(try assess(.video(seconds: 10)).verdict == .possible)
  }

  @Test func withoutKeyFramesItIsALead() throws {
    #expect(try assess(.video(keyFrames: 100_000, seconds: 40)).verdict == .possible)
  }

  @Test func distantKeyFramesSuffice() throws {
    #expect(
      try assess(.video(rate: 20, keyFrames: 250, seconds: 60)).verdict == .likely)
  }

  @Test func soundAndSensorsAreNone() throws {
    #expect(try assess(.periodic(rate: 50, bytes: 200, seconds: 40)).verdict == .noEvidence)
    #expect(try assess(.periodic(rate: 25, bytes: 9_000, seconds: 40)).verdict == .noEvidence)
    #expect(try assess(.random(rate: 20, bytes: 5_000, seconds: 40)).verdict == .noEvidence)
  }

  /// What sends records of random sizes in step, a larger one now and then, is no lead.
  @Test func sizesWithoutAnOrderAreNone() throws {
    #expect(
      try assess(.periodic(rate: 15, bytes: 9_000, spread: 1, seconds: 40)).verdict == .noEvidence)
    var mimic = SampleRhythm.periodic(rate: 10, bytes: 3_000, spread: 0.5, seconds: 60)
    for index in stride(from: 0, to: mimic.records.count, by: 10) {
      mimic.records[index].bytes *= 8
    }
    let result = try assess(mimic)
    #expect(result.verdict == .noEvidence)
    #expect(result.gateStates.filter { !$0.holds }.map(\.name) == ["size_order"])
  }

  @Test func aFullLineIsNoAllClear() throws {
    var bulk = SampleRhythm.periodic(rate: 5, bytes: 125_000, seconds: 40)
    bulk.lineRate = 630_000
    let result = try assess(bulk)
    #expect(result.verdict == .notAssessed)
    #expect(result.obstacle == .saturated)
  }

  @Test func whatWasCutOffIsNotAssessed() throws {
    var recorder = RhythmRecorder()
    recorder.refuse(flow: 3, direction: .fromResponder, at: 7)
    let result = try #require(recorder.assessment(flow: 3, direction: .fromResponder))
    #expect(result.verdict == .notAssessed)
    #expect(result.obstacle == .evicted)
    #expect(recorder.assessment(flow: 4, direction: .fromResponder) == nil)
  }

  @Test func directionsBeyondTheBoundAreNotAssessed() throws {
    var limits = MemoryLimits.standard
    limits.rhythmLogs = 2
    var recorder = RhythmRecorder(limits: limits)
    let sample = SampleRhythm.periodic(rate: 5, bytes: 12_500, seconds: 40)
    for flow in UInt32(0)..<4 {
      for window in sample.windows(flow: flow) { recorder.add(window) }
    }
    for flow in UInt32(0)..<4 {
      let result = try #require(recorder.assessment(flow: flow, direction: .fromOriginator))
      #expect((result.obstacle == .evicted) == (flow >= 2))
      #expect(recorder.hasAssessment(flow: flow, direction: .fromOriginator))
    }
    #expect(recorder.refusals == BoundCount(count: 2, firstTime: sample.windows().first?.start))
  }

  @Test func neverCertain() {
    #expect(TimingAssessment(verdict: .certain).verdict == .likely)
  }
}
