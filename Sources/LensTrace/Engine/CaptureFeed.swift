// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import FlowTracking
internal import PacketDecoding
internal import Synchronization

/// Feeds the pipeline with the files of a capture set, one after another; those that overlap in
/// time are merged.
///
/// A regular file is read by several threads at once where there are any: segments are framed from
/// guessed starts, and the stitch step keeps only what follows exactly on the segment before, so
/// the result is that of reading in order. Pipes and compressed files are read in order. Only the
/// stitch step keeps state between segments: frame numbers, the running number of packets and the
/// one defragmenter.
///
/// Nothing here is used by two threads at once, hence `Sendable`: the pipeline calls `nextTicket`
/// under its lock, `stitch` on one thread at a time, and the ticket of a source that is read in
/// order while no other is under way; what is left, the plan of a segmented file, is read-only.
/// Those who watch meanwhile read atomics.
final class CaptureFeed: SegmentFeed, @unchecked Sendable {
  /// Bytes that one ticket of a file read in parallel covers; small enough to stay in the cache
  /// until its packets are tracked.
  static let segmentByteCount = 1 << 20

  /// One file and the way it is read.
  private enum Source {
    case inOrder(CaptureFileReader)
    case segmented(CaptureFileReader)
    case merged(MergedCaptures, [CaptureFileReader])
  }

  /// Records that one ticket of merged files takes at most.
  private static let mergedRecordCount = 4_096

  private let sources: [Source]
  /// The source that each file is read by, and its place in the source.
  private var places: [Int: (source: Int, index: Int)] = [:]
  private let pool: BlockPool
  private let decoder: PacketDecoder
  /// Which packets are analysed; `nil` for all.
  private let selector: PacketSelector?
  private let batchesPerTicket: Int
  private var defragmenter: Defragmenter
  /// Source that tickets are made of, and the next segment of it.
  private var reading = 0
  private var nextSegment = 0
  /// Plan of the source that tickets are made of, where that is read in segments.
  private var plan: SegmentPlan?
  /// Whether the source that is read in order has ended; set by its ticket.
  private let isAtEnd = Atomic(false)
  private var nextNumber = 0
  /// Bytes of the sources before the one that tickets are made of.
  private var bytesOfSourcesRead: UInt64 = 0
  private let bytesTaken = Atomic<UInt64>(0)
  private let recordsStitched = Atomic<UInt64>(0)
  /// The source that is stitched, where that is read in segments.
  private var stitcher: SegmentStitcher?
  private var stitching = 0
  /// Facts of sources read in segments that are stitched to their ends.
  private var stitchedFacts: [Int: CaptureFacts] = [:]
  private var nextPacket: UInt64 = 0
  /// Sums over the packets stitched so far.
  private(set) var totals = CaptureTotals()

  init(
    _ readers: [CaptureFileReader], groups: [[Int]], pool: BlockPool, decoder: PacketDecoder,
    limits: MemoryLimits, selector: PacketSelector?, threadCount: Int
  ) {
    self.pool = pool
    self.decoder = decoder
    self.selector = selector
    for (source, group) in groups.enumerated() {
      for (index, file) in group.enumerated() { places[file] = (source, index) }
    }
    sources = groups.map { group in
      let reader = readers[group[0]]
      if group.count > 1 {
        let members = group.map { readers[$0] }
        return .merged(MergedCaptures(members, pool: pool), members)
      }
      return threadCount > 1 && reader.segmentableByteCount != nil
        ? .segmented(reader) : .inOrder(reader)
    }
    defragmenter = Defragmenter(decoder: decoder, limits: limits)
    // One thread works block by block, so that a block's bytes are still in the cache when they
    // are tracked.
    batchesPerTicket = threadCount <= 1 ? 1 : 4
  }

