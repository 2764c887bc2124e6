// SPDX-License-Identifier: Apache-2.0

/// How a regular uncompressed capture file is cut into segments that are framed in any order
/// (DESIGN.md, "How data moves").
///
/// Segments begin at round offsets, where nobody knows whether a record begins: the first
/// record is found by chains of plausible headers. `SegmentStitcher` then takes a segment only
/// if it starts exactly where the one before ended, so speculation never changes a result.
package struct SegmentPlan: Sendable {
  /// Number of bytes of a segment.
  package static let segmentByteCount = 4 << 20

  /// Number of segments.
  package let segmentCount: Int

  let file: OpenFile
  let fileIndex: UInt32
  let pool: BlockPool
  private let byteCount: UInt64
  private let start: UInt64
  private let segmentByteCount: UInt64
  let firstState: RecordWalker
  /// State in which segments are framed before the one in front of them is known.
  private var guess: RecordWalker

  /// Plans the file of `reader`; nil where it can only be read in order.
  ///
  /// The reader is left as it is; only one of the two should be used for packets.
  package init?(
    _ reader: CaptureFileReader, pool: BlockPool,
    segmentByteCount: Int = SegmentPlan.segmentByteCount
  ) {
    guard let size = reader.segmentableByteCount, let file = reader.file else { return nil }
    self.file = file
    fileIndex = reader.fileIndex
    self.pool = pool
    byteCount = size
    start = UInt64(reader.start.headerByteCount)
    self.segmentByteCount = UInt64(max(segmentByteCount, 1))
    segmentCount = Int(clamping: (size + self.segmentByteCount - 1) / self.segmentByteCount)
    firstState = reader.start.walker
    guess = firstState
    guess = stateAfterFirstBlock()
  }

  /// The interfaces that the first block of the file describes.
  private func stateAfterFirstBlock() -> RecordWalker {
    let framer = framer(firstState, at: start, limit: .max)
    _ = framer.nextBatch()
    var state = framer.walker
    state.lastTime = nil
    state.metUntimed = false
    return state
  }

  /// Frames segment `index` before it is known where the one before it ends.
  ///
  /// May be called on any thread, in any order.
  package func frame(segment index: Int) -> FramedSegment {
    if index == 0 {
      return frame(segment: 0, after: FramingPoint(offset: start, state: firstState))
    }
    let nominal = UInt64(index) * segmentByteCount
    let source = FileByteSource(file, from: nominal)
    let block = pool.take()
    block.append(from: source, to: block.capacity)
    let isEnd = nominal + UInt64(block.count) >= byteCount
    let found = Resynchronisation.nextRecord(
      guess, block.bytes, from: 0, isEnd: isEnd, windowByteCount: pool.blockByteCount / 2)
    guard case .found(let position) = found else { return FramedSegment(index: index) }
    let framer = RecordFramer(
      walker: guess, source: source, block: block, blockOffset: nominal, position: position,
      limit: limit(of: index), file: fileIndex, pool: pool)
    let point = FramingPoint(offset: nominal + UInt64(position), state: guess)
    return FramedSegment(index: index, start: point, framer: framer)
  }

  /// Frames segment `index` from where the one before it ended.
  package func frame(segment index: Int, after point: FramingPoint) -> FramedSegment {
    let framer = framer(point.state, at: point.offset, limit: limit(of: index))
    return FramedSegment(index: index, start: point, framer: framer)
  }

  /// A plan whose segments are framed as the file stands at `point`.
  ///
  /// Worth while after a section or an interface began in the middle of the file.
  package func adopting(_ point: FramingPoint) -> SegmentPlan {
    var plan = self
    plan.guess = point.state
    plan.guess.lastTime = nil
    plan.guess.metUntimed = false
    return plan
  }

  /// Offset at which segment `index` ends, were there no records.
  func limit(of index: Int) -> UInt64 {
    index + 1 >= segmentCount ? .max : UInt64(index + 1) * segmentByteCount
  }

  private func framer(_ state: RecordWalker, at offset: UInt64, limit: UInt64) -> RecordFramer {
    let source = FileByteSource(file, from: offset)
    let block = pool.take()
    let wanted = limit == .max ? block.capacity : Int(clamping: limit - min(offset, limit)) + 4096
    block.append(from: source, to: min(wanted, block.capacity))
    return RecordFramer(
      walker: state, source: source, block: block, blockOffset: offset, position: 0, limit: limit,
      file: fileIndex, pool: pool)
  }
}

