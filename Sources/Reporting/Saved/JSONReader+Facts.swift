// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import CaptureFile
internal import Exfiltration
internal import FlowTracking
internal import PacketDecoding

extension JSONReader {
  mutating func captureFacts() throws -> CaptureFacts {
    var facts = CaptureFacts(path: "", format: .pcap)
    try object { key, reader in
      switch key {
      case "path": facts.path = try reader.text()
      case "sha256": facts.sha256 = try reader.optional { try $0.text() }
      case "bytes": facts.bytes = try reader.number()
      case "uncompressed_bytes": facts.uncompressedBytes = try reader.number()
      case "format": facts.format = try reader.word()
      case "compression": facts.compression = try reader.word()
      case "interfaces": facts.interfaces = try reader.list { try $0.captureInterface() }
      case "packets": facts.packets = try reader.number()
      case "wire_bytes": facts.wireBytes = try reader.number()
      case "captured_bytes": facts.capturedBytes = try reader.number()
      case "first_time": facts.firstTime = try reader.optional { try $0.time() }
      case "last_time": facts.lastTime = try reader.optional { try $0.time() }
      case "out_of_order": facts.outOfOrder = try reader.number()
      case "truncated_packets": facts.truncatedPackets = try reader.number()
      case "damage": facts.damage = try reader.list { try $0.captureDamage() }
      case "comments": facts.comments = try reader.strings()
      case "damage_count": facts.damageCount = try reader.number()
      case "bytes_skipped": facts.bytesSkipped = try reader.number()
      case "comment_count": facts.commentCount = try reader.number()
      case "writers": facts.writers = try reader.strings()
      case "sections": facts.sections = try reader.number()
      case "resolved_names":
        // Only their number is printed; the names themselves are in `names`.
        let count: Int = try reader.number()
        guard (0...CaptureFacts.maximumNames).contains(count) else {
          throw reader.failure("a number out of its range")
        }
        facts.names = Array(repeating: CaptureNameRecord(address: [], name: ""), count: count)
      case "decryption_secrets": facts.decryptionSecrets = try reader.number()
      case "unknown_blocks": facts.unknownBlocks = try reader.number()
      default: try reader.skip()
      }
    }
    return facts
  }

  private mutating func captureInterface() throws -> CaptureInterface {
    var interface = CaptureInterface(
      id: 0, linkType: LinkType(rawValue: 0), snapLength: 0, timestampResolution: 0)
    try object { key, reader in
      switch key {
      case "id": interface.id = try reader.number()
      case "link_type": interface.linkType = LinkType(rawValue: try reader.number())
      case "snap_length": interface.snapLength = try reader.number()
      case "timestamp_resolution": interface.timestampResolution = try reader.number()
      case "name": interface.name = try reader.optional { try $0.text() }
      case "packets": interface.packets = try reader.number()
      case "dropped": interface.dropped = try reader.optional { try $0.number() }
      case "timestamp_offset": interface.timestampOffset = try reader.number()
      case "description": interface.text = try reader.optional { try $0.text() }
      case "filter": interface.filter = try reader.optional { try $0.text() }
      default: try reader.skip()
      }
    }
    return interface
  }

  private mutating func captureDamage() throws -> CaptureDamage {
    var damage = CaptureDamage(offset: 0, reason: .unreadable, bytesSkipped: 0)
    try object { key, reader in
      switch key {
      case "offset": damage.offset = try reader.number()
      case "reason": damage.reason = try reader.word()
      case "bytes_skipped": damage.bytesSkipped = try reader.number()
      default: try reader.skip()
      }
    }
    return damage
  }

  mutating func captureError() throws -> CaptureError {
    var error = CaptureError(.cannotRead, file: "", reason: "")
    try object { key, reader in
      switch key {
      case "kind": error.kind = try reader.word()
      case "file": error.file = try reader.text()
      case "offset": error.offset = try reader.optional { try $0.number() }
      case "reason": error.reason = try reader.text()
      case "advice": error.advice = try reader.text()
      default: try reader.skip()
      }
    }
    return error
  }