  func nextTicket() -> SegmentTicket? {
    let ticket = takeTicket()
    // No ticket that reads in order is under way now, so its reader may be asked.
    let bytes = reading < sources.count ? bytesRead(of: reading) : 0
    bytesTaken.store(bytesOfSourcesRead &+ bytes, ordering: .relaxed)
    return ticket
  }

  private func takeTicket() -> SegmentTicket? {
    while reading < sources.count {
      let source = reading
      switch sources[source] {
      case .segmented(let reader):
        // Planned only now, so that one file after another is open and not all at once.
        if nextSegment == 0 {
          plan = SegmentPlan(reader, pool: pool, segmentByteCount: Self.segmentByteCount)
          reader.rest()
        }
        if let plan, nextSegment < plan.segmentCount {
          let segment = nextSegment
          nextSegment += 1
          return ticket(source: source, isSerial: false) { [self] in
            decode(plan.frame(segment: segment), of: plan)
          }
        }
        plan = nil
      case .inOrder, .merged:
        if !isAtEnd.exchange(false, ordering: .acquiringAndReleasing) {
          return ticket(source: source, isSerial: true) { [self] in read(source) }
        }
      }
      bytesOfSourcesRead &+= bytesRead(of: reading)
      reading += 1
      nextSegment = 0
    }
    return nil
  }

  private func ticket(
    source: Int, isSerial: Bool, decode: @escaping @Sendable () -> Segment
  ) -> SegmentTicket {
    let number = nextNumber
    nextNumber += 1
    return SegmentTicket(number: number, source: source, isSerial: isSerial, decode: decode)
  }

  private func read(_ source: Int) -> Segment {
    var segment = Segment()
    switch sources[source] {
    case .segmented: break
    case .inOrder(let reader):
      while segment.batches.count < batchesPerTicket {
        guard let records = reader.nextBatch() else {
          // Closes the file; what goes wrong is told again where the facts are collected.
          _ = try? reader.finish()
          isAtEnd.store(true, ordering: .releasing)
          break
        }
        segment.batches.append(prepare(records))
      }
    case .merged(let merged, _):
      var count = 0
      while count < Self.mergedRecordCount {
        guard let run = merged.next() else {
          isAtEnd.store(true, ordering: .releasing)
          break
        }
        segment.batches.append(prepare(run.batch.slice(run.range)))
        count += run.range.count
      }
    }
    return segment
  }

  private func decode(_ framed: FramedSegment, of plan: SegmentPlan) -> Segment {
    Segment(batches: framed.batches.map(prepare), framed: framed, plan: plan)
  }

  private func prepare(_ records: RecordBatch) -> OrderedBatch {
    var batch = decoder.decode(records)
    let selected = selector?.apply(to: &batch, records: records)
    return OrderedBatch(batch, selected: selected)
  }

  func stitch(_ segment: consuming Segment, of ticket: SegmentTicket) -> Segment {
    if let framed = segment.framed, let plan = segment.plan,
      case .segmented(let reader) = sources[ticket.source]
    {
      if ticket.source != stitching || stitcher == nil {
        endStitching()
        stitching = ticket.source
        stitcher = SegmentStitcher(plan, reader: reader)
      }
      let isWrong = stitcher?.mustFrameAgain(framed) ?? false
      let records = stitcher?.append(framed) ?? []
      if isWrong {
        segment.batches = records.map(prepare)
      } else {
        for index in records.indices {
          segment.batches[index].place(atFrame: records[index].firstFrame)
        }
      }
      segment.framed = nil
      segment.plan = nil
    }
    for index in segment.batches.indices {
      let count = segment.batches[index].batch.packets.count
      let recordCount = UInt64(segment.batches[index].batch.recordCount)
      segment.batches[index].batch.firstNumber = nextPacket
      nextPacket &+= UInt64(count)
      totals.records &+= recordCount
      if segment.batches[index].batch.hasFragments {
        defragmenter.process(&segment.batches[index].batch)
        segment.batches[index].order = ShardOrder(segment.batches[index].batch.packets)
      }
      if let selected = segment.batches[index].selected {
        totals.add(selected)
      } else {
        totals.packets &+= recordCount
        if count > 0 { totals.lastPacket = segment.batches[index].batch.reference(count - 1) }
      }
      totals.packetsWithoutFlow &+= UInt64(segment.batches[index].order.packetsWithoutFlow)
    }
    totals.packetNumbers = nextPacket
    recordsStitched.store(totals.records, ordering: .relaxed)
    return segment
  }

