// SPDX-License-Identifier: Apache-2.0

public import Attribution
public import CaptureFile
public import CaptureFilter
public import Exfiltration
public import FlowTracking
public import PacketDecoding
public import Reporting

/// The whole job: captures in, devices, media streams and findings with their evidence out.
///
/// ```swift
/// var configuration = Analyzer.Configuration()
/// configuration.geoIP = [.file("ip2asn-combined.tsv")]
/// try configuration.attribution.setHome(["IT"])
/// let analysis = try Analyzer(configuration).analyze(CaptureSet(["camera.pcapng"]))
/// for finding in analysis.findings where finding.severity >= .high {
///   print(finding.sourceAddress, finding.destination.address, finding.video.verdict, finding.text)
/// }
/// ```
public struct Analyzer: Sendable {
  /// What is analysed how.
  public struct Configuration: Sendable {
    /// GeoIP tables; without any, countries and operators are unknown.
    public var geoIP: [GeoIPTableSource] = []
    /// What is home, allowed and watched.
    public var attribution = AttributionPolicy()
    /// Devices declared to be cameras.
    public var cameras: [PolicyFile.DeviceKey] = []
    /// Devices with a known name, place or role.
    public var knownDevices: [PolicyFile.KnownDevice] = []
    /// Traffic that is expected, with the reason.
    public var exceptions: [PolicyFile.PolicyException] = []
    /// A newer list of hardware address prefixes (the IEEE's `oui.csv` or `oui.txt`); `nil` for
    /// the embedded one.
    public var hardwareRegistry: String?
    /// SHA-256 of the policy file, to be printed.
    public var policyDigest: String?
    /// Expression in libpcap's language that packets must fit to be analysed; `nil` for all.
    ///
    /// Frame numbers, hashes and facts of the inputs stay those of the whole files.
    public var filter: String?
    /// Record times that are analysed; `nil` for all.
    public var timeRange: TimeRange?
    /// The clock by which night is told, and of the second column of times; `nil` for none.
    public var timeZone: LocalTimeZone?
    /// How flows are told apart.
    public var flowTracking = FlowTrackingConfiguration()
    /// Whether the same five-tuple in two VLANs is two flows.
    public var includesVLANInKey = false
    /// What may be kept in memory; what meets its bounds is said in the limitations.
    public var memory = MemoryLimits.standard
    /// Number of threads; 0 is one for each processor.
    public var jobs = 0
    /// Whether SHA-256 of the inputs is computed.
    public var computesHashes = true

    /// Makes the defaults.
    public init() {}
  }

  /// What is analysed how.
  public var configuration: Configuration

  /// Makes an analyzer.
  public init(_ configuration: Configuration = Configuration()) {
    self.configuration = configuration
  }

  /// Analyses captures in one pass.
  ///
  /// - Parameters:
  ///   - captures: What to read.
  ///   - stop: Ends the run early when it is given.
  ///   - progress: Called on the caller's thread, at most ten times a second.
  /// - Returns: The analysis; `isComplete` is `false` after a stop.
  /// - Throws: `CaptureError` where nothing could be read or an input changed while it was read,
  ///   `GeoIPError` where a table or list is unusable, `FilterError` where libpcap refuses the
  ///   filter, `CancellationError` after a stop before anything could be read.
  /// - Complexity: O(*n*) in the bytes of the captures; memory grows with their flows only,
  ///   up to `Configuration.memory`.
  public func analyze(
    _ captures: CaptureSet, stop: StopSignal = StopSignal(),
    progress: (AnalysisProgress) -> Void = { _ in }
  ) throws -> Analysis {
    let (database, registry) = try tables(stop)
    let run = try CaptureRun(captures, configuration: configuration, stop: stop)
    let digests = run.startHashing(stop: stop)
    let pass = try run.run(beside: digests, stop: stop, progress: progress)
    var analysis = Assessment(
      consume pass, configuration: configuration, database: database, registry: registry
    ).analysis()
    analysis.timeZone = configuration.timeZone
    // Only now: what is judged needs no hash, and the hash takes no part of that time.
    try run.addHashes(digests, to: &analysis.inputs)
    return analysis
  }

  /// Loads what is looked up; a stop meanwhile ends it, whatever was wrong with what came so far.
  private func tables(
    _ stop: StopSignal
  ) throws -> (database: GeoIPDatabase?, registry: HardwareRegistryFile?) {
    var options = GeoIPLoadingOptions()
    options.stop = stop
    do {
      let database =
        configuration.geoIP.isEmpty
        ? nil : try GeoIPDatabase(loading: configuration.geoIP, options: options)
      let registry = try configuration.hardwareRegistry.map {
        try HardwareRegistryFile($0, stop: stop)
      }
      // What was loaded meanwhile may be a part of a table.
      if stop.isStopped, database != nil || registry != nil { throw CancellationError() }
      return (database, registry)
    } catch {
      throw stop.isStopped ? CancellationError() : error
    }
  }

  /// Reads captures for their facts only.
  ///
  /// - Parameters:
  ///   - captures: What to read.
  ///   - progress: Called on the caller's thread, at most ten times a second.
  /// - Returns: Facts of each input that could be read, in order, and what could not.
  /// - Throws: `CaptureError` where nothing could be read or an input changed while it was read.
  public func info(
    _ captures: CaptureSet, progress: (AnalysisProgress) -> Void = { _ in }
  ) throws -> CaptureInformation {
    try CaptureRun(captures, configuration: configuration).facts(progress: progress)
  }
}