  mutating func geoIPTable() throws -> GeoIPTableInfo {
    var table = GeoIPTableInfo(path: "", layout: "", hasASN: false)
    try object { key, reader in
      switch key {
      case "path": table.path = try reader.text()
      case "sha256": table.sha256 = try reader.optional { try $0.text() }
      case "date": table.date = try reader.optional { try $0.text() }.flatMap { GeoIPTableDate($0) }
      case "date_basis": table.dateBasis = try reader.optional { try $0.word() }
      case "rows": table.rows = try reader.number()
      case "country_basis": table.countryBasis = try reader.optional { try $0.word() }
      case "layout": table.layout = try reader.text()
      case "bad_rows": table.badRows = try reader.number()
      default: try reader.skip()
      }
    }
    return table
  }

  mutating func captureSummary() throws -> CaptureSummary {
    var capture = CaptureSummary()
    try object { key, reader in
      switch key {
      case "first_time": capture.firstTime = try reader.optional { try $0.time() }
      case "last_time": capture.lastTime = try reader.optional { try $0.time() }
      case "packets": capture.packets = try reader.number()
      case "wire_bytes": capture.wireBytes = try reader.number()
      case "unique_wire_bytes": capture.uniqueWireBytes = try reader.number()
      case "non_ip_packets": capture.nonIPPackets = try reader.number()
      case "incomplete_fragments": capture.incompleteFragments = try reader.number()
      case "gaps":
        capture.gaps = try reader.list { reader in
          var gap = CaptureSummary.Gap(from: 0, to: 0)
          try reader.object { key, reader in
            switch key {
            case "from": gap.from = try reader.time()
            case "to": gap.to = try reader.time()
            default: try reader.skip()
            }
          }
          return gap
        }
      case "duplicates": capture.duplicates = try reader.list { try $0.duplicateRoute() }
      default: try reader.skip()
      }
    }
    return capture
  }

  private mutating func duplicateRoute() throws -> DuplicateRoute {
    var first = DuplicateRoute.Place(file: 0, interface: 0)
    var second = first
    var (packets, wireBytes) = (UInt64(0), UInt64(0))
    var (leastShift, meanShift, greatestShift) = (Int64(0), Int64(0), Int64(0))
    try object { key, reader in
      switch key {
      case "first_file": first.file = try reader.number()
      case "first_interface": first.interface = try reader.number()
      case "second_file": second.file = try reader.number()
      case "second_interface": second.interface = try reader.number()
      case "packets": packets = try reader.number()
      case "wire_bytes": wireBytes = try reader.number()
      case "least_shift_seconds": leastShift = try reader.nanoseconds()
      case "mean_shift_seconds": meanShift = try reader.nanoseconds()
      case "greatest_shift_seconds": greatestShift = try reader.nanoseconds()
      default: try reader.skip()
      }
    }
    return DuplicateRoute(
      first: first, second: second, packets: packets, wireBytes: wireBytes, leastShift: leastShift,
      meanShift: meanShift, greatestShift: greatestShift)
  }

  private mutating func nanoseconds() throws -> Int64 {
    let value = (try decimal() * 1e9).rounded()
    guard let time = Int64(exactly: value) else { throw failure("a number out of its range") }
    return time
  }

  mutating func announcedName() throws -> AnnouncedName {
    var name = AnnouncedName(name: "", address: .unspecified, source: "", packet: nil)
    try object { key, reader in
      switch key {
      case "name": name.name = try reader.text()
      case "address": name.address = try reader.address()
      case "source": name.source = try reader.text()
      case "packet": name.packet = try reader.optional { try $0.packet() }
      default: try reader.skip()
      }
    }
    return name
  }

  mutating func limitation() throws -> Limitation {
    var limitation = Limitation(id: "", text: "")
    try object { key, reader in
      switch key {
      case "id": limitation.id = try reader.text()
      case "text": limitation.text = try reader.text()
      case "count": limitation.count = try reader.optional { try $0.number() }
      default: try reader.skip()
      }
    }
    return limitation
  }
}
