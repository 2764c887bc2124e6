// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import CaptureFile
internal import Exfiltration
internal import HostInventory
internal import PacketDecoding
internal import VideoDetection

/// The first line of a report: what matters, and what to do so that more can be said.
struct Headline {
  /// The sentence.
  var text: String
  /// How bad it is, for its colour.
  var severity: Severity?

  /// Places that the sentence names at most.
  static let maximumPlaces = 4

  init(_ analysis: Analysis) {
    let outward = analysis.findings.filter { $0.exposure.level >= .outside }
    let video = outward.filter { $0.video.verdict >= .likely }
    let foreign = video.filter { $0.exposure.level >= .foreign }
    severity = analysis.findings.map(\.severity).max()
    if !foreign.isEmpty {
      text = Self.sentence(foreign, analysis.devices, "sent video abroad")
    } else if !video.isEmpty, !analysis.isHomeDeclared {
      text = Self.sentence(video, analysis.devices, "sent video out of this network")
    } else if !video.isEmpty {
      let isAllHome = video.allSatisfy { $0.destination.scope == .home }
      text = Self.sentence(
        video, analysis.devices,
        isAllHome ? "sent video out of this network, to home" : "sent video out of this network")
    } else if let inside = Self.inside(analysis) {
      text = inside
    } else if analysis.capture.packets == 0 {
      text = "There is not one packet in this capture."
    } else if Self.showsForeignVideo(analysis) {
      text =
        "Video was seen, but only of senders that are neither inside nor at home: LIMITATIONS names "
        + "them; where one belongs to the site, name its net with --home-net."
    } else {
      text = "No video was seen."
    }
    let rest = outward.filter { $0.video.verdict == .possible }
    if video.isEmpty, !rest.isEmpty {
      text +=
        " What \(Self.senders(rest, analysis.devices)) sent to \(Self.places(rest)) cannot be told from video."
    }
    let blind = analysis.cameraVerdicts.filter { $0.outcome == .cannotTell }
    if !blind.isEmpty {
      let cameras = Self.count(blind.count, "camera")
      text +=
        video.isEmpty
        ? " That is no all-clear: \(cameras) cannot be judged from this capture."
        : " \(cameras) cannot be judged from this capture."
    }
    addUnread(analysis, isAllClear: video.isEmpty && blind.isEmpty)
    addAdvice(analysis, outward)
  }

  /// Whether video was seen of senders that are neither inside nor at home.
  static func showsForeignVideo(_ analysis: Analysis) -> Bool {
    analysis.limitations.contains { $0.id == Limitation.foreignVideo }
  }

  /// Says what was not looked at, which may be what matters.
  private mutating func addUnread(_ analysis: Analysis, isAllClear: Bool) {
    let unread = Self.unread.compactMap { id, what in
      analysis.limitations.first { $0.id == id }?.count.map { count in
        count == 1 ? "1 packet \(what.one)" : "\(DecimalText.grouped(count)) packets \(what.many)"
      }
    }
    let parts = unread + Self.damage(analysis)
    guard !parts.isEmpty else { return }
    text += (isAllClear ? " That is no all-clear: " : " ") + parts.joined(separator: "; ") + "."
  }

  /// What was not looked at, by its limitation.
  private static let unread: [(id: String, what: (one: String, many: String))] = [
    (
      Limitation.unreadFlows,
      (
        "of later flows could not be looked at within --memory",
        "of later flows could not be looked at within --memory"
      )
    ),
    (
      Limitation.undecodedLinkTypes,
      ("has a link type that is not decoded", "have link types that are not decoded")
    ),
    (
      Limitation.cipheredWireless,
      ("is ciphered by the Wi-Fi network", "are ciphered by the Wi-Fi network")
    ),
    (
      Limitation.packetsWithoutIP, ("holds no IP that is read", "hold no IP that is read")
    ),
  ]

  /// What damage kept from being read, where that is more than the last record of a capture that
  /// was stopped.
  private static func damage(_ analysis: Analysis) -> [String] {
    var parts: [String] = []
    let ended = analysis.inputs.count { input in
      input.damage.contains { cutting.contains($0.reason) }
    }
    if ended > 0 {
      let whose = ended == 1 ? "its" : "their"
      parts.append("\(count(ended, "capture file")) could not be read to \(whose) end")
    }
    let skipped = analysis.inputs.reduce(UInt64(0)) { $0 &+ $1.bytesSkipped }
    let whole = analysis.inputs.reduce(UInt64(0)) { $0 &+ $1.uncompressedBytes }
    if skipped > whole / notableDamage {
      parts.append("\(Quantity.bytes(skipped)) of damaged capture files were passed over")
    }
    return parts
  }

