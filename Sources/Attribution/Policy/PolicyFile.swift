// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
public import PacketDecoding

/// A policy as a JSON file: what is home, known devices, and exceptions with their reason.
///
/// The format is `Samples/Policy/policy.schema.json`. Unknown keys are errors, because a misspelt
/// key would silently change a verdict.
public struct PolicyFile: Sendable {
  /// The value of the key `schema`.
  public static let schema = "lenstrace.policy/1"
  /// Largest file read, in bytes.
  public static let byteLimit = 16 << 20

  /// The path as given, for messages.
  public let path: String
  /// Lower-case hexadecimal SHA-256 of the file, or `nil` for a policy of bytes.
  public private(set) var sha256: String?
  /// What is home.
  public private(set) var attribution = AttributionPolicy()
  /// Devices that are cameras whatever their traffic shows.
  public private(set) var cameras: [DeviceKey] = []
  /// Devices the investigator knows.
  public private(set) var devices: [KnownDevice] = []
  /// Destinations that are allowed for a stated reason.
  public private(set) var exceptions: [PolicyException] = []

  /// How a device is named in a policy.
  public enum DeviceKey: Hashable, Sendable {
    /// By an IP address.
    case address(IPAddress)
    /// By a MAC address.
    case mac(MACAddress)

    /// Reads an IP address, or a MAC address of six pairs of digits.
    public init?(_ text: some StringProtocol) {
      if let address = IPAddress(text) {
        self = .address(address)
        return
      }
      let pairs = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "-" }
      guard pairs.count == 6, pairs.allSatisfy({ $0.utf8.count == 2 }) else { return nil }
      var bits: UInt64 = 0
      for pair in pairs {
        guard let byte = UInt8(pair, radix: 16) else { return nil }
        bits = bits << 8 | UInt64(byte)
      }
      self = .mac(MACAddress(bits: bits))
    }
  }

  /// A device the investigator knows.
  public struct KnownDevice: Hashable, Sendable {
    /// Its addresses.
    public var keys: [DeviceKey]
    /// Its name, or `nil`.
    public var name: String?
    /// Where it stands, or `nil`.
    public var place: String?
    /// Its role as in the inventory, or `nil`.
    public var role: String?
  }

  /// A destination that is allowed, and why.
  public struct PolicyException: Hashable, Sendable {
    /// The destination, or `nil` for any.
    public var net: AddressPrefix?
    /// The destination's operator, or `nil` for any.
    public var asn: UInt32?
    /// The source, or `nil` for any.
    public var device: DeviceKey?
    /// The reason, which reports print.
    public var reason: String

    /// Whether the exception covers a destination.
    ///
    /// - Parameters:
    ///   - destination: The judged address.
    ///   - asn: Its operator, if known.
    ///   - source: All addresses of the source device.
    /// - Returns: Whether net, operator and device all fit, as far as they are stated.
    public func covers(destination: IPAddress, asn: UInt32?, source: [DeviceKey]) -> Bool {
      if let net, !net.contains(destination) { return false }
      if let wanted = self.asn, wanted != asn { return false }
      if let device, !source.contains(device) { return false }
      return true
    }
  }

  /// The keys of the file, in the order of the schema.
  static let keys = [
    "$schema", "schema", "description", "home", "home_nets", "home_asns", "allow_nets",
    "allow_asns", "watch_nets", "watch_asns", "foreign_by", "unknown_as", "nat64_prefixes",
    "cameras", "devices", "exceptions",
  ]
  static let deviceKeys = ["addresses", "name", "place", "role"]
  static let exceptionKeys = ["net", "asn", "device", "reason"]

  /// Reads a policy file.
  ///
  /// - Throws: ``GeoIPError`` naming file, line, reason and what to do.
  public init(path: String) throws(GeoIPError) {
    let file = try EvidenceText(path: path, option: "--policy")
    var bytes: [UInt8] = []
    while bytes.count <= Self.byteLimit,
      let block = try file.next(byteCount: GeoIPTableLoader.chunkLength)
    {
      EvidenceText.append(block.bytes, to: &bytes)
    }
    try self.init(bytes: bytes, name: path)
    sha256 = file.sha256()
  }

  /// Reads a policy of bytes; `name` stands for the file in messages.
  ///
  /// - Throws: ``GeoIPError`` naming file, line, reason and what to do.
  public init(bytes: [UInt8], name: String) throws(GeoIPError) {
    path = name
    guard bytes.count <= Self.byteLimit else {
      throw failure(1, "the file is larger than \(Self.byteLimit) bytes")
    }
    let root: PolicyJSON
    do {
      root = try PolicyJSON(parsing: bytes)
    } catch {
      throw failure(error.line, error.reason)
    }
    let members = try members(root, allowed: Self.keys)
    guard let schema = members.first(where: { $0.key == "schema" }),
      case .string(Self.schema) = schema.value.value
    else { throw failure(root.line, "the key \"schema\" is not \"\(Self.schema)\"") }
    for (key, value) in members { try read(key, value) }
  }

  private mutating func read(_ key: String, _ value: PolicyJSON) throws(GeoIPError) {
    switch key {
    case "home":
      for (text, line) in try texts(value) {
        do {
          try attribution.addHome(text)
        } catch {
          throw failure(line, error.reason)
        }
      }
    case "home_nets": attribution.homeNets = try prefixes(value)
    case "allow_nets": attribution.allowNets = try prefixes(value)
    case "watch_nets": attribution.watchNets = try prefixes(value)
    case "home_asns": attribution.homeASNs = try elements(value, asn)
    case "allow_asns": attribution.allowASNs = try elements(value, asn)
    case "watch_asns": attribution.watchASNs = try elements(value, asn)
    case "foreign_by":
      guard let choice = AttributionPolicy.ForeignBy(rawValue: try text(value)) else {
        throw failure(value.line, "\"foreign_by\" is not location, operator or either")
      }
      attribution.foreignBy = choice
    case "unknown_as":
      guard let choice = AttributionPolicy.UnknownAs(rawValue: try text(value)) else {
        throw failure(value.line, "\"unknown_as\" is not report, foreign or home")
      }
      attribution.unknownAs = choice
    case "nat64_prefixes":
      for (text, line) in try texts(value) {
        do {
          try attribution.addNAT64Prefix(text)
        } catch {
          throw failure(line, error.reason)
        }
      }
    case "cameras": cameras = try elements(value, device)
    case "devices": devices = try elements(value, knownDevice)
    case "exceptions": exceptions = try elements(value, exception)
    default: _ = try text(value)
    }
  }

  private func knownDevice(_ node: PolicyJSON) throws(GeoIPError) -> KnownDevice {
    var found = KnownDevice(keys: [])
    for (key, value) in try members(node, allowed: Self.deviceKeys) {
      switch key {
      case "addresses": found.keys = try elements(value, device)
      case "name": found.name = try text(value)
      case "place": found.place = try text(value)
      default: found.role = try text(value)
      }
    }
    guard !found.keys.isEmpty else {
      throw failure(node.line, "a device without \"addresses\"")
    }
    return found
  }

  private func exception(_ node: PolicyJSON) throws(GeoIPError) -> PolicyException {
    var found = PolicyException(reason: "")
    for (key, value) in try members(node, allowed: Self.exceptionKeys) {
      switch key {
      case "net": found.net = try prefix(value)
      case "asn": found.asn = try asn(value)
      case "device": found.device = try device(value)
      default: found.reason = try text(value)
      }
    }
    guard !found.reason.isEmpty else {
      throw failure(node.line, "an exception without a \"reason\"")
    }
    guard found.net != nil || found.asn != nil else {
      throw failure(node.line, "an exception without \"net\" or \"asn\" would allow everything")
    }
    return found
  }

  private func members(
    _ node: PolicyJSON, allowed: [String]
  ) throws(GeoIPError) -> [(key: String, value: PolicyJSON)] {
    guard case .object(let members) = node.value else {
      throw failure(node.line, "no JSON object where one must be")
    }
    for (key, value) in members where !allowed.contains(key) {
      throw failure(value.line, "unknown key \"\(GeoIPTableParser.printable(key))\"")
    }
    return members
  }

  private func elements<Element>(
    _ node: PolicyJSON, _ read: (PolicyJSON) throws(GeoIPError) -> Element
  ) throws(GeoIPError) -> [Element] {
    guard case .array(let nodes) = node.value else {
      throw failure(node.line, "no JSON array where one must be")
    }
    var found: [Element] = []
    for element in nodes { found.append(try read(element)) }
    return found
  }

  private func texts(_ node: PolicyJSON) throws(GeoIPError) -> [(String, Int)] {
    try elements(node) { (element) throws(GeoIPError) in (try text(element), element.line) }
  }

  private func text(_ node: PolicyJSON) throws(GeoIPError) -> String {
    guard case .string(let text) = node.value else {
      throw failure(node.line, "no text in quotes where one must be")
    }
    return text
  }

  private func prefixes(_ node: PolicyJSON) throws(GeoIPError) -> [AddressPrefix] {
    try elements(node, prefix)
  }

  private func prefix(_ node: PolicyJSON) throws(GeoIPError) -> AddressPrefix {
    let text = try text(node)
    guard let prefix = AddressPrefix(text) else {
      throw failure(
        node.line, "\"\(GeoIPTableParser.printable(text))\" is no prefix such as 192.0.2.0/24")
    }
    return prefix
  }

  /// A number, or a text such as `AS64500`.
  private func asn(_ node: PolicyJSON) throws(GeoIPError) -> UInt32 {
    let digits: String
    switch node.value {
    case .number(let text), .string(let text): digits = text
    default: throw failure(node.line, "no AS number where one must be")
    }
    let bytes = Array(digits.utf8)
    guard let asn = AddressField.asNumber(bytes.span, 0, bytes.count), asn != 0 else {
      throw failure(node.line, "\"\(GeoIPTableParser.printable(digits))\" is no AS number")
    }
    return asn
  }

  private func device(_ node: PolicyJSON) throws(GeoIPError) -> DeviceKey {
    let text = try text(node)
    guard let key = DeviceKey(text) else {
      throw failure(
        node.line, "\"\(GeoIPTableParser.printable(text))\" is no IP or MAC address")
    }
    return key
  }

  private func failure(_ line: Int, _ reason: String) -> GeoIPError {
    GeoIPError(
      kind: .invalidOption, file: path, line: UInt64(max(1, line)), reason: reason,
      advice: "see Samples/Policy/policy.schema.json and the example beside it")
  }
}
