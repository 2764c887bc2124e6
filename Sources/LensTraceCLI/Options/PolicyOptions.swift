// SPDX-License-Identifier: Apache-2.0

public import ArgumentParser
internal import LensTrace

/// Tables, and what is home.
struct PolicyOptions: ParsableArguments {
  @OptionGroup(title: "Tables")
  var tables: TableOptions

  @Option(help: ArgumentHelp("Home countries or sets: IT, EU27, EEA.", valueName: "CC,..."))
  var home: [String] = []

  @Option(
    help: ArgumentHelp("Networks of the inside beyond private ones.", valueName: "prefix,..."))
  var homeNet: [String] = []

  @Option(help: ArgumentHelp("Operators that are home.", valueName: "asn,..."))
  var homeAsn: [String] = []

  @Option(help: ArgumentHelp("Destinations that are allowed.", valueName: "prefix,..."))
  var allowNet: [String] = []

  @Option(help: ArgumentHelp("Operators that are allowed.", valueName: "asn,..."))
  var allowAsn: [String] = []

  @Option(help: ArgumentHelp("Destinations to report always.", valueName: "prefix,..."))
  var watchNet: [String] = []

  @Option(help: ArgumentHelp("Operators to report always.", valueName: "asn,..."))
  var watchAsn: [String] = []

  @Option(
    name: .customLong("nat64-prefix"),
    help: ArgumentHelp("This network's own NAT64 prefixes.", valueName: "prefix,..."))
  var nat64Prefix: [String] = []

  @Option(help: ArgumentHelp("Which country decides: location, operator or either."))
  var foreignBy: AttributionPolicy.ForeignBy?

  @Option(help: ArgumentHelp("What becomes of unknown addresses: report, foreign or home."))
  var unknownAs: AttributionPolicy.UnknownAs?

  @Option(help: ArgumentHelp("Declare a camera (repeatable).", valueName: "address|mac"))
  var camera: [String] = []

  @Option(
    help: ArgumentHelp(
      "A newer IEEE list of hardware address prefixes: oui.csv or oui.txt.", valueName: "file"))
  var oui: String?

  @Option(
    // A zone west of Greenwich begins like an option: -03:00.
    parsing: .unconditional,
    help: ArgumentHelp(
      "Zone of the site: its clock beside UTC, and its nights: Europe/Rome, +02:00.",
      valueName: "zone"))
  var timeZone: String?

  @Option(help: ArgumentHelp("All of these and known devices, as JSON.", valueName: "file"))
  var policy: String?

  /// Files that these options name; no result may be written over them.
  var files: [String] {
    tables.geoip.filter { $0 != "system" } + [oui, policy].compactMap { $0 }
  }

  /// Puts the options into a configuration; the command line wins over the policy file.
  func apply(to configuration: inout Analyzer.Configuration) throws {
    if let policy {
      let file = try PolicyFile(path: policy)
      configuration.attribution = file.attribution
      configuration.cameras = file.cameras
      configuration.knownDevices = file.devices
      configuration.exceptions = file.exceptions
      configuration.policyDigest = file.sha256
    }
    configuration.geoIP = try tables.sources()
    configuration.hardwareRegistry = oui
    try apply(to: &configuration.attribution)
    configuration.timeZone = try zone()
    for text in camera {
      guard let key = PolicyFile.DeviceKey(text) else {
        throw ValidationError("--camera: \"\(text)\" is neither an IP address nor a MAC address")
      }
      configuration.cameras.append(key)
    }
  }

  /// The zone of the site; `nil` where none is named.
  func zone() throws -> LocalTimeZone? {
    guard let timeZone else { return nil }
    guard let zone = LocalTimeZone(timeZone) else {
      throw ValidationError(
        "--time-zone: \"\(timeZone)\" is neither an offset such as +02:00 nor a zone such as "
          + "Europe/Rome that this machine knows")
    }
    return zone
  }

  private func apply(to policy: inout AttributionPolicy) throws {
    if !home.isEmpty { try policy.setHome(Self.items(home)) }
    if !homeNet.isEmpty { policy.homeNets = try Self.prefixes(homeNet, "--home-net") }
    if !allowNet.isEmpty { policy.allowNets = try Self.prefixes(allowNet, "--allow-net") }
    if !watchNet.isEmpty { policy.watchNets = try Self.prefixes(watchNet, "--watch-net") }
    if !homeAsn.isEmpty { policy.homeASNs = try Self.numbers(homeAsn, "--home-asn") }
    if !allowAsn.isEmpty { policy.allowASNs = try Self.numbers(allowAsn, "--allow-asn") }
    if !watchAsn.isEmpty { policy.watchASNs = try Self.numbers(watchAsn, "--watch-asn") }
    if !nat64Prefix.isEmpty {
      policy.nat64Prefixes = []
      for text in Self.items(nat64Prefix) { try policy.addNAT64Prefix(text) }
    }
    if let foreignBy { policy.foreignBy = foreignBy }
    if let unknownAs { policy.unknownAs = unknownAs }
  }

  private static func items(_ texts: [String]) -> [String] {
    texts.flatMap { $0.split(separator: ",").map(String.init) }
  }

  private static func prefixes(_ texts: [String], _ option: String) throws -> [AddressPrefix] {
    try items(texts).map { text in
      if let prefix = AddressPrefix(text) { return prefix }
      if let address = IPAddress(text),
        let prefix = AddressPrefix(address: address, length: address.isIPv4 ? 32 : 128)
      {
        return prefix
      }
      throw ValidationError("\(option): \"\(text)\" is no prefix such as 192.0.2.0/24")
    }
  }

  private static func numbers(_ texts: [String], _ option: String) throws -> [UInt32] {
    try items(texts).map { text in
      let digits = text.uppercased().hasPrefix("AS") ? String(text.dropFirst(2)) : text
      guard let number = UInt32(digits) else {
        throw ValidationError("\(option): \"\(text)\" is no AS number such as 64496 or AS64496")
      }
      return number
    }
  }
}

extension AttributionPolicy.ForeignBy: ExpressibleByArgument {}
extension AttributionPolicy.UnknownAs: ExpressibleByArgument {}