  /// Damage behind which nothing of a file was read.
  private static let cutting: Set<CaptureDamage.Reason> = [
    .truncatedCompression, .corruptCompression, .trailingData, .unreadable,
  ]
  /// The share of the input from which on passing it over deserves the headline: a hundredth, as for
  /// loss.
  private static let notableDamage: UInt64 = 100

  /// Names the option that would tell more.
  private mutating func addAdvice(_ analysis: Analysis, _ outward: [Finding]) {
    guard !outward.isEmpty else { return }
    let isPlaceless = outward.allSatisfy {
      $0.destination.country == nil && $0.destination.asn == nil
    }
    if isPlaceless, analysis.geoIPTables.isEmpty {
      text += " Where these addresses are is not known: add --geoip FILE"
      text +=
        analysis.isHomeDeclared
        ? "." : ", and --home CC with the country this network stands in."
    } else if !analysis.isHomeDeclared {
      text +=
        " Home is not declared, so nothing is called foreign: add --home CC with the country this "
        + "network stands in (such as --home IT), or --home-asn NUMBER."
    }
  }

  private static func inside(_ analysis: Analysis) -> String? {
    let inside = analysis.findings.filter {
      $0.exposure.level == .inside && $0.video.verdict >= .likely
    }
    guard !inside.isEmpty else { return nil }
    return
      "Video was seen, but only inside this network: \(senders(inside, analysis.devices)) sent it."
  }

  private static func sentence(
    _ findings: [Finding], _ devices: [Device], _ what: String
  ) -> String {
    let surest = findings.map(\.video.verdict).max() ?? .likely
    let bytes = findings.reduce(UInt64(0)) { $0 &+ $1.bytes }
    return "\(senders(findings, devices)) \(what): \(Quantity.bytes(bytes)) to "
      + "\(places(findings)). Verdict: \(surest.rawValue)."
  }

  private static func senders(_ findings: [Finding], _ devices: [Device]) -> String {
    var seen: [String] = []
    for finding in findings {
      let name = finding.device ?? finding.sourceAddress.description
      if !seen.contains(name) { seen.append(name) }
    }
    let cameras = Set(devices.filter(\.isCameraOrRecorder).map(\.id))
    let areCameras = seen.allSatisfy(cameras.contains)
    if seen.count == 1, let finding = findings.first {
      let name = finding.device.map { "\($0) (\(finding.sourceAddress))" } ?? seen[0]
      return areCameras ? "Camera \(name)" : name
    }
    return count(seen.count, areCameras ? "camera" : "device")
  }

  /// Countries with their operators, in the order of the findings.
  private static func places(_ findings: [Finding]) -> String {
    var countries: [(name: String, operators: [String])] = []
    for finding in findings {
      let destination = finding.destination
      let network = destination.asn.map { number in
        "AS\(number)"
          + (destination.asName.map { " \(TerminalText.escaped($0, columns: 40))" } ?? "")
      }
      let country = destination.country.map { TerminalText.escaped($0) }
      let name = country ?? network ?? destination.address.description
      let index = countries.firstIndex { $0.name == name } ?? countries.count
      if index == countries.count { countries.append((name, [])) }
      if country != nil, let network, !countries[index].operators.contains(network) {
        countries[index].operators.append(network)
      }
    }
    let names = countries.map { place in
      place.operators.isEmpty
        ? place.name : "\(place.name) (\(listed(place.operators, separator: ", ")))"
    }
    return listed(names, separator: " and ")
  }

  private static func listed(_ names: [String], separator: String) -> String {
    guard names.count > maximumPlaces else {
      return names.dropLast(2).map { $0 + ", " }.joined()
        + names.suffix(2).joined(separator: separator)
    }
    return names.prefix(maximumPlaces).joined(separator: ", ")
      + " and \(names.count - maximumPlaces) more"
  }

  private static func count(_ number: Int, _ noun: String) -> String {
    "\(number) \(noun)\(number == 1 ? "" : "s")"
  }
}
