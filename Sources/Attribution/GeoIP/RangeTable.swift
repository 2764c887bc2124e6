// SPDX-License-Identifier: Apache-2.0

/// Rows of one address family, and the disjoint ranges that answer a look-up.
///
/// Of the rows that hold an address the smallest wins, of equal ones the first. Rows are kept as
/// written, because an answer names the row; where rows overlap, disjoint segments point to them.
struct RangeTable<Bound: FixedWidthInteger & UnsignedInteger & Sendable>: Sendable {
  private(set) var starts: [Bound] = []
  private(set) var ends: [Bound] = []
  /// Index of each row's facts.
  private(set) var facts: [UInt32] = []
  /// Physical line of each row.
  private(set) var lines: [UInt32] = []

  /// Empty where the rows are disjoint and answer themselves.
  private var segmentStarts: [Bound] = []
  private var segmentEnds: [Bound] = []
  private var segmentRows: [UInt32] = []
  /// For each value of the upper 16 bits the first range that ends in or after its block.
  private var blockIndex: [UInt32] = []
  private var isSorted = true

  /// Rows from which on the index of 256 KiB is worth its memory.
  static var indexedRows: Int { 4096 }

  var count: Int { starts.count }

  mutating func append(_ start: Bound, _ end: Bound, facts index: UInt32, line: UInt32) {
    if isSorted, let last = starts.last, last > start { isSorted = false }
    starts.append(start)
    ends.append(end)
    facts.append(index)
    lines.append(line)
  }

  /// Adds the rows of a later file, whose facts start at `offset`.
  mutating func append(contentsOf other: RangeTable, factsOffset offset: UInt32) {
    if count == 0, offset == 0 {
      self = other
      return
    }
    if let last = starts.last, let first = other.starts.first, last > first { isSorted = false }
    if !other.isSorted { isSorted = false }
    starts.append(contentsOf: other.starts)
    ends.append(contentsOf: other.ends)
    lines.append(contentsOf: other.lines)
    facts.reserveCapacity(facts.count + other.count)
    for index in other.facts { facts.append(index &+ offset) }
  }

  /// Sorts the rows, finds repeated ranges, and makes the segments.
  ///
  /// Call once, after the last row.
  ///
  /// - Parameters:
  ///   - onRepeat: Called for each row whose range an earlier row has: winner, loser.
  ///   - onOverlap: Called for each row that overlaps an earlier one with another range.
  /// - Complexity: O(n log n).
  mutating func finish(onRepeat: (Int, Int) -> Void, onOverlap: (Int) -> Void) {
    let order = sort()
    var isDisjoint = true
    var furthest: Bound = 0
    var winner = 0
    for row in starts.indices {
      guard row > 0 else {
        furthest = ends[row]
        continue
      }
      if starts[row] == starts[winner], ends[row] == ends[winner] {
        isDisjoint = false
        onRepeat(winner, row)
        continue
      }
      winner = row
      if starts[row] <= furthest {
        isDisjoint = false
        onOverlap(row)
      }
      furthest = max(furthest, ends[row])
    }
    if !isDisjoint { makeSegments(order: order) }
    makeIndex()
  }

  /// The row that answers for a value.
  ///
  /// - Complexity: O(log n); one block of the index where there is one.
  func row(for value: Bound) -> Int? {
    if segmentRows.isEmpty { return find(value, starts, ends) }
    return find(value, segmentStarts, segmentEnds).map { row(ofSegment: $0) }
  }

  /// Calls `body` with first, last and row of each disjoint range in ascending order.
  func forEachSegment(_ body: (Bound, Bound, Int) -> Void) {
    if segmentRows.isEmpty {
      for row in starts.indices { body(starts[row], ends[row], row) }
    } else {
      for index in segmentRows.indices {
        body(segmentStarts[index], segmentEnds[index], row(ofSegment: index))
      }
    }
  }

  mutating func replaceFacts(of row: Int, by index: UInt32) { facts[row] = index }

  private func row(ofSegment index: Int) -> Int { Int(segmentRows[index]) }

  @inline(__always)
  private func find(_ value: Bound, _ starts: borrowing [Bound], _ ends: borrowing [Bound]) -> Int?
  {
    var low = 0
    var high = ends.count
    if !blockIndex.isEmpty {
      let block = Int(truncatingIfNeeded: value >> Bound(Bound.bitWidth - 16))
      low = Int(blockIndex[block])
      high = min(high, Int(blockIndex[block + 1]) + 1)
    }
    while low < high {
      let middle = (low + high) / 2
      if ends[middle] < value { low = middle + 1 } else { high = middle }
    }
    return low < starts.count && starts[low] <= value ? low : nil
  }

