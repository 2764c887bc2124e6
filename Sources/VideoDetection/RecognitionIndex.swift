// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
package import MediaInspection
package import ProtocolRecognition

/// Finds what recognition and media inspection learnt of a flow, by the flow's place.
///
/// A class, because it is asked for every flow by several stages: a structure of as many arrays
/// would be counted in and out each time.
package final class RecognitionIndex: Sendable {
  private let recognitions: [FlowRecognitions]
  /// Of the flows of all shards, up to the last recognised one of each.
  private let briefs: [RecognitionBrief]
  /// Where each shard's flows begin in `briefs`, and where the last one's end.
  private let starts: [Int]
  /// Media streams of each shard, and what the bitstream of one showed: made when it is asked for,
  /// because it takes more room than what it is made from.
  private let records: [[MediaStreamRecord]]
  private let proof: @Sendable (Int, UInt32) -> MediaProof?
  /// Per shard: streams of a flow, and the flows that have some, in order.
  private let streams: [[UInt32: [Int]]]
  private let flowsWithStreams: [[UInt32]]

  /// Indexes the results of all shards, in order of shards.
  ///
  /// - Parameters:
  ///   - results: After `SignallingJoin`.
  ///   - proof: What media inspection showed of a stream of a shard.
  /// - Complexity: O(recognised flows + streams); 12 bytes a flow up to the last recognised one.
  package init(
    _ results: [RecognitionResult], proof: @escaping @Sendable (Int, UInt32) -> MediaProof?
  ) {
    self.proof = proof
    recognitions = results.map(\.flows)
    records = results.map(\.streams)
    var briefs: [RecognitionBrief] = []
    briefs.reserveCapacity(results.reduce(0) { $0 + $1.flows.count })
    var starts = [0]
    var streams: [[UInt32: [Int]]] = []
    for result in results {
      result.flows.appendBriefs(to: &briefs)
      starts.append(briefs.count)
      var byFlow: [UInt32: [Int]] = [:]
      for (index, stream) in result.streams.enumerated() where stream.isReportable {
        byFlow[stream.flow, default: []].append(index)
      }
      streams.append(byFlow)
    }
    self.briefs = briefs
    self.starts = starts
    self.streams = streams
    flowsWithStreams = streams.map { $0.keys.sorted() }
  }

  /// What a pass over all flows asks of what is known of one.
  package func brief(at place: FlowPlace) -> RecognitionBrief {
    let shard = Int(place.shard)
    guard shard &+ 1 < starts.count else { return .none }
    let position = starts[shard] &+ Int(place.index)
    return position < starts[shard &+ 1] ? briefs[position] : .none
  }

  /// What is known of a flow, `nil` when nothing was learnt.
  package func recognition(at place: FlowPlace) -> FlowRecognition? {
    let shard = Int(place.shard)
    return shard < recognitions.count ? recognitions[shard].recognition(brief(at: place)) : nil
  }

  /// Whether a flow has media streams worth a line.
  ///
  /// - Complexity: O(log *n*) in the flows of its shard that have some.
  func hasStreams(at place: FlowPlace) -> Bool {
    let shard = Int(place.shard)
    guard shard < flowsWithStreams.count, !flowsWithStreams[shard].isEmpty else { return false }
    var low = 0
    var high = flowsWithStreams[shard].count
    while low < high {
      let middle = (low &+ high) / 2
      if flowsWithStreams[shard][middle] < place.index { low = middle &+ 1 } else { high = middle }
    }
    return low < flowsWithStreams[shard].count && flowsWithStreams[shard][low] == place.index
  }

  /// Media streams of a flow worth a line, with what their bitstream showed.
  func streams(at place: FlowPlace) -> [(record: MediaStreamRecord, proof: MediaProof?)] {
    let shard = Int(place.shard)
    guard shard < streams.count, !streams[shard].isEmpty,
      let indices = streams[shard][place.index]
    else { return [] }
    return indices.map { (records[shard][$0], proof(shard, records[shard][$0].stream)) }
  }
}
