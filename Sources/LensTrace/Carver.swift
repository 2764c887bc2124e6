// SPDX-License-Identifier: Apache-2.0

public import CaptureFile
internal import CaptureFilter
internal import FlowTracking
internal import PacketDecoding
internal import Reporting

/// Writes the packets behind a result to a new pcapng file: unchanged, in order, with their
/// interfaces, lengths and times.
///
/// ```swift
/// let carver = Carver(configuration, selection: .finding("F-4002ae79"))
/// let result = try carver.carve(CaptureSet(["camera.pcap"]), to: "/evidence/F-4002ae79.pcapng")
/// print(result.packets)
/// ```
public struct Carver: Sendable {
  /// Which packets are written, of those that filter and time range of the configuration select.
  public enum Selection: Hashable, Sendable {
    /// All of them.
    case all
    /// Those of the flows of a finding, by its id.
    case finding(String)
    /// Those of a flow, by its id.
    case flow(Int)
    /// Those from and to a device, by its id.
    case device(String)
  }

  /// What was written.
  public struct Result: Hashable, Sendable {
    /// Packets written.
    public var packets: UInt64
    /// Custom blocks and journal entries written, where one file was carved as a whole.
    public var blocks: UInt64
    /// Custom blocks that their maker marked not to be copied.
    public var blocksLeftOut: UInt64
    /// Packets left out because the filter has no meaning for their link type.
    public var unfilteredPackets: UInt64
    /// Those link types, in the order of their numbers.
    public var unfilteredLinkTypes: [LinkType]
  }

  /// How the captures are analysed; ids are those of an analysis with the same configuration.
  public var configuration: Analyzer.Configuration
  /// Which packets are written.
  public var selection: Selection
  /// Whether each packet gets a comment with its file and frame number.
  public var annotatesPackets = false
  /// Whether a file of the name may be replaced.
  public var overwrites = false
  /// Whether the new file may lie in the folder of an input.
  public var writesBesideInputs = false

  /// Makes a carver.
  public init(_ configuration: Analyzer.Configuration, selection: Selection) {
    self.configuration = configuration
    self.selection = selection
  }

  /// Reads captures twice and writes the selected packets.
  ///
  /// - Parameters:
  ///   - captures: What to read; regular files.
  ///   - path: Name of the new file.
  ///   - stop: Ends the run early when it is given; nothing is left of the new file then.
  ///   - progress: Called on the caller's thread, at most ten times a second.
  /// - Returns: What was written.
  /// - Throws: `CaptureError` where an input cannot be read, the id names nothing or the file
  ///   cannot be written; `ReportError` where it must not be; `FilterError`; `GeoIPError`;
  ///   `CancellationError` after a stop.
  /// - Complexity: O(*n*) in the bytes of the captures.
  public func carve(
    _ captures: CaptureSet, to path: String, stop: StopSignal = StopSignal(),
    progress: (AnalysisProgress) -> Void = { _ in }
  ) throws -> Result {
    try check(path, captures)
    let run = try CaptureRun(captures, configuration: configuration, stop: stop)
    let inputs = try run.inputsToReadTwice()
    let facts: [CaptureFacts]
    var carved: CarvedPackets?
    if selection == .all {
      facts = try run.facts(stop: stop, progress: progress).files
    } else {
      let analysis = try Analyzer(configuration).analyze(
        captures, stop: stop, progress: progress)
      if stop.isStopped { throw CancellationError() }
      facts = analysis.inputs
      carved = try packets(of: analysis)
    }
    let pool = BlockPool()
    let decoder = PacketDecoder(includesVLANInKey: configuration.includesVLANInKey)
    if carved?.needsFragments == true {
      var defragmenter = Defragmenter(decoder: decoder, limits: configuration.memory)
      let records = OrderedRecords(inputs, pool: pool)
      while let batch = try records.next() {
        if stop.isStopped { throw CancellationError() }
        let decoded = decoder.decode(batch)
        guard decoded.hasFragments else { continue }
        var defragmented = decoded
        defragmenter.process(&defragmented)
        carved?.noteFragments(decoded, defragmented: defragmented)
      }
    }
    let tool = ToolIdentity()
    let writer = try PcapngWriter(
      path, application: "\(tool.name) \(tool.version)", comment: comment(tool, facts),
      replaces: overwrites)
    var file = try CarvedFile(writer, sources: facts)
    let selector = try PacketSelector(
      filter: configuration.filter, range: configuration.timeRange)
    let isWhole = selection == .all && selector == nil
    let records = OrderedRecords(
      inputs, pool: pool, keepsNumberedBlocks: isWhole && inputs.count == 1)
    var unserved = UnservedPackets()
    while let batch = try records.next() {
      if stop.isStopped { throw CancellationError() }
      var isSelected = batch.records.map { _ in true }
      if let selector {
        let selection = selector.selection(in: batch)
        isSelected = selection.isSelected
        unserved.add(selection.unserved)
      }
      if let carved {
        let decoded = decoder.decode(batch)
        for index in isSelected.indices where isSelected[index] {
          isSelected[index] = decoded.packets(ofRecord: index).contains {
            carved.contains($0, of: decoded)
          }
        }
      }
      try file.write(batch, isSelected, annotates: annotatesPackets)
      if let block = batch.numberedBlock { try file.write(block) }
    }
    return try file.finish(unserved: unserved)
  }

