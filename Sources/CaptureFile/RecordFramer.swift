// SPDX-License-Identifier: Apache-2.0

/// Frames a stretch of a capture file, block by block: the whole file from a source in order,
/// or one segment of a regular file.
///
/// What is framed depends on the bytes and the start alone, never on where blocks end, so that
/// segments put together equal the file read in order.
final class RecordFramer {
  private let source: any ByteSource
  private let pool: BlockPool
  private let file: UInt32
  /// Records that start at or beyond this offset belong to the next stretch.
  private let limit: UInt64
  /// State between the last record framed and the next one.
  private(set) var walker: RecordWalker
  /// Facts of the stretch so far.
  private(set) var facts = FramingFacts()
  /// Offset in the uncompressed file of the next record.
  private(set) var offset: UInt64
  /// Whether the stretch was framed to its end.
  private(set) var isFinished = false

  /// Block with the bytes from `offset` on, and their place in it.
  private var current: Block
  private var position: Int
  private var sourceEnded = false
  /// Whether records found again must lie near the last one in time.
  private var demandsNearTime = false
  /// Least size of the next block.
  private var needed = 0
  /// Damage at `offset` that is to be passed over.
  private var pendingDamage: CaptureDamage.Reason?
  /// Room for the records of a batch; grows to what a block holds.
  private var capacity = 512

  /// Records of a batch at most.
  ///
  /// The part of them that a shard has, one in 64, shares the waiting for what is touched once a
  /// batch and shard. Where they are many, they and their bytes do not stay in the second cache,
  /// and giving them back to glibc's malloc raises the size from which on it returns freed memory to
  /// the system (measured on many small flows: of 2,000, 4 % less time than of 1,000 and 4 % more
  /// memory; of 3,000, no less time and 12 % more memory).
  private static let greatestCapacity = 2_000

  /// Bytes beyond the limit that are read at once, to have the end of the last record.
  private static let readAhead = 4096

  /// Bytes of a cut record that must be there to say that its length was wrong: the shortest
  /// header.
  private static let leastCutByteCount = 12

  /// One hour in nanoseconds.
  private static let nearTime: UInt64 = 3_600_000_000_000

  /// Frames from `position` of `block`, whose first byte lies at `blockOffset` of the file.
  init(
    walker: RecordWalker, source: any ByteSource, block: Block, blockOffset: UInt64, position: Int,
    limit: UInt64 = .max, file: UInt32, pool: BlockPool, keepsNumberedBlocks: Bool = false
  ) {
    self.walker = walker
    self.walker.keepsNumberedBlocks = keepsNumberedBlocks
    self.source = source
    self.pool = pool
    self.file = file
    self.limit = limit
    current = block
    self.position = position
    offset = blockOffset + UInt64(position)
  }

  /// The next records; nil at the end of the stretch.
  ///
  /// `firstFrame` counts from 1 in the stretch.
  func nextBatch() -> RecordBatch? {
    while !isFinished {
      if let reason = pendingDamage {
        passOver(reason)
        continue
      }
      if let batch = walkCurrentBlock() { return batch }
    }
    return nil
  }

  private var blockOffset: UInt64 { offset - UInt64(position) }

  private func walkCurrentBlock() -> RecordBatch? {
    let framesBefore = facts.frames
    let start = blockOffset
    let stop = limit > start ? Int(clamping: limit - start) : 0
    let block = current
    var result = WalkResult(position: position, stop: .full)
    let records = [CaptureRecord](capacity: capacity) { span in
      result = walker.walk(
        block.bytes, from: position, stop: stop, blockOffset: start, into: &span, facts: &facts)
    }
    offset = start + UInt64(result.position)
    position = result.position
    if !records.isEmpty {
      facts.count(records, untimed: walker.untimed, interfaceCount: walker.interfaces.count)
    }
    switch result.stop {
    case .limit: isFinished = true
    case .numbered: break
    case .damage(let reason): pendingDamage = reason
    case .needs(let byteCount): readOn(recordByteCount: byteCount)
    case .full: capacity = min(capacity * 2, Self.greatestCapacity)
    }
    let numberedBlock = walker.numberedBlock
    guard !records.isEmpty || numberedBlock != nil else { return nil }
    var batch = RecordBatch(
      block: block, records: records, file: file, firstFrame: framesBefore + 1, fileOffset: start,
      linkTypes: walker.linkTypes)
    batch.simplePackets = walker.simplePackets
    batch.numberedBlock = numberedBlock
    return batch
  }

