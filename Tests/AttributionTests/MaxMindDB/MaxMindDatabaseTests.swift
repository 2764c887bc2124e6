// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import Attribution

@Suite struct MaxMindDatabaseTests {
  /// 11.0.0.0/24 and 2a00::/16 with an AS, 11.0.1.0/24 with a country, IPv4 again under ::ffff:0:0/96.
  static func file(recordSize: Int) -> MaxMindFile {
    var file = MaxMindFile()
    file.recordSize = recordSize
    file.values = [
      .map([
        ("autonomous_system_number", .number(64500)),
        ("autonomous_system_organization", .text("Example")),
      ]),
      .map([
        ("country", .map([("iso_code", .text("IT")), ("geoname_id", .number(5))])),
        ("registered_country", .map([("iso_code", .text("DE"))])),
        ("traits", .map([("is_anycast", .boolean(true)), ("x", .boolean(true))])),
      ]),
      .map([("registered_country", .map([("iso_code", .text("DE"))]))]),
      .pointer(0),
    ]
    file.insert(0x0B00_0000, length: 120, .data(0))
    file.insert(0x0B00_0100, length: 120, .data(1))
    file.insert(0x0B00_0200, length: 120, .data(2))
    file.insert(UInt128(0x2A00) << 112, length: 16, .data(3))
    // The node of ::/96 is reached by 96 zero bits.
    var node = 0
    for _ in 0..<96 {
      if case .node(let next) = file.nodes[node].0 { node = next }
    }
    file.insert(0xFFFF_0000_0000, length: 96, .node(node))
    file.insert(UInt128(0x2002) << 112, length: 16, .node(node))
    return file
  }

  @Test(arguments: [24, 28, 32])
  func readsTrees(recordSize: Int) throws {
    let database = try GeoIPDatabase(loading: [
      .init(content: .bytes(Self.file(recordSize: recordSize).bytes(), name: "x/test.mmdb"))
    ])
    let info = database.tables[0]
    #expect(info.layout == "mmdb")
    #expect(info.path == "test.mmdb")
    #expect(info.rows == 4)
    #expect(info.badRows == 0)
    #expect(info.skippedLines == 2)  // the two aliases
    #expect(info.date?.description == "2022-10-29")
    #expect(info.dateBasis == .header)
    #expect(info.countryBasis == .location)
    #expect(info.hasASN)
    #expect(try database.facts("11.0.0.9") == "64500 -")
    #expect(database.record(for: try address("11.0.0.9"))?.asName == "Example")
    #expect(try database.facts("2a00:1::") == "64500 -")
    #expect(try database.facts("11.0.3.0") == "")
    #expect(try database.facts("2002::") == "")
    let located = try #require(database.record(for: try address("11.0.1.1")))
    #expect(located.country?.description == "IT")
    #expect(located.flags == [.anycast])
    #expect(located.countrySource?.range == "11.0.1.0/24")
    #expect(located.countrySource?.line == 0)
    let registered = try #require(database.record(for: try address("11.0.2.1")))
    #expect(registered.country?.description == "DE")
    #expect(registered.flags == [.registeredCountry])
  }

  @Test func readsIPv4Trees() throws {
    var file = MaxMindFile()
    file.ipVersion = 4
    file.values = [.map([("asn", .text("AS7")), ("country_code", .text("IT"))])]
    file.insert(0x0B00_0000, length: 8, .data(0))
    let database = try GeoIPDatabase(loading: [.init(content: .bytes(file.bytes(), name: "x"))])
    #expect(try database.facts("11.255.255.255") == "7 IT")
    #expect(try database.facts("12.0.0.0") == "")
  }

  /// A device that gives zeros without an end must not be read to the bound.
  @Test func zerosAreNoTree() {
    func isPlausible(_ bytes: [UInt8]) -> Bool { MaxMindDatabase.isPlausible(head: bytes.span) }
    #expect(!isPlausible([UInt8](repeating: 0, count: 4_096)))
    for size in [24, 28, 32] { #expect(isPlausible(Self.file(recordSize: size).bytes())) }
  }

  @Test func aTreeThatPointsBackEnds() throws {
    var file = Self.file(recordSize: 24)
    file.insert(UInt128(0x3000) << 112, length: 16, .node(0))
    let database = try GeoIPDatabase(loading: [.init(content: .bytes(file.bytes(), name: "x"))])
    #expect(database.tables[0].rows == 4)
  }

  @Test func aDatabaseOfOtherThingsIsRefused() {
    var file = MaxMindFile()
    file.values = [.map([("connection_type", .text("Cable"))])]
    file.insert(0x0B00_0000, length: 104, .data(0))
    let error = #expect(throws: GeoIPError.self) {
      try GeoIPDatabase(loading: [.init(content: .bytes(file.bytes(), name: "x"))])
    }
    #expect(error?.reason.contains("neither AS numbers nor countries") == true)
  }

  /// Fixed seed: cut files and files with changed bytes give an answer or an error, never a crash.
  @Test func damageIsSurvived() throws {
    let whole = Self.file(recordSize: 28).bytes()
    var generator = RangeTableTests.Generator()
    for round in 0..<600 {
      var bytes = whole
      if round % 3 == 0 { bytes.removeLast(generator.next(bytes.count)) }
      for _ in 0..<(1 + generator.next(8)) where !bytes.isEmpty {
        // Half of the changes hit the data and the metadata, where the structure is.
        let tail = min(bytes.count, 400)
        let index =
          generator.next(2) == 0
          ? bytes.count - 1 - generator.next(tail) : generator.next(bytes.count)
        bytes[index] = UInt8(generator.next(256))
      }
      let database = try? GeoIPDatabase(
        loading: [.init(content: .bytes(bytes, name: "x"))], options: .init(badRowShare: 1))
      _ = try database?.facts("11.0.0.9")
      _ = try database?.facts("2a00::1")
      _ = database?.record(for: try address("11.0.0.9"))?.asName
    }
  }
}
