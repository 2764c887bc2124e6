// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
package import MediaInspection
package import ProtocolRecognition

/// Finds what recognition and media inspection learnt of a flow, by the flow's place.
package struct RecognitionIndex: Sendable {
  private let recognitions: [FlowRecognitions]
  /// Media streams of each shard.
  private let records: [[MediaStreamRecord]]
  /// For the flows of all shards, up to the last recognised one of each: index of its recognition
  /// plus one, 0 for none.
  private var flows: [UInt32]
  /// Where each shard's flows begin in `flows`, and where the last one's end.
  private var starts: [Int]
  /// Per shard: streams of a flow.
  private var streams: [[UInt32: [Int]]]
  private let proofs: [[MediaProof?]]

  /// Indexes the results of all shards, in order of shards.
  ///
  /// - Parameters:
  ///   - results: After `SignallingJoin`.
  ///   - proof: What media inspection showed of a stream of a shard.
  /// - Complexity: O(recognised flows + streams); four bytes a flow up to the last recognised one.
  package init(_ results: [RecognitionResult], proof: (Int, UInt32) -> MediaProof?) {
    recognitions = results.map(\.flows)
    records = results.map(\.streams)
    flows = []
    starts = [0]
    streams = []
    var proofs: [[MediaProof?]] = []
    for (shard, result) in results.enumerated() {
      let start = flows.count
      let last = result.flows.lastFlow.map { Int($0) + 1 } ?? 0
      flows.append(contentsOf: repeatElement(0, count: last))
      for index in result.flows.indices {
        flows[start + Int(result.flows.flow(at: index))] = UInt32(truncatingIfNeeded: index + 1)
      }
      starts.append(flows.count)
      var byFlow: [UInt32: [Int]] = [:]
      for (index, stream) in result.streams.enumerated() where stream.isReportable {
        byFlow[stream.flow, default: []].append(index)
      }
      streams.append(byFlow)
      proofs.append(
        result.streams.map { $0.isReportable ? proof(shard, $0.stream) : nil })
    }
    self.proofs = proofs
  }

  /// What is known of a flow, `nil` when nothing was learnt.
  package func recognition(at place: FlowPlace) -> FlowRecognition? {
    let shard = Int(place.shard)
    guard shard &+ 1 < starts.count else { return nil }
    let position = starts[shard] &+ Int(place.index)
    guard position < starts[shard &+ 1], flows[position] > 0 else { return nil }
    return recognitions[shard][Int(flows[position]) &- 1]
  }

  /// Media streams of a flow worth a line, with what their bitstream showed.
  func streams(at place: FlowPlace) -> [(record: MediaStreamRecord, proof: MediaProof?)] {
    let shard = Int(place.shard)
    guard shard < streams.count, !streams[shard].isEmpty,
      let indices = streams[shard][place.index]
    else { return [] }
    return indices.map { (records[shard][$0], proofs[shard][$0]) }
  }
}
