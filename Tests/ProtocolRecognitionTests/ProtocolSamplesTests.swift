// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import ProtocolRecognition

struct ProtocolSamplesTests {
  @Test(arguments: ProtocolSample.all) func isRecognised(_ sample: ProtocolSample) {
    var traffic = Traffic()
    sample.send(into: &traffic)
    #expect(traffic.finish().flows.first?.service == sample.service)
  }

  /// Cut into small segments the answer is the same.
  @Test(arguments: ProtocolSample.all.filter { !$0.isDatagram })
  func isRecognisedInSmallSegments(_ sample: ProtocolSample) {
    for size in [7, 100, 536] {
      var traffic = Traffic()
      sample.send(into: &traffic, size: size)
      let service = traffic.finish().flows.first?.service
      // Protocols that are told by a fixed header need it whole.
      if size >= 100 { #expect(service == sample.service, "segments of \(size)") }
    }
  }

  /// Every protocol cut at each byte: a partial result or none, never a trap.
  @Test(arguments: ProtocolSample.all) func survivesBeingCut(_ sample: ProtocolSample) {
    for index in sample.pieces.indices {
      for length in 0..<min(sample.pieces[index].bytes.count, 700) {
        var cut = sample
        cut.pieces[index].bytes = Array(sample.pieces[index].bytes[..<length])
        var traffic = Traffic()
        cut.send(into: &traffic)
        _ = traffic.finish()
      }
    }
  }

  /// Every protocol with wrong bytes, lengths of all ones and of zero.
  @Test(arguments: ProtocolSample.all) func survivesWrongBytes(_ sample: ProtocolSample) {
    var random = SplitMix(state: 99)
    for round in 0..<400 {
      var wrong = sample
      for _ in 0..<(1 + round % 4) {
        let piece = Int(random.next() % UInt64(wrong.pieces.count))
        guard !wrong.pieces[piece].bytes.isEmpty else { continue }
        let place = Int(random.next() % UInt64(min(wrong.pieces[piece].bytes.count, 600)))
        wrong.pieces[piece].bytes[place] =
          [0, 0xFF, 0x80, UInt8(truncatingIfNeeded: random.next())][round % 4]
      }
      var traffic = Traffic()
      wrong.send(into: &traffic, size: round % 3 == 0 ? 60 : .max)
      traffic.gap(50, from: .fromOriginator)
      traffic.send(wrong.pieces[0].bytes, isDatagram: sample.isDatagram)
      _ = traffic.finish()
    }
  }

  /// Every length and count of every protocol too large and zero: two bytes at each place.
  @Test(arguments: ProtocolSample.all) func survivesEveryLength(_ sample: ProtocolSample) {
    for index in sample.pieces.indices.prefix(4) {
      for place in 0..<min(sample.pieces[index].bytes.count - 1, 120) {
        for value in [0xFF, 0] as [UInt8] {
          var wrong = sample
          wrong.pieces[index].bytes[place] = value
          wrong.pieces[index].bytes[place + 1] = value
          var traffic = Traffic()
          wrong.send(into: &traffic)
          _ = traffic.finish()
        }
      }
    }
  }

  /// A conversation that says the same for ever meets the bounds and no trap.
  @Test(arguments: ProtocolSample.all) func survivesRepetition(_ sample: ProtocolSample) {
    var traffic = Traffic()
    for _ in 0..<200 {
      sample.send(into: &traffic)
      traffic.table.flows = Array(traffic.table.flows.prefix(1))
    }
    let result = traffic.finish()
    #expect(result.flows.count <= 1)
    #expect(result.flows.allSatisfy { $0.details.count <= RecognitionContext.maximumDetails })
    #expect(result.marks.count <= 400)
  }

  /// One protocol's bytes are no other's: the table's order decides nothing here.
  @Test func noProbeTakesForeignBytes() {
    for sample in ProtocolSample.all {
      let hint = ProbeHint(
        isDatagram: sample.isDatagram, direction: .fromOriginator, sourcePort: 40_000,
        destinationPort: 40_001, originalLength: sample.pieces[0].bytes.count, depth: 0)
      let bytes = sample.pieces[0].bytes
      var takers: [String] = []
      for recognizer in Recognizers.all
      where sample.isDatagram ? recognizer.readsDatagrams : recognizer.readsStreams {
        let answer = recognizer.probe(bytes.span, hint)
        if case .certain = answer { takers.append("\(recognizer)") }
      }
      #expect(takers.count <= 1, "\(sample): \(takers)")
    }
  }

  /// What a recognizer says it begins with is true: of other first bytes it takes nothing, and the
  /// samples of its own protocol begin so.
  @Test func firstBytesAreNotMoreThanProbesTake() {
    for sample in ProtocolSample.all {
      for port: UInt16 in [40_001, 53, 443, 1_935, 3_478, 3_702, 5_050, 10_001, 37_777] {
        for first in 0...255 {
          var bytes = sample.pieces[0].bytes
          bytes[0] = UInt8(first)
          for length in [1, 2, 3, 8, 13, bytes.count] where length <= bytes.count {
            let hint = ProbeHint(
              isDatagram: sample.isDatagram, direction: .fromOriginator, sourcePort: 40_000,
              destinationPort: port, originalLength: length, depth: 0)
            for recognizer in Recognizers.all
            where !recognizer.firstBytes.contains(UInt8(first)) {
              let answer = recognizer.probe(bytes.span.extracting(0..<length), hint)
              var isRefused = false
              if case .notMine = answer { isRefused = true }
              #expect(isRefused, "\(recognizer) takes \(first) of \(sample)")
            }
          }
        }
      }
    }
  }
}