  /// Sorts by start, larger ranges first; returns the original place of each row, or nothing where
  /// the rows stayed where they were.
  private mutating func sort() -> [UInt32] {
    var needsSort = !isSorted
    if !needsSort {
      for row in starts.indices.dropFirst()
      where starts[row] == starts[row - 1] && ends[row] > ends[row - 1] {
        needsSort = true
        break
      }
    }
    guard needsSort else { return [] }
    let starts = self.starts
    let ends = self.ends
    var order = Array(0..<UInt32(starts.count))
    order.sort { lhs, rhs in
      let left = Int(lhs)
      let right = Int(rhs)
      if starts[left] != starts[right] { return starts[left] < starts[right] }
      if ends[left] != ends[right] { return ends[left] > ends[right] }
      return lhs < rhs
    }
    self.starts = order.map { starts[Int($0)] }
    self.ends = order.map { ends[Int($0)] }
    facts = order.map { facts[Int($0)] }
    lines = order.map { lines[Int($0)] }
    isSorted = true
    return order
  }

  /// A sweep over the sorted rows with a heap of those that are open, smallest first.
  private mutating func makeSegments(order: [UInt32]) {
    var heap = OpenRows()
    var next = 0
    var position: Bound = 0
    while next < count || !heap.isEmpty {
      if heap.isEmpty { position = max(position, starts[next]) }
      while next < count, starts[next] <= position {
        let row = UInt32(truncatingIfNeeded: next)
        let place = order.isEmpty ? row : order[next]
        heap.insert(.init(size: ends[next] &- starts[next], place: place, row: row))
        next += 1
      }
      guard let top = heap.first else { continue }
      let end = ends[Int(top.row)]
      if end < position {
        heap.removeFirst()
        continue
      }
      // `next` starts after `position`, so one less is still at or after it.
      let stop = next < count ? min(end, starts[next] &- 1) : end
      if let last = segmentRows.last, last == top.row, let lastEnd = segmentEnds.last,
        lastEnd &+ 1 == position
      {
        segmentEnds[segmentEnds.count - 1] = stop
      } else {
        segmentStarts.append(position)
        segmentEnds.append(stop)
        segmentRows.append(top.row)
      }
      if stop == Bound.max { break }
      position = stop + 1
    }
  }

  private mutating func makeIndex() {
    let ends = segmentRows.isEmpty ? self.ends : segmentEnds
    // Only IPv4 spreads over the upper 16 bits; all announced IPv6 lies in 2000::/3.
    guard Bound.bitWidth == 32, ends.count >= Self.indexedRows else { return }
    var index: [UInt32] = []
    index.reserveCapacity(65_537)
    var range = 0
    for block in 0..<65_536 {
      let first = Bound(truncatingIfNeeded: block) << Bound(Bound.bitWidth - 16)
      while range < ends.count, ends[range] < first { range += 1 }
      index.append(UInt32(range))
    }
    index.append(UInt32(ends.count))
    blockIndex = index
  }

  /// A binary heap of open rows by size, then by order.
  private struct OpenRows {
    struct Entry {
      var size: Bound
      /// Place in the order of reading: of equal sizes the first line wins.
      var place: UInt32
      var row: UInt32

      func precedes(_ other: Entry) -> Bool {
        size == other.size ? place < other.place : size < other.size
      }
    }

    private var entries: [Entry] = []

    var isEmpty: Bool { entries.isEmpty }
    var first: Entry? { entries.first }

    mutating func insert(_ entry: Entry) {
      var child = entries.count
      entries.append(entry)
      while child > 0 {
        let parent = (child - 1) / 2
        guard entries[child].precedes(entries[parent]) else { return }
        entries.swapAt(child, parent)
        child = parent
      }
    }

    mutating func removeFirst() {
      guard let last = entries.popLast(), !entries.isEmpty else { return }
      entries[0] = last
      var parent = 0
      while true {
        var child = parent * 2 + 1
        guard child < entries.count else { return }
        if child + 1 < entries.count, entries[child + 1].precedes(entries[child]) { child += 1 }
        guard entries[child].precedes(entries[parent]) else { return }
        entries.swapAt(child, parent)
        parent = child
      }
    }
  }
}
