// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import Exfiltration
internal import FlowTracking
internal import HostInventory
public import PacketDecoding
public import VideoDetection

/// Who sent how much when: traffic in bins of time, one lane a group.
///
/// Flows too small to have bins of their own are counted in the bin of their first packet.
public struct Timeline: Sendable {
  /// What the lanes stand for.
  public enum Grouping: String, Sendable, CaseIterable {
    /// What each finding tells of.
    case finding
    /// Everything a device sent.
    case device
    /// What the inside sent to an address outside.
    case destination
    /// What the inside sent to a country.
    case country
    /// What the inside sent to an autonomous system.
    case asn
    /// Each direction of each flow.
    case flow
    /// Each direction of a flow that carries media; streams that share one share a lane.
    case stream
  }

  /// Sums of one bin of a lane.
  public struct Bin: Sendable, Equatable, BitwiseCopyable {
    /// Packets.
    public var packets: UInt64 = 0
    /// Wire bytes.
    public var wireBytes: UInt64 = 0
    /// Payload bytes, retransmissions and duplicates included.
    public var payloadBytes: UInt64 = 0
    /// Payload bytes without retransmissions and duplicates.
    public var newPayloadBytes: UInt64 = 0

    /// Makes an empty bin.
    public init() {}

    /// Adds what another bin holds.
    mutating func add(_ other: Bin) {
      packets &+= other.packets
      wireBytes &+= other.wireBytes
      payloadBytes &+= other.payloadBytes
      newPayloadBytes &+= other.newPayloadBytes
    }
  }

  /// One lane.
  public struct Lane: Sendable {
    /// Name of the group: an id, an address, a country, an AS.
    public var group: String
    /// Who sent, where the lane has one sender.
    public var source: IPAddress?
    /// Who received, where the lane has one receiver.
    public var destination: IPAddress?
    /// AS of the receiver.
    public var destinationASN: UInt32?
    /// Country of the receiver.
    public var destinationCountry: String?
    /// The greatest verdict in the lane.
    public var verdict: VideoVerdict
    /// The bins, as many as `Timeline.binCount`.
    public var bins: [Bin]
  }

  /// How much of a bin the capture covers.
  public enum Coverage: String, Sendable {
    /// All of it.
    case full
    /// Part of it.
    case partial
    /// None of it.
    case none
  }

  /// Start of the first bin, in seconds since 1970, a multiple of `binSeconds`.
  public private(set) var start: Int64 = 0
  /// Width of a bin in seconds.
  public private(set) var binSeconds: Int64 = 1
  /// Number of bins of each lane.
  public private(set) var binCount = 0
  /// The lanes: findings in their order, others the most bytes first.
  public private(set) var lanes: [Lane] = []
  /// Groups that were left out because there were too many.
  public private(set) var droppedGroups = 0
  /// Coverage of each bin.
  public private(set) var coverage: [Coverage] = []

  /// Bins of all lanes together at most; 32 bytes each.
  public static let maximumCells = 4 << 20
  /// Lanes at most.
  public static let maximumLanes = 10_000
  /// Bins that an automatic width aims to stay under.
  public static let automaticBinCount = 120
  /// Widths that people read easily, in seconds: 1 s to a week.
  static let readableWidths: [Int64] = [
    1, 2, 5, 10, 15, 30, 60, 120, 300, 600, 900, 1_800, 3_600, 7_200, 10_800, 21_600, 43_200,
    86_400, 172_800, 604_800,
  ]

  /// Sums the analysis' flows into lanes.
  ///
  /// - Parameters:
  ///   - analysis: What to draw.
  ///   - grouping: What the lanes stand for.
  ///   - binSeconds: Width of a bin; `nil` chooses one that gives at most `maximumBins` bins.
  ///   - maximumBins: Aim of the automatic width.
  ///   - selection: What is shown.
  public init(
    of analysis: Analysis, by grouping: Grouping, binSeconds: Int64?,
    maximumBins: Int = automaticBinCount, selection: Selection = Selection()
  ) {
    guard let first = analysis.capture.firstTime, let last = analysis.capture.lastTime,
      first <= last
    else { return }
    setBins(from: first, to: last, binSeconds: binSeconds, maximumBins: maximumBins)
    coverage = (0..<binCount).map { coverage(of: $0, analysis.capture) }
    var builder = TimelineBuilder(self, analysis, selection)
    builder.collect(by: grouping)
    lanes = builder.lanes
    droppedGroups = builder.droppedGroups
  }

