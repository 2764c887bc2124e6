// SPDX-License-Identifier: Apache-2.0

/// Gives a file's records batch by batch, in file order.
package protocol BatchSource: AnyObject {
  /// The next records, or nil at the end.
  func nextBatch() -> RecordBatch?
  /// Facts of the file after its last batch.
  ///
  /// - Throws: when the file changed while it was read.
  func finish() throws(CaptureError) -> CaptureFacts
}

extension CaptureFileReader: BatchSource {}

/// Records of one file that follow one another in the merged order.
package struct MergedRun: Sendable {
  /// The batch the records lie in.
  package var batch: RecordBatch
  /// Their indices in the batch.
  package var range: Range<Int>
}

/// Several captures as one, merged by time (DESIGN.md section 3).
///
/// A file joins when the merged clock reaches its first time: rotated files run one after
/// another, concurrent capture points are interleaved. The order inside a file never changes:
/// a record counts as late as the latest before it in its file. Equal times go by the order of
/// the inputs.
package final class MergedCaptures {
  /// Makes the source of a file that joins; for readers that work ahead on other threads.
  package typealias SourceFactory = (CaptureFileReader) -> any BatchSource

  /// Inputs that could not be read, in order.
  package private(set) var errors: [CaptureError] = []
  /// Facts of the files that were read to their end, by index of the input.
  package private(set) var facts: [Int: CaptureFacts] = [:]

  private let inputs: [CaptureInput]
  private let pool: BlockPool
  private let hash: Bool
  private let makeSource: SourceFactory
  /// Readers of all inputs, where the caller has opened them.
  private let opened: [CaptureFileReader]
  /// Files that have not joined, the last one joining first.
  private var waiting: [Waiting] = []
  private var active: [Cursor] = []

  private struct Waiting {
    var place: Place
    /// Streams cannot be opened twice.
    var opened: Cursor?
  }

  /// A place in the merged order.
  private struct Place: Comparable {
    var time: Int64
    var file: Int

    static func < (first: Place, second: Place) -> Bool {
      (first.time, first.file) < (second.time, second.file)
    }
  }

  private final class Cursor {
    let file: Int
    let reader: CaptureFileReader
    let source: any BatchSource
    var batch: RecordBatch
    var position = 0
    var latest = Int64.min

    init(file: Int, reader: CaptureFileReader, source: any BatchSource, batch: RecordBatch) {
      self.file = file
      self.reader = reader
      self.source = source
      self.batch = batch
    }

    var place: Place { Place(time: max(latest, batch.records[position].time), file: file) }
  }

  /// Merges what readers that are open give; batches keep the readers' file indices.
  package convenience init(_ readers: [CaptureFileReader], pool: BlockPool) {
    self.init(readers.map(\.input), pool: pool, opened: readers)
  }

  /// Opens every input for its first time; those that cannot be read are in `errors`.
  package convenience init(
    _ inputs: [CaptureInput], pool: BlockPool, hash: Bool = false,
    makeSource: @escaping SourceFactory = { $0 }
  ) {
    self.init(inputs, pool: pool, hash: hash, makeSource: makeSource, opened: [])
  }

  private init(
    _ inputs: [CaptureInput], pool: BlockPool, hash: Bool = false,
    makeSource: @escaping SourceFactory = { $0 }, opened: [CaptureFileReader]
  ) {
    self.opened = opened
    self.inputs = inputs
    self.pool = pool
    self.hash = hash
    self.makeSource = makeSource
    for index in inputs.indices {
      guard let cursor = open(index) else { continue }
      // Streams cannot be opened twice; other files wait closed, there may be thousands.
      let keeps = cursor.reader.identity.kind != .regular || inputs.count == 1
      waiting.append(Waiting(place: cursor.place, opened: keeps ? cursor : nil))
      if !keeps { cursor.reader.rest() }
    }
    waiting.sort { $0.place > $1.place }
  }

  /// The next records in merged order, or nil at the end.
  package func next() -> MergedRun? {
    while true {
      guard let chosen = active.min(by: { $0.place < $1.place }) else {
        guard joinNext() else { return nil }
        continue
      }
      let place = chosen.place
      if let next = waiting.last, next.place < place {
        _ = joinNext()
        continue
      }
      var rival = waiting.last?.place
      for cursor in active where cursor !== chosen {
        rival = rival.map { min($0, cursor.place) } ?? cursor.place
      }
      return run(of: chosen, before: rival)
    }
  }

  /// Takes the records of `cursor` that come before `rival`.
  private func run(of cursor: Cursor, before rival: Place?) -> MergedRun {
    let start = cursor.position
    let batch = cursor.batch
    var end = start
    if let rival {
      var latest = cursor.latest
      while end < batch.records.count {
        let time = max(latest, batch.records[end].time)
        guard Place(time: time, file: cursor.file) < rival else { break }
        latest = time
        end += 1
      }
      cursor.latest = latest
    } else {
      // Alone: nobody can tell how late its records are.
      end = batch.records.count
    }
    cursor.position = end
    if end == batch.records.count {
      if let next = cursor.source.nextBatch() {
        cursor.batch = next
        cursor.position = 0
      } else {
        active.removeAll { $0 === cursor }
        finish(cursor.source, cursor.file)
      }
    }
    return MergedRun(batch: batch, range: start..<end)
  }

  private func joinNext() -> Bool {
    guard let next = waiting.popLast() else { return false }
    if let cursor = next.opened ?? open(next.place.file) { active.append(cursor) }
    return true
  }

  /// Opens an input at its first record; notes facts or error when there is none.
  private func open(_ index: Int) -> Cursor? {
    do throws(CaptureError) {
      let reader =
        opened.isEmpty
        ? try CaptureFileReader(
          input: inputs[index], fileIndex: UInt32(truncatingIfNeeded: index), pool: pool,
          hash: hash) : opened[index]
      let source = makeSource(reader)
      guard let batch = source.nextBatch() else {
        finish(source, index)
        return nil
      }
      return Cursor(file: index, reader: reader, source: source, batch: batch)
    } catch {
      errors.append(error)
      return nil
    }
  }

  private func finish(_ source: any BatchSource, _ index: Int) {
    do throws(CaptureError) {
      facts[index] = try source.finish()
    } catch {
      errors.append(error)
    }
  }
}
