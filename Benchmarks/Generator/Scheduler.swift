// SPDX-License-Identifier: Apache-2.0

/// Something that sends packets one after another.
protocol Conversation: AnyObject {
  /// Sends at most one packet at `time`; the time of the next one, or `nil` at the end.
  ///
  /// Times are microseconds since 1970 and never go back.
  func step(at time: UInt64, _ network: Network) throws(FileError) -> UInt64?
}

/// A binary heap of conversations by the time of their next packet; equal times keep their order.
struct Scheduler {
  private struct Entry {
    var time: UInt64
    var order: UInt64
    var conversation: any Conversation

    func precedes(_ other: Entry) -> Bool {
      time != other.time ? time < other.time : order < other.order
    }
  }

  private var heap: [Entry] = []
  private var inserted: UInt64 = 0

  var nextTime: UInt64? { heap.first?.time }

  mutating func add(_ conversation: any Conversation, at time: UInt64) {
    inserted += 1
    let entry = Entry(time: time, order: inserted, conversation: conversation)
    var index = heap.count
    heap.append(entry)
    while index > 0 {
      let parent = (index - 1) / 2
      guard entry.precedes(heap[parent]) else { break }
      heap[index] = heap[parent]
      index = parent
    }
    heap[index] = entry
  }

  mutating func removeFirst() -> (time: UInt64, conversation: any Conversation)? {
    guard let first = heap.first, let last = heap.popLast() else { return nil }
    if !heap.isEmpty {
      var index = 0
      while true {
        var child = 2 * index + 1
        guard child < heap.count else { break }
        if child + 1 < heap.count, heap[child + 1].precedes(heap[child]) { child += 1 }
        guard heap[child].precedes(last) else { break }
        heap[index] = heap[child]
        index = child
      }
      heap[index] = last
    }
    return (first.time, first.conversation)
  }
}
