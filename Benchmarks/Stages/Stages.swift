// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import FlowTracking
internal import MediaInspection
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// How far the packets of a capture are taken.
enum Stage: String, CaseIterable, Comparable {
  /// Nothing is read: what starting costs.
  case none
  /// Read and framed.
  case frame
  /// Decoded, hashed, fingerprinted.
  case decode
  /// Grouped by shard.
  case group
  /// Flows tracked, duplicates found, streams ordered.
  case track
  /// Protocols recognised and media inspected.
  case recognize
  /// The rhythm of steady directions measured and judged.
  case rhythm

  static func < (lhs: Stage, rhs: Stage) -> Bool {
    allCases.firstIndex(of: lhs) ?? 0 < allCases.firstIndex(of: rhs) ?? 0
  }
}

/// The state of one shard.
final class StageShard {
  private struct State: ~Copyable {
    var table: FlowTable
    var recognition = RecognitionEngine()
    var media = MediaInspector()
    var events: [FlowEvent] = []
    var rhythm = RhythmRecorder()

    init(_ stage: Stage) {
      var configuration = FlowTrackingConfiguration()
      configuration.measuresRhythm = stage >= .rhythm
      table = FlowTable(configuration: configuration, seed: 1)
    }

    mutating func process(_ batch: borrowing PacketBatch, _ order: Span<UInt32>, to stage: Stage) {
      events.removeAll(keepingCapacity: true)
      table.track(batch, order: order, into: &events)
      guard stage >= .recognize else {
        // Nobody listens: the streams must not go on for ever.
        for event in events where event.streamOffset > 4_096 {
          table.setInterest(.none, of: event.flow, direction: event.direction)
        }
        return
      }
      if !events.isEmpty {
        recognition.handle(events, batch: batch, table: &table)
        recognition.deliver(batch: batch, table: table, to: &media)
      }
      for window in table.takeClosedWindows() {
        if recognition.followsMedia(ofFlow: window.flow, window.direction) {
          table.stopRhythm(of: window.flow, direction: window.direction)
        } else {
          rhythm.add(window)
        }
      }
    }
  }

  private var state: State?

  init(_ stage: Stage) { state = State(stage) }

  func process(_ batch: borrowing PacketBatch, _ order: Span<UInt32>, to stage: Stage) {
    state?.process(batch, order, to: stage)
  }

  var flowCount: Int { state?.table.count ?? 0 }
}

/// Takes a capture through the first stages of the engine on one thread, as `analyze --jobs 1`
/// does, and prints what was counted: under callgrind, the cost of each stage by difference.
@main struct Stages {
  static func main() throws {
    let arguments = CommandLine.arguments
    if arguments.count == 4, arguments[1] == "look-up", let rounds = Int(arguments[3]), rounds >= 0
    {
      try LookUps(table: arguments[2], rounds: rounds).run()
      return
    }
    guard arguments.count == 3, let stage = Stage(rawValue: arguments[1]) else {
      let names = Stage.allCases.map(\.rawValue).joined(separator: "|")
      print("usage: lenstrace-stages \(names) CAPTURE")
      print("       lenstrace-stages look-up TABLE ROUNDS")
      return
    }
    var packets = 0
    var shards: [StageShard] = []
    if stage > .none {
      let pool = BlockPool()
      let reader = try CaptureFileReader(
        input: CaptureInput(arguments[2]), fileIndex: 0, pool: pool, hash: false)
      if stage >= .track { shards = (0..<ShardOrder.shardCount).map { _ in StageShard(stage) } }
      let decoder = PacketDecoder()
      while let records = reader.nextBatch() {
        let first = packets
        packets += records.records.count
        guard stage >= .decode else { continue }
        var batch = decoder.decode(records)
        batch.firstNumber = UInt64(first)
        guard stage >= .group else { continue }
        let order = ShardOrder(batch.packets)
        guard stage >= .track else { continue }
        let indices = order.indices
        for shard in shards.indices {
          let part = order.range(ofShard: shard)
          guard !part.isEmpty else { continue }
          shards[shard].process(batch, indices.span.extracting(part), to: stage)
        }
      }
    }
    print("{\"packets\": \(packets), \"flows\": \(shards.reduce(0) { $0 + $1.flowCount })}")
  }
}
