// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding
internal import VideoDetection

/// The channels of all shards.
struct Channels {
  /// Where a channel is.
  struct Place {
    fileprivate let shard: Int
    fileprivate let index: Int
  }

  /// A direction of a flow, with the numbers of its addresses.
  struct Direction {
    /// Where the flow stands among those of its shard.
    let spot: FlowPlace
    let key: ChannelTable.Key
    /// New payload bytes.
    let bytes: UInt64

    init(_ flow: Flow, at spot: FlowPlace, _ direction: FlowDirection, _ ends: ChannelTable.Ends) {
      self.spot = spot
      key = ChannelTable.Key(flow.responderPort, flow.protocolNumber, direction, ends)
      bytes =
        direction == .fromOriginator
        ? flow.originator.newPayloadBytes : flow.responder.newPayloadBytes
    }
  }

  private var tables: [ChannelTable]
  /// Channels of each shard that flows made; later ones were made by assessments.
  private let followed: [Int]
  private let flows: FlowCollection

  /// Joins the tables of all shards, in order of shards.
  init(_ tables: [ChannelTable], _ flows: FlowCollection) {
    self.tables = tables
    followed = tables.map(\.entries.count)
    self.flows = flows
  }

  /// Flow directions left out because of the bound.
  var overflow: BoundCount { BoundCount.sum(tables.map(\.overflow)) }

  /// Attaches an assessment; adds the flow where its channel was not followed.
  mutating func attach(
    _ assessment: DirectionAssessment, at position: Int, _ direction: Direction, isFollowed: Bool
  ) {
    tables[Int(direction.spot.shard)].attach(
      assessment, at: position, direction.key, bytes: direction.bytes,
      ofFlow: direction.spot.index, isFollowed: isFollowed)
  }

  /// Takes over that the verdict of a direction of a flow was raised.
  mutating func raise(_ direction: Direction, to verdict: VideoVerdict) {
    tables[Int(direction.spot.shard)].raise(direction.key, bytes: direction.bytes, to: verdict)
  }

  /// Keeps only the strongest assessments of each channel, the earliest of equals.
  mutating func keepStrongest(_ verdicts: (Int) -> VideoVerdict) {
    for shard in tables.indices { tables[shard].keepStrongest(verdicts) }
  }

  /// The channels that may become findings: those with a verdict, and those with much payload; in
  /// order of their first flows, those made by assessments last.
  var notable: [Place] {
    func rank(_ place: Place) -> (Int, UInt64, Int) {
      let table = tables[place.shard]
      return (
        place.index < followed[place.shard] ? 0 : 1,
        flows.number(at: table.firstFlow(at: place.index)),
        table.entries[place.index].key.isPulled ? 1 : 0
      )
    }
    let places = tables.indices.flatMap { shard in
      tables[shard].notable.map { Place(shard: shard, index: $0) }
    }
    return places.sorted { rank($0) < rank($1) }
  }

  /// Calls `body` with the key and the bytes of every channel, and where it is.
  @inline(__always)
  func visit(_ body: (Place, ChannelTable.Key, UInt64) -> Void) {
    for shard in tables.indices {
      for (index, entry) in tables[shard].entries.enumerated() {
        body(Place(shard: shard, index: index), entry.key, entry.bytes)
      }
    }
  }

  /// A channel with everything that is known of it.
  ///
  /// - Complexity: O(flows of the channel).
  func channel(at place: Place) -> Channel {
    tables[place.shard].channel(at: place.index, flows)
  }
}
