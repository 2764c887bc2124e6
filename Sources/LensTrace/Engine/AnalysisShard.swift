// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import FlowTracking
internal import MediaInspection
internal import PacketDecoding
internal import ProtocolRecognition
internal import VideoDetection

/// One logical shard: the state of all flows between the address pairs that hash to it.
///
/// Shards never talk to each other while packets run, so threads need no lock: the pipeline gives
/// a shard to one thread at a time, its segments in order, hence `Sendable`.
final class AnalysisShard: @unchecked Sendable {
  /// What a shard has found when the capture is over.
  struct Result: Sendable {
    var flows: FinishedFlowTable
    var recognition: RecognitionResult
    var media: MediaInspector
    var rhythm: RhythmRecorder
  }

  fileprivate struct State: ~Copyable {
    var table: FlowTable
    var recognition: RecognitionEngine
    var media: MediaInspector
    var rhythm: RhythmRecorder
    var events: [FlowEvent] = []

    init(_ configuration: FlowTrackingConfiguration, _ limits: MemoryLimits, seed: UInt64) {
      table = FlowTable(configuration: configuration, limits: limits, seed: seed)
      recognition = RecognitionEngine(limits: limits)
      media = MediaInspector(limits: limits)
      rhythm = RhythmRecorder(limits: limits)
    }

    mutating func recognize(_ batch: borrowing PacketBatch) {
      guard !events.isEmpty else { return }
      recognition.handle(events, batch: batch, table: &table)
      recognition.deliver(batch: batch, table: table, to: &media)
    }
  }

  private var state: State?

  init(_ configuration: FlowTrackingConfiguration, _ limits: MemoryLimits, seed: UInt64) {
    state = State(configuration, limits, seed: seed)
  }

  /// Tracks the packets of a batch that belong to this shard.
  func process(_ batch: borrowing PacketBatch, order: Span<UInt32>) {
    state?.events.removeAll(keepingCapacity: true)
    state?.track(batch, order: order)
  }

  /// Ends all flows and gives the results away; the shard is empty afterwards.
  ///
  /// `last` names the capture's last packet, to which the ends are dated.
  func finish(last: PacketReference, number: UInt64) -> Result? {
    guard var state = state.take() else { return nil }
    var packet = DecodedPacket()
    packet.time = last.time
    var batch = PacketBatch(
      block: Block(byteCount: 1), packets: [packet], file: last.file, firstFrame: last.frame)
    batch.firstNumber = number
    state.events.removeAll(keepingCapacity: true)
    state.table.finish(into: &state.events)
    state.recognize(batch)
    state.table.forgetStreams()
    state.measure()
    state.media.close()
    return state.results()
  }
}

extension AnalysisShard.State {
  fileprivate mutating func track(_ batch: borrowing PacketBatch, order: Span<UInt32>) {
    table.track(batch, order: order, into: &events)
    recognize(batch)
    measure()
  }

  /// Judges the windows that closed; what is believed to be RTP is not measured any more.
  fileprivate mutating func measure() {
    for window in table.takeClosedWindows() {
      if recognition.followsMedia(ofFlow: window.flow, window.direction) {
        table.stopRhythm(of: window.flow, direction: window.direction)
      } else {
        rhythm.add(window)
      }
    }
  }

  fileprivate consuming func results() -> AnalysisShard.Result {
    var recognition = recognition
    var rhythm = rhythm
    for refusal in table.rhythmRefusals {
      rhythm.refuse(flow: refusal.flow, direction: refusal.direction, at: refusal.time)
    }
    return AnalysisShard.Result(
      flows: FinishedFlowTable(table), recognition: recognition.finish(), media: media,
      rhythm: rhythm)
  }
}
