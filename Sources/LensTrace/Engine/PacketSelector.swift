// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import CaptureFilter
internal import PacketDecoding
internal import Synchronization

/// Sums over the packets that a filter or a time range has selected.
struct SelectedPackets: Sendable {
  var packets: UInt64 = 0
  var wireBytes: UInt64 = 0
  var truncatedPackets: UInt64 = 0
  var firstTime: Int64?
  var lastTime: Int64?
  /// The last of them in the order of reading.
  var last: PacketReference?

  mutating func add(_ other: SelectedPackets) {
    packets &+= other.packets
    wireBytes &+= other.wireBytes
    truncatedPackets &+= other.truncatedPackets
    if let time = other.firstTime { firstTime = min(firstTime ?? time, time) }
    if let time = other.lastTime { lastTime = max(lastTime ?? time, time) }
    if let reference = other.last { last = reference }
  }

  fileprivate mutating func add(_ packet: DecodedPacket) {
    packets &+= 1
    wireBytes &+= UInt64(packet.originalLength)
    if packet.flags.includes(.isTruncated) { truncatedPackets &+= 1 }
    firstTime = min(firstTime ?? packet.time, packet.time)
    lastTime = max(lastTime ?? packet.time, packet.time)
  }
}

/// Takes packets that are not to be analysed out of decoded batches.
///
/// They keep their places, so that frame numbers and the order of flows are those of the file. May
/// be used by any number of threads.
final class PacketSelector: Sendable {
  /// A filter that one thread at a time uses.
  private struct Program: @unchecked Sendable {
    let filter: PacketFilter
  }

  private let range: TimeRange
  private let expression: String?
  /// Filters that no thread uses now.
  private let idle: Mutex<[Program]>

  /// Makes a selector; `nil` where everything is selected.
  ///
  /// - Throws: `FilterError` where libpcap refuses the expression.
  init?(filter expression: String?, range: TimeRange?) throws(FilterError) {
    guard expression != nil || range != nil else { return nil }
    self.expression = expression
    self.range = range ?? TimeRange()
    if let expression {
      idle = Mutex([Program(filter: try PacketFilter(expression))])
    } else {
      idle = Mutex([])
    }
  }

  /// Whether each record is selected.
  func selection(in records: RecordBatch) -> [Bool] {
    let range = range
    guard let expression else { return records.records.map { range.contains($0.time) } }
    let program = idle.withLock { $0.popLast() } ?? Self.program(expression)
    // What compiled once compiles again; if memory is that short, nothing else goes on either.
    guard let program else { return records.records.map { _ in false } }
    var selected = program.filter.selection(in: records)
    idle.withLock { $0.append(program) }
    for index in selected.indices where !range.contains(records.records[index].time) {
      selected[index] = false
    }
    return selected
  }

  private static func program(_ expression: String) -> Program? {
    (try? PacketFilter(expression)).map(Program.init)
  }

  /// Takes the packets that are not selected out of the analysis of `batch`, which was decoded from
  /// `records`.
  func apply(to batch: inout PacketBatch, records: RecordBatch) -> SelectedPackets {
    var result = SelectedPackets()
    for (index, isSelected) in selection(in: records).enumerated()
    where batch.packets.indices.contains(index) {
      if isSelected {
        result.add(batch.packets[index])
        result.last = batch.reference(index)
      } else {
        // Belongs to no flow and is not counted as a packet without one.
        batch.packets[index].flags = .isHeldFragment
      }
    }
    return result
  }
}
