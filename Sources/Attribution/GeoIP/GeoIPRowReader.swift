// SPDX-License-Identifier: Apache-2.0

/// Turns records into rows by the columns of one layout.
struct GeoIPRowReader {
  enum Verdict: Equatable {
    case accepted
    /// A row that is no address range and no fault (RIR summaries, AS rows).
    case skipped
    case bad(BadRowReason)
    /// A limit is met.
    case full
  }

  let reading: GeoIPReading
  private(set) var v4 = RangeTable<UInt32>()
  private(set) var v6 = RangeTable<UInt128>()
  private(set) var interner = RecordInterner()
  private(set) var places: [(key: UInt32, country: UInt16)] = []
  private(set) var unreadableCountries = 0
  private(set) var foldedCountries = 0
  private let table: UInt16
  private let indices: ColumnIndices
  private var name: [UInt8] = []

  var rowCount: Int { v4.count + v6.count + places.count }

  init(reading: GeoIPReading, table: UInt16) {
    self.reading = reading
    self.table = table
    indices = ColumnIndices(reading.columns)
    name.reserveCapacity(2 * GeoIPLimits.nameLength)
  }

  mutating func add(_ record: borrowing DelimitedRecord, of bytes: Span<UInt8>, line: UInt32)
    -> Verdict
  {
    var facts = GeoIPFacts(table: table)
    if reading.content == .places { return addPlace(record, of: bytes) }
    if indices.recordType >= 0, !isAddressRow(record, bytes) { return .skipped }
    let range: AddressField.Range
    switch self.range(record, bytes) {
    case .success(let found): range = found
    case .failure(let failure): return .bad(failure.reason)
    }
    if let failure = readOperator(record, bytes, &facts) { return .bad(failure) }
    if let failure = readPlaces(record, bytes, &facts) { return .bad(failure) }
    readCountry(record, bytes, &facts)
    readFlags(record, bytes, &facts)
    guard rowCount < GeoIPLimits.rows, let index = interner.index(of: facts, name: name) else {
      return .full
    }
    switch range {
    case .v4(let start, let end): v4.append(start, end, facts: index, line: line)
    case .v6(let start, let end): v6.append(start, end, facts: index, line: line)
    }
    return .accepted
  }

  private func range(
    _ record: borrowing DelimitedRecord, _ bytes: Span<UInt8>
  ) -> Result<AddressField.Range, AddressField.BadRow> {
    let isNetwork = indices.network >= 0
    let first = isNetwork ? indices.network : indices.start
    guard first < record.count else { return .failure(.init(.tooFewColumns)) }
    let field = record[first]
    // A prefix in the start column (or network column).
    var slash = field.start
    while slash < field.end, bytes[slash] != UInt8(ascii: "/") { slash += 1 }
    if slash < field.end {
      guard let bound = AddressField.bound(bytes, field.start, slash),
        let length = AddressField.number(bytes, slash + 1, field.end)
      else { return .failure(.init(.badPrefix)) }
      return AddressField.range(bound, prefixLength: length)
    }
    guard let bound = AddressField.bound(bytes, field.start, field.end) else {
      return .failure(.init(record.count < 2 ? .tooFewColumns : .badAddress))
    }
    if isNetwork { return AddressField.range(bound, bound) }
    if indices.prefixLength >= 0 {
      guard indices.prefixLength < record.count else { return .failure(.init(.tooFewColumns)) }
      let length = record[indices.prefixLength]
      guard let value = AddressField.number(bytes, length.start, length.end) else {
        return .failure(.init(.badPrefix))
      }
      return AddressField.range(bound, prefixLength: value)
    }
    if indices.addressCount >= 0 { return countedRange(bound, record, bytes) }
    guard indices.end < record.count else { return .failure(.init(.tooFewColumns)) }
    let end = record[indices.end]
    guard let last = AddressField.bound(bytes, end.start, end.end) else {
      return .failure(.init(.badAddress))
    }
    return AddressField.range(bound, last)
  }

