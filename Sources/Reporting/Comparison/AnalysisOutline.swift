// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import CaptureFile
internal import Exfiltration
internal import HostInventory
internal import PacketDecoding
internal import VideoDetection

/// What of an analysis is compared with another: made of an analysis, or read from its JSON.
public struct AnalysisOutline: Sendable {
  /// A device of the inside.
  struct Device: Sendable {
    var id: String
    var addresses: [String]
    var macs: [String]
    var vendor: String?
    var role: String?
  }

  /// An address outside.
  struct Place: Sendable {
    var address: String
    var names: [String]
    var asn: UInt64?
    var asName: String?
    var country: String?
    var scope: String
    var bytes: UInt64
  }

  /// A finding.
  struct Entry: Sendable {
    var device: String?
    var source: String
    var destination: String
    var isPulled: Bool
    var severity: Severity
    var verdict: String
    var exposure: String
    var bytes: UInt64
  }

  /// Where the analysis came from, for the head of a report.
  public var name: String
  var firstTime: String?
  var lastTime: String?
  var packets: UInt64 = 0
  var devices: [Device] = []
  var destinations: [Place] = []
  var findings: [Entry] = []
  /// Camera verdicts by device id.
  var verdicts: [String: String] = [:]
  var thresholds: String?

  init(name: String) { self.name = name }

  /// Makes the outline of an analysis; `name` stands for it in reports.
  public init(_ analysis: Analysis, name: String) {
    self.init(name: name)
    firstTime = analysis.capture.firstTime.map { Timestamp(nanoseconds: $0).rfc3339 }
    lastTime = analysis.capture.lastTime.map { Timestamp(nanoseconds: $0).rfc3339 }
    packets = analysis.capture.packets
    thresholds = analysis.tool.thresholdsDigest
    devices = analysis.devices.map {
      Device(
        id: $0.id, addresses: $0.addresses.map(\.description), macs: $0.macs.map(\.description),
        vendor: $0.vendor, role: $0.roles.first?.role.rawValue)
    }
    destinations = analysis.destinations.map {
      Place(
        address: $0.address.description, names: $0.names, asn: $0.asn.map(UInt64.init),
        asName: $0.asName, country: $0.country, scope: $0.scope.rawValue, bytes: $0.bytes)
    }
    findings = analysis.findings.map {
      Entry(
        device: $0.device, source: $0.sourceAddress.description,
        destination: $0.destination.address.description, isPulled: $0.isPulled,
        severity: $0.severity, verdict: $0.video.verdict.rawValue,
        exposure: $0.exposure.level.code, bytes: $0.bytes)
    }
    for verdict in analysis.cameraVerdicts {
      verdicts[verdict.device] = verdict.outcome.rawValue
    }
  }
}

extension AnalysisOutline {
  /// Bytes of a saved analysis that are read at most.
  static let byteLimit = 1 << 30

  /// Reads a saved analysis: the JSON of `analyze --format json`, compressed or not.
  ///
  /// - Returns: `nil` where the file begins otherwise than with a JSON object, so that it may be a
  ///   capture.
  /// - Throws: ``SavedAnalysisError`` where it is JSON and no analysis, `CaptureError` where it
  ///   cannot be opened.
  public init?(path: String, name: String) throws {
    let source = try DecompressingSource(CaptureInput(path, name: name))
    var bytes: [UInt8] = []
    while bytes.count <= Self.byteLimit, let block = source.next(byteCount: 1 << 18) {
      let span = block.bytes
      bytes.reserveCapacity(bytes.count + span.count)
      for index in span.indices { bytes.append(span[index]) }
      if !Self.beginsAsObject(bytes) { return nil }
    }
    guard Self.beginsAsObject(bytes) else { return nil }
    let json: PolicyJSON
    do {
      json = try PolicyJSON(parsing: bytes)
    } catch {
      throw SavedAnalysisError(path: name, reason: "line \(error.line): \(error.reason)")
    }
    guard json["schema"]?.text == AnalysisJSON.schema else {
      throw SavedAnalysisError(path: name, reason: "its schema is not \(AnalysisJSON.schema)")
    }
    self.init(json, name: name)
  }

  private static func beginsAsObject(_ bytes: [UInt8]) -> Bool {
    bytes.first { ![0x20, 0x09, 0x0A, 0x0D].contains($0) } == UInt8(ascii: "{")
  }

  private init(_ json: PolicyJSON, name: String) {
    self.init(name: name)
    firstTime = json["capture"]?["first_time"]?.text
    lastTime = json["capture"]?["last_time"]?.text
    packets = json["capture"]?["packets"]?.count ?? 0
    thresholds = json["tool"]?["thresholds_sha256"]?.text
    devices = (json["devices"]?.elements ?? []).map { device in
      Device(
        id: device["id"]?.text ?? "", addresses: device["addresses"]?.texts ?? [],
        macs: device["macs"]?.texts ?? [], vendor: device["vendor"]?.text,
        role: device["roles"]?.elements.first?["role"]?.text)
    }
    destinations = (json["destinations"]?.elements ?? []).map { place in
      Place(
        address: place["ip"]?.text ?? "", names: place["names"]?.texts ?? [],
        asn: place["asn"]?.count, asName: place["as_name"]?.text,
        country: place["country"]?.text, scope: place["scope"]?.text ?? "",
        bytes: place["bytes"]?.count ?? 0)
    }
    findings = (json["findings"]?.elements ?? []).map { finding in
      Entry(
        device: finding["device"]?.text, source: finding["source_ip"]?.text ?? "",
        destination: finding["destination"]?["ip"]?.text ?? "",
        isPulled: finding["pulled"]?.flag ?? false,
        severity: finding["severity"]?.text.flatMap(Severity.init) ?? .info,
        verdict: finding["video"]?["verdict"]?.text ?? "",
        exposure: finding["exposure"]?["level"]?.text ?? "",
        bytes: finding["bytes"]?.count ?? 0)
    }
    for verdict in json["camera_verdicts"]?.elements ?? [] {
      verdicts[verdict["device"]?.text ?? ""] = verdict["verdict"]?.text
    }
  }
}

/// A file that is JSON and no analysis of this tool.
public struct SavedAnalysisError: Error, Sendable, CustomStringConvertible {
  /// The file.
  public var path: String
  /// What is wrong with it.
  public var reason: String

  /// One line that names the file, the reason and what to do.
  public var description: String {
    "\(path): no saved analysis (\(reason)); make one with lenstrace analyze --format json"
  }
}

extension PolicyJSON {
  fileprivate subscript(_ key: String) -> PolicyJSON? {
    guard case .object(let members) = value else { return nil }
    return members.first { $0.key == key }?.value
  }

  fileprivate var elements: [PolicyJSON] {
    if case .array(let elements) = value { elements } else { [] }
  }

  fileprivate var text: String? { if case .string(let text) = value { text } else { nil } }
  fileprivate var texts: [String] { elements.compactMap(\.text) }
  fileprivate var flag: Bool? { if case .boolean(let flag) = value { flag } else { nil } }
  fileprivate var count: UInt64? {
    if case .number(let digits) = value { UInt64(digits) } else { nil }
  }
}
