// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import FlowTracking
internal import PacketDecoding
internal import Reporting
internal import Synchronization

/// What one pass over the captures has given, before anything is judged.
struct CapturePass: Sendable {
  var isComplete: Bool
  var inputs: [CaptureFacts]
  /// Inputs that could not be read at all.
  var unreadable: [CaptureError]
  var totals: CaptureTotals
  var shards: [AnalysisShard.Result]
}

/// One pass over a set of captures: reading, framing, decoding and tracking.
struct CaptureRun {
  private let configuration: Analyzer.Configuration
  private let readers: [CaptureFileReader]
  private let unreadable: [CaptureError]
  private let pool: BlockPool
  private let threadCount: Int
  private let selector: PacketSelector?
  /// Files in reading order; those that overlap in time together.
  private let groups: [[Int]]

  /// Most files that are open before they are read; each holds a descriptor, of which macOS gives
  /// a process 256, and a block.
  private static let maximumOpenFiles = 32

  /// Opens the captures; those that cannot be read are noted.
  ///
  /// - Throws: The first error where none can be read; `CancellationError` after a stop before
  ///   one could.
  init(
    _ captures: CaptureSet, configuration: Analyzer.Configuration, stop: StopSignal = StopSignal()
  ) throws {
    self.configuration = configuration
    threadCount = configuration.threadCount
    pool = BlockPool()
    selector = try PacketSelector(filter: configuration.filter, range: configuration.timeRange)
    var readers: [CaptureFileReader] = []
    var unreadable: [CaptureError] = []
    for input in captures.inputs {
      do throws(CaptureError) {
        let reader = try CaptureFileReader(
          input: input, fileIndex: UInt32(readers.count), pool: pool,
          hash: configuration.computesHashes, stop: stop)
        if captures.inputs.count > Self.maximumOpenFiles { reader.rest() }
        readers.append(reader)
      } catch {
        // A stream that was left unread is no error of its own.
        if !stop.isStopped { unreadable.append(error) }
      }
    }
    guard !readers.isEmpty else {
      if stop.isStopped { throw CancellationError() }
      throw unreadable.first
        ?? CaptureError(
          .usage, file: "", offset: nil, reason: "no input was given",
          advice: "name a capture file, a folder of them, or - for standard input")
    }
    self.readers = readers
    self.unreadable = unreadable
    groups = OrderedRecords.groups(of: readers.map(\.input), pool: pool)
  }

  /// Starts to hash the files that are read in segments.
  func startHashing(stop: StopSignal) -> DigestTask { DigestTask(hashedBeside, stop: stop) }

  /// Tracks all packets; `digests` are made meanwhile.
  func run(
    beside digests: borrowing DigestTask, stop: StopSignal,
    progress: (AnalysisProgress) -> Void
  ) throws -> CapturePass {
    let decoder = PacketDecoder(includesVLANInKey: configuration.includesVLANInKey)
    let feed = CaptureFeed(
      readers, groups: groups, pool: pool, decoder: decoder, limits: configuration.memory,
      selector: selector, threadCount: threadCount)
    // Keys the tables of this run, so that nobody can prepare colliding flows; nothing printed
    // depends on it.
    let seed = UInt64.random(in: 0...UInt64.max)
    let shards = (0..<ShardOrder.shardCount).map { _ in
      AnalysisShard(configuration.flowTracking, configuration.memory, seed: seed)
    }
    let pipeline = Pipeline(feed: feed, threadCount: threadCount) { segment, range in
      for ordered in segment.batches {
        let order = ordered.order
        let indices = order.indices
        for shard in range {
          let part = order.range(ofShard: shard)
          guard !part.isEmpty else { continue }
          shards[shard].process(ordered.batch, order: indices.span.extracting(part))
        }
      }
    }
    let hashing = digests.progress
    var reporter = ProgressReporter(inputs: readers)
    pipeline.run(
      helps: { !hashing.isBehind(feed.bytesRead) },
      pause: {
        reporter.report(feed.bytesRead, feed.recordsRead, to: progress)
        return !stop.isStopped
      })
    feed.finish()
    let (last, number) = (feed.totals.lastPacket, feed.totals.packetNumbers)
    let results = SharedWork.values(shards.count, threadCount: threadCount) {
      shards[$0].finish(last: last, number: number)
    }.compactMap { $0 }
    if let error = feed.mergeErrors.first { throw error }
    var inputs: [CaptureFacts] = []
    for (index, reader) in readers.enumerated() {
      var facts = feed.facts(of: index) ?? reader.facts
      if feed.isReadInSegments(index) {
        try reader.checkUnchanged()
      } else if !stop.isStopped, !feed.isMerged(index) {
        facts = try reader.finish()
      }
      inputs.append(facts)
    }
    return CapturePass(
      isComplete: !stop.isStopped, inputs: inputs, unreadable: unreadable, totals: feed.totals,
      shards: results)
  }

  /// Waits for the hashes and adds them to the facts of the inputs.
  ///
  /// - Throws: when a file changed since it was opened.
  func addHashes(
    _ digests: consuming DigestTask, to inputs: inout [CaptureFacts]
  ) throws(CaptureError) {
    let values = digests.finish()
    for (index, reader) in hashedBeside.enumerated() {
      guard let reader else { continue }
      inputs[index].sha256 = values[index]
      try reader.checkUnchanged()
    }
  }