  /// Carries what is left of the block over into the next one and fills it.
  private func readOn(recordByteCount: Int) {
    let left = current.count - position
    if let end = source.byteCount, offset + UInt64(recordByteCount) > end {
      // A length beyond the end of the file must not cost a buffer of that length.
      sourceEnded = sourceEnded || offset + UInt64(left) >= end
      if !sourceEnded { fillNext(leastByteCount: Int(clamping: end - offset)) }
      if current.count - position < recordByteCount && sourceEnded { endInsideRecord() }
      return
    }
    if sourceEnded {
      endInsideRecord()
      return
    }
    fillNext(leastByteCount: recordByteCount)
  }

  private func fillNext(leastByteCount: Int) {
    let start = offset
    let next =
      leastByteCount > pool.blockByteCount ? Block(byteCount: leastByteCount) : pool.take()
    next.copy(from: current.bytes.extracting(position..<current.count))
    var wanted = next.capacity
    if limit > start, limit != .max {
      wanted = min(wanted, Int(clamping: limit - start) + Self.readAhead)
    }
    wanted = max(wanted, leastByteCount)
    let before = next.count
    next.append(from: source, to: wanted)
    if next.count < min(wanted, next.capacity) || next.count == before { noteSourceEnd(next.count) }
    current = next
    position = 0
  }

  private func noteSourceEnd(_ available: Int) {
    sourceEnded = true
    guard let failure = source.failure, !source.isStopped else { return }
    facts.note(
      CaptureDamage(
        offset: offset + UInt64(available), reason: failure.reason,
        bytesSkipped: failure.byteCount))
  }

  /// The source ended; what is left is no whole record.
  private func endInsideRecord() {
    let left = current.count - position
    // Who stops in the middle of a record has not damaged it.
    guard left > 0, !source.isStopped else {
      isFinished = true
      return
    }
    if left >= Self.leastCutByteCount {
      // The header of a cut record is mostly right; what follows it may be a packet that
      // carries a capture. Only records of the same hour then speak against it.
      demandsNearTime = walker.isBelievable(current.bytes, at: position)
      pendingDamage = .truncatedRecord
      return
    }
    facts.note(
      CaptureDamage(offset: offset, reason: .truncatedRecord, bytesSkipped: UInt64(left)))
    offset += UInt64(left)
    position += left
    isFinished = true
  }

  /// Looks for the next place where records chain and goes on there.
  private func passOver(_ reason: CaptureDamage.Reason) {
    pendingDamage = nil
    let damaged = offset
    while true {
      prepareWindow()
      let found = Resynchronisation.nextRecord(
        walker, current.bytes, from: position + (offset == damaged ? 1 : 0),
        isEnd: sourceEnded)
      switch found {
      case .found(let place) where !demandsNearTime || isNear(place):
        offset += UInt64(place - position)
        position = place
        demandsNearTime = false
        note(reason, from: damaged, foundAgain: true)
        return
      case .found:
        offset += UInt64(current.count - position)
        position = current.count
        note(reason, from: damaged, foundAgain: false)
        isFinished = true
        return
      case .searched(let place):
        offset += UInt64(place - position)
        position = place
        if sourceEnded {
          offset += UInt64(current.count - position)
          position = current.count
          note(reason, from: damaged, foundAgain: false)
          isFinished = true
          return
        }
      }
    }
  }

  /// Whether the record at `place` lies within an hour of the last one.
  private func isNear(_ place: Int) -> Bool {
    guard let lastTime = walker.lastTime else { return true }
    let block = current
    var trial = walker
    var ignored = FramingFacts()
    let records = [CaptureRecord](capacity: 1) { span in
      _ = trial.walk(
        block.bytes, from: place, stop: block.count, blockOffset: 0, into: &span, facts: &ignored)
    }
    guard let time = records.first?.time else { return false }
    let (distance, overflow) = time.subtractingReportingOverflow(lastTime)
    return !overflow && distance.magnitude <= Self.nearTime
  }

  private func note(_ reason: CaptureDamage.Reason, from damaged: UInt64, foundAgain: Bool) {
    // A record that seemed cut was damaged when others follow it.
    let isCut = reason == .truncatedRecord && foundAgain
    facts.note(
      CaptureDamage(
        offset: damaged, reason: isCut ? .badRecordLength : reason, bytesSkipped: offset - damaged))
  }

  /// Makes the bytes from `offset` on fill a window of `Resynchronisation.byteCount`.
  private func prepareWindow() {
    guard !sourceEnded, current.count - position < 2 * Resynchronisation.windowByteCount else {
      return
    }
    let next = Block(byteCount: 3 * Resynchronisation.windowByteCount)
    next.copy(from: current.bytes.extracting(position..<current.count))
    next.append(from: source, to: next.capacity)
    if next.count < next.capacity { noteSourceEnd(next.count) }
    current = next
    position = 0
  }
}
