// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// All records of several captures in the order in which they are analysed, read by one thread.
final class OrderedRecords {
  private let inputs: [CaptureInput]
  private let pool: BlockPool
  private let keepsNumberedBlocks: Bool
  private var groups: [[Int]]
  private var current: Source?

  private enum Source {
    case one(CaptureFileReader)
    case merged(MergedCaptures, group: [Int])
  }

  /// Makes the order of `inputs`, whose indices become `RecordBatch.file`.
  ///
  /// `keepsNumberedBlocks` is for files that are read alone, see `CaptureFileReader`.
  init(_ inputs: [CaptureInput], pool: BlockPool, keepsNumberedBlocks: Bool = false) {
    self.inputs = inputs
    self.keepsNumberedBlocks = keepsNumberedBlocks
    self.pool = pool
    groups = Array(Self.groups(of: inputs, pool: pool).reversed())
  }

  /// Groups of inputs in reading order; those of one group overlap in time.
  ///
  /// Every input is in one group, also those that cannot be read.
  static func groups(of inputs: [CaptureInput], pool: BlockPool) -> [[Int]] {
    guard inputs.count > 1 else { return inputs.isEmpty ? [] : [[0]] }
    let groups = CaptureOrder(inputs, pool: pool).groups
    let ordered = Set(groups.joined())
    return groups + inputs.indices.filter { !ordered.contains($0) }.map { [$0] }
  }

  /// The next records, or `nil` at the end.
  ///
  /// - Throws: `CaptureError` when an input cannot be read or has changed.
  func next() throws(CaptureError) -> RecordBatch? {
    while true {
      switch current {
      case .one(let reader):
        if let batch = reader.nextBatch() { return batch }
        _ = try reader.finish()
      case .merged(let merged, let group):
        if let run = merged.next() {
          var batch = run.batch.slice(run.range)
          batch.file = UInt32(truncatingIfNeeded: group[Int(batch.file)])
          return batch
        }
        if let error = merged.errors.first { throw error }
      case nil: break
      }
      guard let group = groups.popLast() else { return nil }
      if group.count == 1 {
        let index = group[0]
        current = .one(
          try CaptureFileReader(
            input: inputs[index], fileIndex: UInt32(truncatingIfNeeded: index), pool: pool,
            keepsNumberedBlocks: keepsNumberedBlocks))
      } else {
        current = .merged(MergedCaptures(group.map { inputs[$0] }, pool: pool), group: group)
      }
    }
  }
}
