// SPDX-License-Identifier: Apache-2.0

/// A MaxMind DB file (`.mmdb`), read into the same rows as the text tables.
///
/// Own reader of the public format instead of libmaxminddb: it is small, its answers carry the same
/// evidence as those of the text tables, and nothing unsafe sees the file. Read whole, because its
/// search tree points to and fro.
struct MaxMindDatabase {
  /// Largest file read, in bytes; GeoLite2 City has about 60 MB.
  static let byteLimit = 1 << 30
  /// Marks the metadata, which lie at the end of the file.
  static let marker: [UInt8] = [0xAB, 0xCD, 0xEF] + Array("MaxMind.com".utf8)
  /// How far from the end the marker may be (format 2.0, "Database Metadata").
  static let metadataLimit = 131_072
  /// Zero bytes between search tree and data.
  private static let separatorLength = 16

  private let bytes: [UInt8]
  private let nodeCount: Int
  /// Bits of one of the two records of a node: 24, 28 or 32.
  private let recordSize: Int
  private let isIPv6: Bool
  private let data: MaxMindValueReader
  /// Seconds since 1970 when the file was made.
  private let buildEpoch: UInt64

  /// Whether a file that starts so is worth reading whole, because it is binary.
  static func isPlausible(head: Span<UInt8>) -> Bool {
    // The first node leads to others, never to itself, which is what zeros would say.
    var leads = false
    for index in 0..<min(head.count, 8) where head[index] != 0 { leads = true }
    guard leads else { return false }
    // The records of a search tree are mostly small numbers of three or four bytes.
    var zeros = 0
    for index in head.indices where head[index] == 0 { zeros += 1 }
    return zeros * 100 > head.count
  }

  /// Reads the metadata; `nil` if the bytes are no MaxMind DB file or contradict themselves.
  init?(_ bytes: [UInt8]) {
    guard let start = Self.metadata(bytes) else { return nil }
    let metadata = MaxMindValueReader(bytes: bytes, section: start, end: bytes.count)
    var values: [String: UInt64] = [:]
    metadata.forEachMember(of: start) { key, offset in
      if let number = metadata.number(offset) {
        values[String(decoding: key, as: UTF8.self)] = number
      }
    }
    guard values["binary_format_major_version"] == 2, let count = values["node_count"],
      let size = values["record_size"], [24, 28, 32].contains(size), count > 0,
      let version = values["ip_version"], version == 4 || version == 6,
      count <= UInt64(bytes.count)
    else { return nil }
    let treeLength = Int(count) * Int(size) / 4
    guard treeLength + Self.separatorLength <= start else { return nil }
    self.bytes = bytes
    nodeCount = Int(count)
    recordSize = Int(size)
    isIPv6 = version == 6
    buildEpoch = values["build_epoch"] ?? 0
    data = MaxMindValueReader(
      bytes: bytes, section: treeLength + Self.separatorLength, end: start - Self.marker.count)
  }

  /// The rows of the file.
  func result(source: GeoIPTableSource, table: UInt16, path: String) throws(GeoIPError)
    -> GeoIPTableParser.Result
  {
    var rows = Rows(table: table)
    var info = GeoIPTableInfo(path: path, layout: "mmdb", hasASN: false)
    try walk(into: &rows, info: &info, source: source)
    guard rows.v4.count + rows.v6.count > 0, rows.hasASN || rows.hasCountry else {
      throw GeoIPError(
        kind: .tooManyBadRows, file: source.name, line: nil,
        reason: "the MaxMind DB file has neither AS numbers nor countries",
        advice: "give an ASN, Country or City database")
    }
    var columns = [GeoIPColumn.network]
    if rows.hasASN { columns.append(.asn) }
    if rows.hasCountry { columns.append(.country) }
    info.rows = rows.v4.count + rows.v6.count
    info.hasASN = rows.hasASN
    info.countryBasis = rows.hasCountry ? source.countryBasis ?? .location : nil
    info.unreadableCountries = rows.unreadableCountries
    if let date = source.date {
      info.date = date
      info.dateBasis = .option
    } else if buildEpoch > 0, buildEpoch < 1 << 33 {
      info.date = GeoIPTableDate(dayNumber: Int(buildEpoch / 86_400))
      info.dateBasis = .header
    }
    return GeoIPTableParser.Result(
      info: info, reading: GeoIPReading(columns: columns, countryBasis: .location), v4: rows.v4,
      v6: rows.v6, interner: rows.interner, places: [])
  }