  /// Keeps the facts of the source stitched so far, and lets go of its file.
  private func endStitching() {
    guard let stitcher, case .segmented(let reader) = sources[stitching] else { return }
    stitchedFacts[stitching] = stitcher.facts(of: reader)
    self.stitcher = nil
  }

  /// Bytes of the files taken so far, as they lie on disk; on any thread, at any time.
  var bytesRead: UInt64 { bytesTaken.load(ordering: .relaxed) }

  /// Records in their places so far; on any thread, at any time.
  var recordsRead: UInt64 { recordsStitched.load(ordering: .relaxed) }

  private func bytesRead(of source: Int) -> UInt64 {
    switch sources[source] {
    case .inOrder(let reader): reader.bytesRead
    case .merged(_, let readers): readers.reduce(0) { $0 &+ $1.bytesRead }
    case .segmented(let reader):
      min(reader.segmentableByteCount ?? 0, UInt64(nextSegment * Self.segmentByteCount))
    }
  }

  /// Ends the defragmentation; fragments of datagrams that never were whole are counted.
  func finish() {
    endStitching()
    defragmenter.finish()
    totals.incompleteFragments = defragmenter.incompleteFragments
    totals.incompleteDatagrams = defragmenter.incompleteDatagrams
    totals.crowdedDatagrams = defragmenter.crowdedOut
  }

  /// Whether a file is read by several threads at once, so that its reader never sees its end.
  func isReadInSegments(_ file: Int) -> Bool {
    guard let place = places[file], case .segmented = sources[place.source] else { return false }
    return true
  }

  /// The facts of a file, after the last packet.
  func facts(of file: Int) -> CaptureFacts? {
    guard let place = places[file] else { return nil }
    switch sources[place.source] {
    case .inOrder(let reader): return reader.facts
    case .segmented(let reader): return stitchedFacts[place.source] ?? reader.facts
    case .merged(let merged, let readers):
      return merged.facts[place.index] ?? readers[place.index].facts
    }
  }

  /// Whether a file is merged with others, which also finishes it.
  func isMerged(_ file: Int) -> Bool {
    guard let place = places[file], case .merged = sources[place.source] else { return false }
    return true
  }

  /// What went wrong at the end of merged files.
  var mergeErrors: [CaptureError] {
    var errors: [CaptureError] = []
    for case .merged(let merged, _) in sources { errors += merged.errors }
    return errors
  }
}

/// Sums over all packets of the capture.
struct CaptureTotals: Sendable {
  /// Records read, selected or not.
  var records: UInt64 = 0
  /// Running numbers given to packets; more than records where A-MSDUs hold several.
  var packetNumbers: UInt64 = 0
  /// Records analysed.
  var packets: UInt64 = 0
  /// Sums over the selected packets, where not all are.
  var selected: SelectedPackets?
  /// Packets without a network layer, and fragments held back until their datagram is whole.
  var packetsWithoutFlow: UInt64 = 0
  var incompleteFragments: UInt64 = 0
  /// Datagrams that were never complete.
  var incompleteDatagrams: UInt64 = 0
  /// Those of them that were given up because too many were under way.
  var crowdedDatagrams = BoundCount()
  var lastPacket = PacketReference(file: 0, frame: 0, time: 0)

  mutating func add(_ part: SelectedPackets) {
    packets &+= part.packets
    var sums = selected ?? SelectedPackets()
    sums.add(part)
    selected = sums
    if let last = part.last { lastPacket = last }
  }
}
