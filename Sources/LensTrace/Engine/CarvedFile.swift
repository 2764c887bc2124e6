// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// The new file that packets are carved into, with the interfaces of the sources.
///
/// A single source keeps its sections, so that every packet names its interface by the number it
/// had. Several sources share one section with the interfaces of all.
struct CarvedFile: ~Copyable {
  private var writer: PcapngWriter
  private let sources: [CaptureFacts]
  /// The writer's number of each source's interfaces; `nil` before their section began.
  private var places: [[Int?]]
  private var packets: UInt64 = 0
  private var blocks: UInt64 = 0
  private var blocksLeftOut: UInt64 = 0

  /// Starts to write behind the section header of `writer`.
  init(_ writer: consuming PcapngWriter, sources: [CaptureFacts]) throws(CaptureError) {
    self.writer = writer
    self.sources = sources
    places = sources.map { $0.interfaces.map { _ in nil } }
    for file in sources.indices {
      try addInterfaces(ofSection: sources.count == 1 ? 0 : nil, file)
    }
  }

  private mutating func addInterfaces(ofSection section: Int?, _ file: Int) throws(CaptureError) {
    for (index, interface) in sources[file].interfaces.enumerated()
    where section == nil || interface.section == section {
      places[file][index] = try writer.addInterface(interface)
    }
  }

  /// The writer's number of an interface, whose section is begun where it was not yet.
  private mutating func place(_ file: Int, _ interface: Int) throws(CaptureError) -> Int? {
    guard places.indices.contains(file), places[file].indices.contains(interface) else {
      return nil
    }
    if let place = places[file][interface] { return place }
    try writer.beginSection()
    try addInterfaces(ofSection: sources[file].interfaces[interface].section, file)
    return places[file][interface]
  }

  /// Writes the selected records of a batch, each with a comment where `annotates`.
  mutating func write(
    _ batch: RecordBatch, _ isSelected: [Bool], annotates: Bool
  ) throws(CaptureError) {
    let bytes = batch.block.bytes
    let file = Int(batch.file)
    for (index, record) in batch.records.enumerated() where isSelected[index] {
      let start = Int(record.offset)
      let end = start + Int(record.capturedLength)
      guard end <= bytes.count, let interface = try place(file, Int(record.interface)) else {
        continue
      }
      let frame = batch.firstFrame &+ UInt64(index)
      try writer.write(
        bytes.extracting(start..<end), time: record.time,
        hasTime: batch.simplePackets.isEmpty || !batch.simplePackets.contains(index),
        originalLength: record.originalLength, interface: interface,
        comment: annotates ? "\(sources[file].path), frame \(frame)" : nil)
      packets &+= 1
    }
  }

  /// Writes a block that is no packet, unless its maker forbids that.
  mutating func write(_ block: NumberedBlock) throws(CaptureError) {
    guard block.mayBeCopied else {
      blocksLeftOut &+= 1
      return
    }
    try writer.write(block)
    blocks &+= 1
  }

  /// Completes the file, also with sections of which no packet was selected; tells what was
  /// written.
  consuming func finish(unserved: UnservedPackets) throws(CaptureError) -> Carver.Result {
    for (file, source) in sources.enumerated() {
      for interface in source.interfaces.indices { _ = try place(file, interface) }
    }
    let result = Carver.Result(
      packets: packets, blocks: blocks, blocksLeftOut: blocksLeftOut,
      unfilteredPackets: unserved.packets, unfilteredLinkTypes: unserved.linkTypes)
    try writer.finish()
    return result
  }
}