  private struct Rows {
    let table: UInt16
    var v4 = RangeTable<UInt32>()
    var v6 = RangeTable<UInt128>()
    var interner = RecordInterner()
    var hasASN = false
    var hasCountry = false
    var unreadableCountries = 0
    /// Facts of each data offset; only looked up, never iterated.
    var known: [Int: UInt32] = [:]
  }

  /// Visits the tree depth first, zero bits first, each node once.
  ///
  /// IPv4 lies under ::/96, the first path of all; where other prefixes (::ffff:0:0/96, 2002::/16,
  /// 2001::/32) lead to the same nodes they are aliases and add no rows. A hostile tree that points
  /// back cannot be followed twice either.
  private func walk(
    into rows: inout Rows, info: inout GeoIPTableInfo, source: GeoIPTableSource
  ) throws(GeoIPError) {
    var isVisited = [Bool](repeating: false, count: nodeCount)
    let bits = isIPv6 ? 128 : 32
    var stack: [(record: Int, address: UInt128, depth: Int)] = [(0, 0, 0)]
    while let (record, address, depth) = stack.popLast() {
      if record < nodeCount {
        guard depth < bits else {
          addBadRow(&info)
          continue
        }
        if isVisited[record] {
          info.skippedLines += 1
          continue
        }
        isVisited[record] = true
        guard let (zero, one) = children(of: record) else { continue }
        let bit = UInt128(1) << UInt128(bits - 1 - depth)
        stack.append((one, address | bit, depth + 1))
        stack.append((zero, address, depth + 1))
        continue
      }
      guard record > nodeCount else { continue }
      let offset = data.section + record - nodeCount - Self.separatorLength
      guard offset >= data.section, offset < data.end else {
        addBadRow(&info)
        continue
      }
      guard let facts = facts(at: offset, &rows), rows.v4.count + rows.v6.count < GeoIPLimits.rows
      else {
        throw GeoIPError(
          kind: .limit, file: source.name, line: nil,
          reason: "more than \(GeoIPLimits.rows) rows or 4 GiB of names",
          advice: "give a smaller database")
      }
      add(address, depth: depth, facts: facts, to: &rows)
    }
  }

  private func add(_ address: UInt128, depth: Int, facts: UInt32, to rows: inout Rows) {
    let hostBits = (isIPv6 ? 128 : 32) - depth
    if !isIPv6 || (depth >= 96 && address >> 32 == 0) {
      let start = UInt32(truncatingIfNeeded: address)
      let mask = UInt32(truncatingIfNeeded: (UInt64(1) << UInt64(hostBits)) - 1)
      rows.v4.append(start, start | mask, facts: facts, line: 0)
    } else {
      let mask: UInt128 = hostBits >= 128 ? .max : (1 << UInt128(hostBits)) - 1
      rows.v6.append(address, address | mask, facts: facts, line: 0)
    }
  }

  private func addBadRow(_ info: inout GeoIPTableInfo) {
    info.badRows += 1
    guard info.badRowSamples.count < GeoIPLimits.badRowSamples else { return }
    info.badRowSamples.append(.init(line: 0, reason: .badTree))
  }

