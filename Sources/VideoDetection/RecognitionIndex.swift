// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
package import MediaInspection
package import ProtocolRecognition

/// Finds what recognition and media inspection learnt of a flow, by the flow's place.
package struct RecognitionIndex: Sendable {
  private let results: [RecognitionResult]
  /// Per shard and flow: index of its recognition plus one, 0 for none.
  private var flows: [[UInt32]]
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
    self.results = results
    flows = []
    streams = []
    var proofs: [[MediaProof?]] = []
    for (shard, result) in results.enumerated() {
      let last = result.flows.indices.reduce(into: -1) {
        $0 = max($0, Int(result.flows.flow(at: $1)))
      }
      var indices = [UInt32](repeating: 0, count: last + 1)
      for index in result.flows.indices {
        indices[Int(result.flows.flow(at: index))] = UInt32(truncatingIfNeeded: index + 1)
      }
      flows.append(indices)
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
    guard shard < flows.count, Int(place.index) < flows[shard].count else { return nil }
    let index = Int(flows[shard][Int(place.index)])
    return index == 0 ? nil : results[shard].flows[index - 1]
  }

  /// Media streams of a flow worth a line, with what their bitstream showed.
  func streams(at place: FlowPlace) -> [(record: MediaStreamRecord, proof: MediaProof?)] {
    let shard = Int(place.shard)
    guard shard < streams.count, !streams[shard].isEmpty,
      let indices = streams[shard][place.index]
    else { return [] }
    return indices.map { (results[shard].streams[$0], proofs[shard][$0]) }
  }
}
