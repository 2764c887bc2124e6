// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import MediaInspection
import PacketDecoding
import ProtocolRecognition
import StageSamples
import Testing

@testable import VideoDetection

@Suite struct VideoDetectorTests {
  private func detect(
    _ flows: [SampleFlow], _ recognition: SampleRecognition = SampleRecognition(),
    timing: @escaping (FlowPlace, FlowDirection) -> TimingAssessment? = { _, _ in nil }
  ) throws -> VideoDetector {
    let index = RecognitionIndex([try recognition.result]) { _, _ in nil }
    var detector = VideoDetector(index: index, timing: timing)
    for flow in flows { detector.add(try flow.flow) }
    detector.finish()
    return detector
  }

  @Test func directionIsWhoSendsTheBytes() throws {
    var recognition = SampleRecognition()
    recognition.streams = [try rtpStream(direction: .fromResponder)]
    let detector = try detect(
      [SampleFlow(protocolNumber: 17, receivedBytes: 500_000)], recognition)
    #expect(detector.verdict(ofFlow: 1).originator == .noEvidence)
    #expect(detector.verdict(ofFlow: 1).responder == .likely)
    #expect(detector.verdict(ofFlow: 1).strongest == .likely)
    let stream = try #require(detector.streams.first)
    #expect(stream.sourceAddress == (try ip("198.51.100.7")))
    #expect(stream.destinationPort == 40_000)
    #expect(stream.synchronizationSource == 0x693D_C6CC)
    #expect(stream.packets == 500)
    #expect(stream.lost == 0)
    #expect(stream.clockRate == 90_000)
  }

  @Test func steadyCipheredRateIsNotAssessedRatherThanGreen() throws {
    let detector = try detect([SampleFlow(sentBytes: 10_000_000, seconds: 60)])
    #expect(detector.verdict(ofFlow: 1).originator == .notAssessed)
    let assessment = try #require(detector.assessment(ofFlow: 1, .fromOriginator))
    #expect(assessment.obstacle == .rhythmNotMeasured)
    #expect(assessment.reasons.contains { $0.signal == "sustained_rate" })
  }

  @Test(arguments: [(239_999, 10.0), (479_000, 60.0), (10_000_000, 2.9)])
  func littleSlowOrShortIsNothing(bytes: UInt64, seconds: Double) throws {
    let detector = try detect([SampleFlow(sentBytes: bytes, seconds: seconds)])
    #expect(detector.verdict(ofFlow: 1).strongest == .noEvidence)
    #expect(detector.assessments.isEmpty)
  }

  @Test func readableServicesAreAssessed() throws {
    var recognition = SampleRecognition()
    recognition.flows = [recognized(.smtp)]
    let detector = try detect([SampleFlow(sentBytes: 10_000_000)], recognition)
    #expect(detector.verdict(ofFlow: 1).strongest == .noEvidence)
  }

  @Test func cutPayloadIsNotAssessed() throws {
    let detector = try detect([SampleFlow(sentBytes: 10_000_000, truncatedPackets: 9_000)])
    #expect(detector.assessment(ofFlow: 1, .fromOriginator)?.obstacle == .snapLength)
  }

  @Test func rhythmNeverIsCertain() throws {
    let detector = try detect([SampleFlow(sentBytes: 10_000_000)]) { _, direction in
      direction == .fromOriginator ? TimingAssessment(verdict: .certain) : nil
    }
    #expect(detector.verdict(ofFlow: 1).originator == .likely)
  }

  @Test func videoBothWaysIsNotedAsACall() throws {
    var recognition = SampleRecognition()
    recognition.streams = [try rtpStream(), try rtpStream(direction: .fromResponder)]
    let detector = try detect(
      [SampleFlow(protocolNumber: 17, sentBytes: 500_000, receivedBytes: 500_000)], recognition)
    for direction in FlowDirection.allCases {
      let assessment = try #require(detector.assessment(ofFlow: 1, direction))
      #expect(assessment.counterReasons.contains { $0.signal == "interactive_video" })
    }
  }

  @Test func missingBytesAreSaid() throws {
    let detector = try detect([SampleFlow(sentBytes: 10_000_000, missingBytes: 200_000)])
    let assessment = try #require(detector.assessment(ofFlow: 1, .fromOriginator))
    #expect(assessment.counterReasons.contains { $0.signal == "loss" })
  }

  @Test func recurringLargeBurstsArePossible() throws {
    let sizes: [UInt64] = [1_400_000, 2_400_000, 1_900_000]
    let detector = try detect(
      [SampleFlow(sentBytes: 5_700_000, seconds: 600, burstSizes: sizes)])
    #expect(detector.verdict(ofFlow: 1).originator == .possible)
    let assessment = try #require(detector.assessment(ofFlow: 1, .fromOriginator))
    #expect(assessment.reasons.contains { $0.signal == "recurring_bursts" })
  }

  @Test(
    arguments: [
      [2_000_000, 2_000_000, 2_000_000], [2_000_000, 3_000_000], [900_000, 400_000, 700_000],
    ] as [[UInt64]])
  func equalFewOrSmallBurstsAreNot(sizes: [UInt64]) throws {
    let detector = try detect(
      [SampleFlow(sentBytes: sizes.reduce(0, +), seconds: 6_000, burstSizes: sizes)])
    #expect(detector.verdict(ofFlow: 1).originator < .possible)
  }

  private func clips(_ sizes: [UInt64], apart: Double = 10_000) -> [SampleFlow] {
    sizes.enumerated().map { index, bytes in
      SampleFlow(
        id: index + 1, to: "198.51.100.\(index + 1)", sentBytes: bytes, receivedBytes: 2_000,
        start: Double(index) * apart, seconds: 5, burstSizes: [bytes])
    }
  }

  @Test func clipsOfOneSizeInConnectionsOfTheirOwnArePossible() throws {
    let detector = try detect(clips([470_000, 520_000, 590_000]))
    for id in 1...3 { #expect(detector.verdict(ofFlow: id).originator == .possible) }
  }

  @Test(
    arguments: [
      [470_000, 520_000], [500_000, 500_000, 500_000], [300_000, 900_000, 4_000_000],
    ] as [[UInt64]])
  func twoEqualOrUnlikeUploadsAreNot(sizes: [UInt64]) throws {
    let detector = try detect(clips(sizes))
    for id in 1...sizes.count { #expect(detector.verdict(ofFlow: id).originator < .possible) }
  }

  @Test func verdictsOrderByStrength() {
    #expect(
      VideoVerdict.allCases.shuffled().sorted()
        == [.notAssessed, .noEvidence, .possible, .likely, .certain])
  }
}