  private func children(of node: Int) -> (Int, Int)? {
    let start = node * recordSize / 4
    guard start + recordSize / 4 <= bytes.count else { return nil }
    func number(_ offset: Int, _ length: Int) -> Int {
      var value = 0
      for index in offset..<(offset + length) { value = value << 8 | Int(bytes[index]) }
      return value
    }
    switch recordSize {
    case 24: return (number(start, 3), number(start + 3, 3))
    case 28:
      let middle = Int(bytes[start + 3])
      return ((middle >> 4) << 24 | number(start, 3), (middle & 15) << 24 | number(start + 4, 3))
    default: return (number(start, 4), number(start + 4, 4))
    }
  }

  /// Facts of a data record: MaxMind's and DB-IP's keys, and IPinfo's.
  private func facts(at offset: Int, _ rows: inout Rows) -> UInt32? {
    if let index = rows.known[offset] { return index }
    var facts = GeoIPFacts(table: rows.table)
    var name: [UInt8] = []
    var country: ArraySlice<UInt8>?
    var registered: ArraySlice<UInt8>?
    var hasASN = false
    var hasCountry = false
    data.forEachMember(of: offset) { key, value in
      switch String(decoding: key, as: UTF8.self) {
      case "autonomous_system_number":
        hasASN = true
        facts.asn = data.number(value).flatMap { UInt32(exactly: $0) } ?? 0
      case "asn":
        hasASN = true
        if let text = data.text(value) {
          facts.asn = AddressField.asNumber(text.span, 0, text.count) ?? 0
        } else {
          facts.asn = data.number(value).flatMap { UInt32(exactly: $0) } ?? 0
        }
      case "autonomous_system_organization", "as_name":
        name = data.text(value).map { Array($0.prefix(GeoIPLimits.nameLength + 4)) } ?? []
        RecordInterner.cut(&name)
      case "country", "country_code":
        hasCountry = true
        // MaxMind: a map; IPinfo: the code, or the name where `country_code` stands beside it.
        country = (data.text(value) ?? isoCode(value)).flatMap { $0.count == 2 ? $0 : country }
      case "registered_country":
        hasCountry = true
        registered = isoCode(value)
      case "traits":
        data.forEachMember(of: value) { trait, offset in
          guard data.number(offset) == 1 else { return }
          switch String(decoding: trait, as: UTF8.self) {
          case "is_anycast": facts.flags |= GeoIPFlags.anycast.rawValue
          case "is_satellite_provider": facts.flags |= GeoIPFlags.satellite.rawValue
          case "is_anonymous_proxy": facts.flags |= GeoIPFlags.anonymousProxy.rawValue
          default: break
          }
        }
      default: break
      }
    }
    if country == nil, let registered {
      country = registered
      facts.flags |= GeoIPFlags.registeredCountry.rawValue
    }
    if let country { setCountry(String(decoding: country, as: UTF8.self), &facts, &rows) }
    rows.hasASN = rows.hasASN || hasASN
    rows.hasCountry = rows.hasCountry || hasCountry
    guard let index = rows.interner.index(of: facts, name: facts.asn == 0 ? [] : name) else {
      return nil
    }
    rows.known[offset] = index
    return index
  }

  private func isoCode(_ offset: Int) -> ArraySlice<UInt8>? {
    var code: ArraySlice<UInt8>?
    data.forEachMember(of: offset) { key, value in
      if key.elementsEqual("iso_code".utf8) { code = data.text(value) }
    }
    return code
  }

  private func setCountry(_ text: String, _ facts: inout GeoIPFacts, _ rows: inout Rows) {
    guard let code = CountryCode(text) else {
      rows.unreadableCountries += 1
      return
    }
    if code.rawValue == CountryCode.bits("ZZ") || code.rawValue == CountryCode.bits("XX") { return }
    facts.country = code.rawValue
  }

  private static func metadata(_ bytes: [UInt8]) -> Int? {
    guard bytes.count > marker.count else { return nil }
    var start = bytes.count - marker.count
    let least = max(0, bytes.count - metadataLimit)
    while start >= least {
      if bytes[start] == marker[0], bytes[start...].starts(with: marker) {
        return start + marker.count
      }
      start -= 1
    }
    return nil
  }
}
