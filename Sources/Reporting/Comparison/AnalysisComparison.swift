// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration

/// What changed from one analysis to another: devices, destinations, verdicts, volumes.
///
/// Devices are the same where they share a hardware address, else an address; ids are of one
/// analysis only.
public struct AnalysisComparison: Sendable {
  /// Volumes that differ by less than this factor are not listed.
  static let volumeFactor = 2.0

  /// A device that only one of them has.
  struct DeviceChange: Sendable {
    var device: AnalysisOutline.Device
    var isNew: Bool
  }

  /// A destination that only one of them has.
  struct PlaceChange: Sendable {
    var place: AnalysisOutline.Place
    var isNew: Bool
  }

  /// A camera verdict that changed; `nil` where a side has none.
  struct VerdictChange: Sendable {
    var device: AnalysisOutline.Device
    var before: String?
    var after: String?
  }

  /// What a device sent to a destination, where it changed; `nil` where a side has nothing.
  struct FindingChange: Sendable {
    var source: String
    var destination: String
    var isPulled: Bool
    var before: AnalysisOutline.Entry?
    var after: AnalysisOutline.Entry?

    var name: String { before == nil ? "new" : after == nil ? "gone" : "changed" }
  }

  /// The analysis that was before.
  public var before: AnalysisOutline
  /// The analysis that is after.
  public var after: AnalysisOutline
  var devices: [DeviceChange] = []
  var destinations: [PlaceChange] = []
  var verdicts: [VerdictChange] = []
  var findings: [FindingChange] = []

  /// Whether nothing changed that is listed.
  public var isEmpty: Bool {
    devices.isEmpty && destinations.isEmpty && verdicts.isEmpty && findings.isEmpty
  }

  /// Compares two analyses.
  ///
  /// - Complexity: O(*n*) on average in their devices, destinations and findings.
  public init(before: AnalysisOutline, after: AnalysisOutline) {
    self.before = before
    self.after = after
    let partners = Self.partners(before.devices, after.devices)
    let partnersOfAfter = Set(partners.values)
    devices =
      after.devices.indices.filter { !partnersOfAfter.contains($0) }
      .map { DeviceChange(device: after.devices[$0], isNew: true) }
      + before.devices.indices.filter { partners[$0] == nil }
      .map { DeviceChange(device: before.devices[$0], isNew: false) }
    let old = Set(before.destinations.map(\.address))
    let new = Set(after.destinations.map(\.address))
    destinations =
      after.destinations.filter { !old.contains($0.address) }
      .map { PlaceChange(place: $0, isNew: true) }
      + before.destinations.filter { !new.contains($0.address) }
      .map { PlaceChange(place: $0, isNew: false) }
    compareVerdicts(partners)
    compareFindings(partners)
  }

  private static func partners(
    _ before: [AnalysisOutline.Device], _ after: [AnalysisOutline.Device]
  ) -> [Int: Int] {
    var byHardware: [String: Int] = [:]
    var byAddress: [String: Int] = [:]
    for (index, device) in after.enumerated() {
      for mac in device.macs { byHardware[mac] = index }
      for address in device.addresses { byAddress[address] = index }
    }
    var result: [Int: Int] = [:]
    var taken: Set<Int> = []
    for (index, device) in before.enumerated() {
      let found =
        device.macs.lazy.compactMap { byHardware[$0] }.first
        ?? device.addresses.lazy.compactMap { byAddress[$0] }.first
      guard let found, taken.insert(found).inserted else { continue }
      result[index] = found
    }
    return result
  }

  private mutating func compareVerdicts(_ partners: [Int: Int]) {
    for (index, device) in before.devices.enumerated() {
      let old = before.verdicts[device.id]
      let new = partners[index].flatMap { after.verdicts[after.devices[$0].id] }
      if old != new, old != nil || new != nil {
        verdicts.append(VerdictChange(device: device, before: old, after: new))
      }
    }
    let known = Set(partners.values)
    for (index, device) in after.devices.enumerated() where !known.contains(index) {
      if let new = after.verdicts[device.id] {
        verdicts.append(VerdictChange(device: device, before: nil, after: new))
      }
    }
  }

  private struct Key: Hashable {
    var sender: String
    var destination: String
    var isPulled: Bool
  }

  private mutating func compareFindings(_ partners: [Int: Int]) {
    var names: [String: String] = [:]
    for (old, new) in partners { names[before.devices[old].id] = after.devices[new].id }
    let old = Self.sums(before.findings) { $0.device.map { names[$0] ?? "before " + $0 } }
    let new = Self.sums(after.findings) { $0.device }
    let order = new.order + old.order.filter { new.entries[$0] == nil }
    for key in order {
      let (first, second) = (old.entries[key], new.entries[key])
      if let first, let second, !Self.differ(first, second) { continue }
      guard let shown = second ?? first else { continue }
      findings.append(
        FindingChange(
          source: shown.source, destination: key.destination, isPulled: key.isPulled,
          before: first, after: second))
    }
  }

  /// Findings of one sender and destination as one, with the highest verdict and all bytes.
  private static func sums(
    _ findings: [AnalysisOutline.Entry], sender: (AnalysisOutline.Entry) -> String?
  ) -> (order: [Key], entries: [Key: AnalysisOutline.Entry]) {
    var order: [Key] = []
    var entries: [Key: AnalysisOutline.Entry] = [:]
    for finding in findings {
      let key = Key(
        sender: sender(finding) ?? finding.source, destination: finding.destination,
        isPulled: finding.isPulled)
      guard var known = entries[key] else {
        order.append(key)
        entries[key] = finding
        continue
      }
      known.bytes &+= finding.bytes
      if finding.severity > known.severity {
        known.severity = finding.severity
        known.verdict = finding.verdict
        known.exposure = finding.exposure
      }
      entries[key] = known
    }
    return (order, entries)
  }

  private static func differ(
    _ first: AnalysisOutline.Entry, _ second: AnalysisOutline.Entry
  ) -> Bool {
    if first.severity != second.severity || first.verdict != second.verdict
      || first.exposure != second.exposure
    {
      return true
    }
    let (least, most) = (min(first.bytes, second.bytes), max(first.bytes, second.bytes))
    return Double(most) >= Double(max(least, 1)) * volumeFactor
  }
}