  /// The inputs that can be read, all of which must be files.
  ///
  /// - Throws: `CaptureError` where one can be read only once.
  func inputsToReadTwice() throws(CaptureError) -> [CaptureInput] {
    for reader in readers where reader.byteCount == nil {
      throw CaptureError(
        .usage, file: reader.input.name, reason: "has to be read twice, which a stream cannot be",
        advice: "store it in a file first")
    }
    return readers.map(\.input)
  }

  /// Reads all records for the facts of the files.
  ///
  /// - Throws: `CancellationError` after a stop.
  func facts(
    stop: StopSignal = StopSignal(), progress: (AnalysisProgress) -> Void
  ) throws -> CaptureInformation {
    let beside = hashedBeside
    let digests = DigestTask(beside, stop: stop)
    var reporter = ProgressReporter(inputs: readers)
    var bytesRead: UInt64 = 0
    var packets: UInt64 = 0
    var files: [CaptureFacts] = []
    for (index, reader) in readers.enumerated() {
      // A reader that does not read itself leaves the hash to the thread beside.
      if beside[index] != nil, let plan = SegmentPlan(reader, pool: pool) {
        var stitcher = SegmentStitcher(plan, reader: reader)
        for segment in 0..<plan.segmentCount where !stop.isStopped {
          let batches = stitcher.append(plan.frame(segment: segment))
          packets += batches.reduce(0) { $0 + UInt64($1.records.count) }
          let position = UInt64(segment + 1) * UInt64(SegmentPlan.segmentByteCount)
          reporter.report(bytesRead + position, packets, to: progress)
        }
        files.append(stitcher.facts(of: reader))
        try reader.checkUnchanged()
        reader.rest()
      } else {
        while !stop.isStopped, let batch = reader.nextBatch() {
          packets += UInt64(batch.records.count)
          reporter.report(bytesRead + reader.bytesRead, packets, to: progress)
        }
        files.append(try reader.finish())
      }
      bytesRead += reader.byteCount ?? reader.bytesRead
    }
    for (index, digest) in digests.finish() { files[index].sha256 = digest }
    if stop.isStopped { throw CancellationError() }
    return CaptureInformation(files: files, unreadable: unreadable)
  }

  /// The files that several threads read in segments, so that their hash is a task of its own.
  private var hashedBeside: [CaptureFileReader?] {
    guard configuration.computesHashes, threadCount > 1 else { return readers.map { _ in nil } }
    let alone = Set(groups.filter { $0.count == 1 }.joined())
    return readers.enumerated().map { index, reader in
      alone.contains(index) && reader.segmentableByteCount != nil ? reader : nil
    }
  }
}

/// How far the hashing beside the analysis has come; on any thread, at any time.
final class DigestProgress: Sendable {
  /// Bytes that the analysis may be ahead before it is held to be the faster one: 16 MiB, twice
  /// what two threads have under way.
  private static let slack: UInt64 = 16 << 20

  private let bytes = Atomic<UInt64>(0)

  func add(_ count: UInt64) { bytes.wrappingAdd(count, ordering: .relaxed) }

  /// Nothing is left to be hashed.
  func end() { bytes.store(.max, ordering: .relaxed) }

  /// Whether the hashing is behind an analysis that has read so many bytes.
  func isBehind(_ bytesRead: UInt64) -> Bool {
    bytesRead > Self.slack && bytes.load(ordering: .relaxed) < bytesRead &- Self.slack
  }
}

/// Hashes inputs on a thread of its own, in order, beside the analysis.
struct DigestTask: ~Copyable {
  private final class Digests: Sendable {
    let values = Mutex<[Int: String]>([:])
  }

  /// Readers of which the thread only uses `digest`, which reads the file through a source of its
  /// own.
  private struct Files: @unchecked Sendable {
    let readers: [CaptureFileReader?]
  }

  private let digests: Digests
  private let thread: WorkerThreads
  let progress: DigestProgress

  /// Starts to hash the files of `readers`; `nil` ones are left out.
  init(_ readers: [CaptureFileReader?], stop: StopSignal) {
    let digests = Digests()
    let progress = DigestProgress()
    let files = Files(readers: readers)
    let isNeeded = readers.contains { $0 != nil }
    self.digests = digests
    self.progress = progress
    if !isNeeded { progress.end() }
    thread = WorkerThreads(isNeeded ? 1 : 0) {
      for (index, reader) in files.readers.enumerated() {
        let value = reader?.digest {
          progress.add(CaptureFileReader.digestStep)
          return stop.isStopped
        }
        if let value { digests.values.withLock { $0[index] = value } }
      }
      progress.end()
    }
  }

  /// Waits for the digests, by index of the reader.
  consuming func finish() -> [Int: String] {
    let digests = digests
    thread.join()
    return digests.values.withLock { $0 }
  }
}

/// Calls a progress closure at most ten times a second.
struct ProgressReporter {
  private let total: UInt64?
  private var last: ContinuousClock.Instant?

  init(inputs: [CaptureFileReader]) {
    total = inputs.reduce(into: UInt64?(0)) { sum, reader in
      sum = reader.byteCount.flatMap { count in sum.map { $0 + count } }
    }
  }

  mutating func report(
    _ bytesRead: @autoclosure () -> UInt64, _ packets: @autoclosure () -> UInt64,
    to progress: (AnalysisProgress) -> Void
  ) {
    let now = ContinuousClock.now
    if let last, now - last < AnalysisProgress.interval { return }
    last = now
    progress(
      AnalysisProgress(bytesRead: bytesRead(), bytesTotal: total, packets: packets()))
  }
}