  private func check(_ path: String, _ captures: CaptureSet) throws {
    let paths = captures.inputs.compactMap { input in
      if case .path(let path) = input.source { path } else { nil }
    }
    try ReportFile.check(path, overwrites: overwrites, inputs: paths)
    if !writesBesideInputs, let input = captures.inputBeside(path) {
      throw ReportError(
        .cannotWrite, file: path,
        reason: "would lie in the folder of \(input.name), and evidence is not added to",
        advice: "choose another folder, or add --beside-input")
    }
  }

  /// The packets that the selection stands for in an analysis.
  private func packets(of analysis: Analysis) throws(CaptureError) -> CarvedPackets {
    switch selection {
    case .flow(let id):
      guard analysis.flows.indices.contains(id - 1) else {
        throw Self.unknown("flow \(id)", known: "there are \(analysis.flows.count) flows")
      }
      return packets([analysis.flows[id - 1]])
    case .finding(let id):
      guard let finding = analysis.findings.first(where: { $0.id == id }) else {
        throw Self.unknown(
          "finding \(id)", known: "there are \(analysis.findings.count) findings")
      }
      guard finding.flowCount > finding.flows.count else {
        return packets(finding.flows.map { analysis.flows[$0 - 1] })
      }
      // A finding names a part of very many flows; all are those between its two ends.
      return packets(
        analysis.flows.filter { flow in
          let (source, other) = (finding.sourceAddress, finding.destination.address)
          return (flow.originatorAddress == source && flow.responderAddress == other)
            || (flow.originatorAddress == other && flow.responderAddress == source)
        })
    case .device(let id):
      guard let device = analysis.devices.first(where: { $0.id == id }) else {
        throw Self.unknown("device \(id)", known: "there are \(analysis.devices.count) devices")
      }
      return CarvedPackets(device)
    case .all: return packets([])
    }
  }

  private func packets(_ flows: [Flow]) -> CarvedPackets {
    CarvedPackets(flows, includesVLAN: configuration.includesVLANInKey)
  }

  private static func unknown(_ what: String, known: String) -> CaptureError {
    CaptureError(
      .usage, file: what, reason: "the analysis has none of this id; \(known)",
      advice: "give the options of the analysis that the id is from")
  }

  /// Most inputs that the comment names; it has 65,535 bytes.
  private static let maximumSources = 200

  /// What the new file is and where it comes from.
  private func comment(_ tool: ToolIdentity, _ facts: [CaptureFacts]) -> String {
    var selected: [String] = []
    switch selection {
    case .all: break
    case .finding(let id): selected.append("finding \(id)")
    case .flow(let id): selected.append("flow \(id)")
    case .device(let id): selected.append("device \(id)")
    }
    if let filter = configuration.filter { selected.append("filter \(filter)") }
    if let from = configuration.timeRange?.from {
      selected.append("from \(Timestamp(nanoseconds: from).rfc3339)")
    }
    if let to = configuration.timeRange?.to {
      selected.append("to \(Timestamp(nanoseconds: to).rfc3339)")
    }
    var lines = [
      "Carved by \(tool.name) \(tool.version)",
      "Selection: \(selected.isEmpty ? "all packets" : selected.joined(separator: ", "))",
    ]
    for file in facts.prefix(Self.maximumSources) {
      lines.append("Source: \(file.path), SHA-256 \(file.sha256 ?? "not computed")")
    }
    if facts.count > Self.maximumSources {
      lines.append("and \(facts.count - Self.maximumSources) more sources")
    }
    return lines.joined(separator: "\n")
  }
}
