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
  /// Packets left out because the filter cannot be compiled for their link type.
  var unserved = UnservedPackets()

  mutating func add(_ other: SelectedPackets) {
    packets &+= other.packets
    wireBytes &+= other.wireBytes
    truncatedPackets &+= other.truncatedPackets
    if let time = other.firstTime { firstTime = min(firstTime ?? time, time) }
    if let time = other.lastTime { lastTime = max(lastTime ?? time, time) }
    if let reference = other.last { last = reference }
    unserved.add(other.unserved)
  }

  fileprivate mutating func add(_ record: CaptureRecord) {
    packets &+= 1
    wireBytes &+= UInt64(record.originalLength)
    if record.capturedLength < record.originalLength { truncatedPackets &+= 1 }
    firstTime = min(firstTime ?? record.time, record.time)
    lastTime = max(lastTime ?? record.time, record.time)
  }
}

/// Packets that a filter could not judge, because its expression has no meaning for their link type.
struct UnservedPackets: Sendable {
  private(set) var packets: UInt64 = 0
  /// In the order of their numbers.
  private(set) var linkTypes: [LinkType] = []

  mutating func add(_ other: UnservedPackets) {
    packets &+= other.packets
    for linkType in other.linkTypes { note(linkType) }
  }

  mutating func add(_ linkType: LinkType) {
    packets &+= 1
    note(linkType)
  }

  private mutating func note(_ linkType: LinkType) {
    guard !linkTypes.contains(linkType) else { return }
    linkTypes.append(linkType)
    linkTypes.sort { $0.rawValue < $1.rawValue }
  }
}

/// Takes packets that are not to be analysed out of decoded batches.
///
/// They keep their places, so that frame numbers and the order of flows are those of the file. May
/// be used by any number of threads.
final class PacketSelector: Sendable {
  /// A filter that one thread at a time uses: it is taken out of `idle` for that, hence `Sendable`.
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

  /// Whether each record is selected, and what the filter could not judge.
  func selection(in records: RecordBatch) -> (isSelected: [Bool], unserved: UnservedPackets) {
    let range = range
    var unserved = UnservedPackets()
    guard let expression else {
      return (records.records.map { range.contains($0.time) }, unserved)
    }
    let program = idle.withLock { $0.popLast() } ?? Self.program(expression)
    // What compiled once compiles again; if memory is that short, nothing else goes on either.
    guard let program else { return (records.records.map { _ in false }, unserved) }
    var selected = program.filter.selection(in: records)
    let unsupported = program.filter.unsupportedLinkTypes
    idle.withLock { $0.append(program) }
    for (index, record) in records.records.enumerated() {
      guard range.contains(record.time) else {
        selected[index] = false
        continue
      }
      guard !unsupported.isEmpty, records.linkTypes.indices.contains(Int(record.interface))
      else { continue }
      let linkType = records.linkTypes[Int(record.interface)]
      if unsupported.contains(linkType) { unserved.add(linkType) }
    }
    return (selected, unserved)
  }

  private static func program(_ expression: String) -> Program? {
    (try? PacketFilter(expression)).map(Program.init)
  }

  /// Takes the packets that are not selected out of the analysis of `batch`, which was decoded from
  /// `records`.
  func apply(to batch: inout PacketBatch, records: RecordBatch) -> SelectedPackets {
    var result = SelectedPackets()
    let selection = selection(in: records)
    result.unserved = selection.unserved
    for (record, isSelected) in selection.isSelected.enumerated()
    where record < records.records.count && record < batch.recordCount {
      let packets = batch.packets(ofRecord: record)
      if isSelected {
        result.add(records.records[record])
        if let last = packets.last { result.last = batch.reference(last) }
      } else {
        // Belongs to no flow and is not counted as a packet without one.
        for index in packets { batch.packets[index].flags = .isHeldFragment }
      }
    }
    return result
  }
}