  /// RIR rows: IPv4 with a count of addresses, IPv6 with a prefix length.
  private func countedRange(
    _ first: AddressField.Bound, _ record: borrowing DelimitedRecord, _ bytes: Span<UInt8>
  ) -> Result<AddressField.Range, AddressField.BadRow> {
    guard indices.addressCount < record.count else { return .failure(.init(.tooFewColumns)) }
    let field = record[indices.addressCount]
    guard let count = AddressField.number(bytes, field.start, field.end), count > 0 else {
      return .failure(.init(.badCount))
    }
    guard case .v4(let start) = first else { return AddressField.range(first, prefixLength: count) }
    let (end, overflow) = start.addingReportingOverflow(count - 1)
    return overflow ? .failure(.init(.badCount)) : .success(.v4(start, end))
  }

  private func isAddressRow(_ record: borrowing DelimitedRecord, _ bytes: Span<UInt8>) -> Bool {
    guard indices.recordType < record.count, indices.start < record.count else { return false }
    let field = record[indices.recordType]
    guard field.end - field.start == 4, bytes[field.start] | 0x20 == UInt8(ascii: "i") else {
      return false
    }
    let start = record[indices.start]
    return !(start.end - start.start == 1 && bytes[start.start] == UInt8(ascii: "*"))
  }

  /// Reads AS number and name; the name stays in `name`.
  private mutating func readOperator(
    _ record: borrowing DelimitedRecord, _ bytes: Span<UInt8>, _ facts: inout GeoIPFacts
  ) -> BadRowReason? {
    name.removeAll(keepingCapacity: true)
    if indices.asn >= 0, indices.asn < record.count {
      let field = record[indices.asn]
      guard let asn = AddressField.asNumber(bytes, field.start, field.end) else {
        return .badASNumber
      }
      facts.asn = asn
    } else if indices.origins >= 0, indices.origins < record.count {
      let field = record[indices.origins]
      var start = field.start
      if start < field.end, bytes[start] == UInt8(ascii: "{") { start += 1 }
      var end = start
      while end < field.end, bytes[end] != UInt8(ascii: "_"), bytes[end] != UInt8(ascii: ","),
        bytes[end] != UInt8(ascii: "}")
      {
        end += 1
      }
      guard let asn = AddressField.asNumber(bytes, start, end) else { return .badASNumber }
      facts.asn = asn
      if end < field.end, bytes[end] != UInt8(ascii: "}") {
        facts.flags |= GeoIPFlags.multiOrigin.rawValue
      }
    }
    // What stands beside "no AS" (iptoasn's "Not routed") names nobody.
    guard facts.asn != 0, indices.name >= 0, indices.name < record.count else { return nil }
    let field = record[indices.name]
    if AddressField.isAbsent(bytes, field.start, field.end) { return nil }
    record.copyText(indices.name, of: bytes, into: &name, limit: GeoIPLimits.nameLength + 4)
    RecordInterner.cut(&name)
    return nil
  }

  private func readPlaces(
    _ record: borrowing DelimitedRecord, _ bytes: Span<UInt8>, _ facts: inout GeoIPFacts
  ) -> BadRowReason? {
    guard indices.place >= 0, indices.place < record.count else { return nil }
    let field = record[indices.place]
    facts.place = AddressField.number(bytes, field.start, field.end) ?? 0
    if facts.place == 0, indices.registeredPlace >= 0, indices.registeredPlace < record.count {
      let registered = record[indices.registeredPlace]
      facts.place = AddressField.number(bytes, registered.start, registered.end) ?? 0
      if facts.place != 0 { facts.flags |= GeoIPFlags.registeredCountry.rawValue }
    }
    return nil
  }

  private mutating func readCountry(
    _ record: borrowing DelimitedRecord, _ bytes: Span<UInt8>, _ facts: inout GeoIPFacts
  ) {
    guard indices.country >= 0, indices.country < record.count else { return }
    let field = record[indices.country]
    if AddressField.isAbsent(bytes, field.start, field.end) { return }
    guard let code = Self.twoBytes(bytes, field.start, field.end) else {
      unreadableCountries += 1
      return
    }
    if let flag = GeoIPFlags.pseudoCountry(code) {
      facts.flags |= flag.rawValue
      return
    }
    switch code {
    case Self.unknownXX, Self.unknownZZ, Self.otherO1: return
    default: break
    }
    guard code >> 8 >= 0x41, code & 0xFF >= 0x41 else {
      unreadableCountries += 1
      return
    }
    facts.country = CountryCode.folded(code)
    if facts.country != code {
      facts.flags |= GeoIPFlags.foldedCountry.rawValue
      foldedCountries += 1
    }
  }