  /// Sums the flows of one finding into one lane that is as long as the finding.
  init(of finding: Finding, in analysis: Analysis, maximumBins: Int) {
    guard finding.firstTime <= finding.lastTime else { return }
    setBins(
      from: finding.firstTime, to: finding.lastTime, binSeconds: nil, maximumBins: maximumBins)
    coverage = (0..<binCount).map { coverage(of: $0, analysis.capture) }
    var builder = TimelineBuilder(self, analysis, Selection())
    builder.collect(finding)
    lanes = builder.lanes
  }

  /// Makes one lane of all lanes of the same name, in the order of the first of each.
  mutating func joinLanes(_ name: (Lane) -> String) {
    var places: [String: Int] = [:]
    var joined: [Lane] = []
    for lane in lanes {
      let name = name(lane)
      guard let place = places[name] else {
        places[name] = joined.count
        joined.append(lane)
        joined[joined.count - 1].group = name
        continue
      }
      if joined[place].source != lane.source { joined[place].source = nil }
      if joined[place].destination != lane.destination { joined[place].destination = nil }
      joined[place].verdict = max(joined[place].verdict, lane.verdict)
      for index in joined[place].bins.indices { joined[place].bins[index].add(lane.bins[index]) }
    }
    lanes = joined
  }

  private mutating func setBins(
    from first: Int64, to last: Int64, binSeconds: Int64?, maximumBins: Int
  ) {
    let firstSecond = first.dividedDown(by: 1_000_000_000).quotient
    let lastSecond = last.dividedDown(by: 1_000_000_000).quotient
    let width =
      binSeconds.map { max(1, $0) }
      ?? Self.readableWidth(from: firstSecond, to: lastSecond, bins: max(1, maximumBins))
    self.binSeconds = width
    start = firstSecond.dividedDown(by: width).quotient * width
    let count = (lastSecond - start) / width + 1
    // A width that would need more bins than fit is refused by `fits` before; be safe here too.
    binCount = Int(min(count, Int64(Self.maximumCells)))
  }

  /// Whether bins of this width fit the bounds for this capture.
  public static func fits(_ binSeconds: Int64, _ analysis: Analysis) -> Bool {
    guard binSeconds >= 1, let first = analysis.capture.firstTime,
      let last = analysis.capture.lastTime
    else { return binSeconds >= 1 }
    return (last / 1_000_000_000 - first / 1_000_000_000) / binSeconds < Int64(maximumCells / 4)
  }

  /// Start of a bin in seconds since 1970.
  public func start(ofBin index: Int) -> Int64 { start + Int64(index) * binSeconds }

  static func readableWidth(from first: Int64, to last: Int64, bins: Int) -> Int64 {
    for width in readableWidths {
      let begin = first.dividedDown(by: width).quotient
      let end = last.dividedDown(by: width).quotient
      if end - begin < Int64(bins) { return width }
    }
    let week: Int64 = 604_800
    let weeks = (last - first) / (week * Int64(bins)) + 1
    return week * (weeks + 1)
  }

  private func coverage(of index: Int, _ capture: CaptureSummary) -> Coverage {
    guard let first = capture.firstTime, let last = capture.lastTime else { return .none }
    let (begin, tooEarly) = start(ofBin: index).multipliedReportingOverflow(by: 1_000_000_000)
    let (end, tooLate) = (start(ofBin: index) + binSeconds)
      .multipliedReportingOverflow(by: 1_000_000_000)
    var result: Coverage =
      tooEarly || tooLate || begin < first || end > last &+ 1 ? .partial : .full
    guard !tooEarly, !tooLate else { return result }
    for gap in capture.gaps where gap.from < end && gap.to > begin {
      if gap.from <= begin, gap.to >= end { return .none }
      result = .partial
    }
    return result
  }
}