/// A place between two records, with all that is needed to go on.
package struct FramingPoint: Sendable {
  /// Offset in the file.
  package var offset: UInt64
  var state: RecordWalker
}

/// The records of one segment.
package struct FramedSegment: Sendable {
  /// Index of the segment.
  package let index: Int
  /// The records; `firstFrame` counts from 1 in the segment until it is stitched.
  package var batches: [RecordBatch] = []
  /// Facts of the segment.
  package var facts = FramingFacts()
  /// Where the first record was found; nil when none was.
  package private(set) var start: FramingPoint?
  /// Where the next segment must start; nil when no record was found.
  package private(set) var end: FramingPoint?

  fileprivate init(index: Int) {
    self.index = index
  }

  fileprivate init(index: Int, start: FramingPoint, framer: RecordFramer) {
    self.index = index
    self.start = start
    while let batch = framer.nextBatch() { batches.append(batch) }
    facts = framer.facts
    end = FramingPoint(offset: framer.offset, state: framer.walker)
  }

  /// Whether the segment is what framing from `point` would give.
  fileprivate func follows(_ point: FramingPoint) -> Bool {
    guard let start, let end else { return false }
    return start.offset == point.offset && start.state.changes == point.state.changes
      && start.state.referenceTime == point.state.referenceTime
      && (!end.state.metUntimed || start.state.lastTime == point.state.lastTime)
  }
}

/// Puts segments together in file order, each starting where the one before ended.
package struct SegmentStitcher: Sendable {
  private let plan: SegmentPlan
  /// Where the next segment must start.
  package private(set) var point: FramingPoint
  /// Number of segments that had to be framed again.
  package private(set) var reframed = 0
  private var facts: FramingFacts

  /// Starts at the beginning of the file of `plan`, which was read by `reader`.
  package init(_ plan: SegmentPlan, reader: CaptureFileReader) {
    self.plan = plan
    point = FramingPoint(offset: UInt64(reader.start.headerByteCount), state: plan.firstState)
    facts = reader.start.facts
  }

  /// Whether `segment`, the next one in file order, must be framed again from `point`.
  package func mustFrameAgain(_ segment: FramedSegment) -> Bool {
    point.offset < plan.limit(of: segment.index) && !segment.follows(point)
  }

  /// Takes the next segment in file order and numbers its frames.
  ///
  /// Frames it again where it does not follow the one before. No work per record otherwise.
  package mutating func append(_ speculative: FramedSegment) -> [RecordBatch] {
    // A record or damage may reach beyond whole segments.
    guard point.offset < plan.limit(of: speculative.index) else { return [] }
    var segment = speculative
    if !segment.follows(point) {
      segment = plan.frame(segment: segment.index, after: point)
      reframed += 1
    }
    let framesBefore = facts.frames
    facts.join(segment.facts, batches: segment.batches)
    for index in segment.batches.indices { segment.batches[index].firstFrame += framesBefore }
    if let end = segment.end { point = advanced(to: end) }
    return segment.batches
  }

  /// The point after a segment, with what only the whole file before it tells.
  private func advanced(to end: FramingPoint) -> FramingPoint {
    var next = end
    if next.state.lastTime == nil { next.state.lastTime = point.state.lastTime }
    next.state.metUntimed = false
    return next
  }

  /// Facts of the file after the last segment; without hash.
  package func facts(of reader: CaptureFileReader) -> CaptureFacts {
    var result = CaptureFacts(path: reader.input.name, format: reader.format)
    result.bytes = reader.identity.byteCount
    result.uncompressedBytes = point.offset
    facts.describe(point.state.interfaces, in: &result)
    return result
  }
}