  private static let unknownXX = CountryCode.bits("XX")
  private static let unknownZZ = CountryCode.bits("ZZ")
  private static let otherO1 = CountryCode.bits("O1")

  /// Two letters or digits, letters in upper case.
  private static func twoBytes(_ bytes: Span<UInt8>, _ start: Int, _ end: Int) -> UInt16? {
    guard end - start == 2 else { return nil }
    var code: UInt16 = 0
    for index in start..<end {
      let byte = bytes[index]
      guard let letter = CountryCode.upper(byte) ?? ((0x30...0x39).contains(byte) ? byte : nil)
      else { return nil }
      code = code << 8 | UInt16(letter)
    }
    return code
  }

  private func readFlags(
    _ record: borrowing DelimitedRecord, _ bytes: Span<UInt8>, _ facts: inout GeoIPFacts
  ) {
    if indices.flags >= 0, indices.flags < record.count {
      let field = record[indices.flags]
      var start = field.start
      while start < field.end {
        var end = start
        while end < field.end, bytes[end] != UInt8(ascii: " ") { end += 1 }
        if let code = Self.twoBytes(bytes, start, end), let flag = GeoIPFlags.pseudoCountry(code) {
          facts.flags |= flag.rawValue
        }
        start = end + 1
      }
    }
    guard indices.hasMarks else { return }
    if isSet(indices.isAnycast, record, bytes) { facts.flags |= GeoIPFlags.anycast.rawValue }
    if isSet(indices.isSatellite, record, bytes) { facts.flags |= GeoIPFlags.satellite.rawValue }
    if isSet(indices.isAnonymousProxy, record, bytes) {
      facts.flags |= GeoIPFlags.anonymousProxy.rawValue
    }
  }

  /// `1` or a word that begins with `t` (true).
  private func isSet(
    _ column: Int, _ record: borrowing DelimitedRecord, _ bytes: Span<UInt8>
  ) -> Bool {
    guard column >= 0, column < record.count else { return false }
    let field = record[column]
    guard field.start < field.end else { return false }
    return bytes[field.start] == UInt8(ascii: "1")
      || bytes[field.start] | 0x20 == UInt8(ascii: "t")
  }

  private mutating func addPlace(
    _ record: borrowing DelimitedRecord, of bytes: Span<UInt8>
  ) -> Verdict {
    guard indices.place < record.count, indices.country < record.count else {
      return .bad(.tooFewColumns)
    }
    let field = record[indices.place]
    guard let key = AddressField.number(bytes, field.start, field.end), key != 0 else {
      return .bad(.badAddress)
    }
    guard rowCount < GeoIPLimits.rows else { return .full }
    var facts = GeoIPFacts()
    readCountry(record, bytes, &facts)
    places.append((key, facts.country))
    return .accepted
  }
}

/// Where each kind of column is, -1 where it is not.
private struct ColumnIndices {
  let start: Int
  let end: Int
  let network: Int
  let prefixLength: Int
  let addressCount: Int
  let asn: Int
  let origins: Int
  let country: Int
  let name: Int
  let flags: Int
  let place: Int
  let registeredPlace: Int
  let isAnycast: Int
  let isSatellite: Int
  let isAnonymousProxy: Int
  let recordType: Int

  var hasMarks: Bool { isAnycast >= 0 || isSatellite >= 0 || isAnonymousProxy >= 0 }

  init(_ columns: [GeoIPColumn]) {
    func index(_ column: GeoIPColumn) -> Int { columns.firstIndex(of: column) ?? -1 }
    start = index(.start)
    end = index(.end)
    network = index(.network)
    prefixLength = index(.prefixLength)
    addressCount = index(.addressCount)
    asn = index(.asn)
    origins = index(.origins)
    country = index(.country)
    name = index(.name)
    flags = index(.flags)
    place = index(.place)
    registeredPlace = index(.registeredPlace)
    isAnycast = index(.isAnycast)
    isSatellite = index(.isSatellite)
    isAnonymousProxy = index(.isAnonymousProxy)
    recordType = index(.recordType)
  }
}
