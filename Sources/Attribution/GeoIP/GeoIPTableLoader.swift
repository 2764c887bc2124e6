// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile

/// Loads one table: opens and unpacks it, tells text from MaxMind DB files, and feeds the parser.
struct GeoIPTableLoader {
  /// Bytes handed to the parser at a time.
  static let chunkLength = 262_144

  let source: GeoIPTableSource
  /// Index in the database.
  let table: UInt16
  let options: GeoIPLoadingOptions

  func result() throws(GeoIPError) -> GeoIPTableParser.Result {
    switch source.content {
    case .bytes(let bytes, _): return try result(of: bytes)
    case .path(let path):
      let file = try EvidenceText(path: path, option: "--geoip", stop: options.stop)
      var result = try result(of: file)
      result.info.sha256 = file.sha256()
      return result
    }
  }

  private func result(of bytes: [UInt8]) throws(GeoIPError) -> GeoIPTableParser.Result {
    if MaxMindDatabase.isPlausible(head: bytes.span.extracting(first: Self.chunkLength)),
      let result = try maxMindResult(bytes)
    {
      return result
    }
    var parser = GeoIPTableParser(source: source, table: table, options: options)
    var start = 0
    while start < bytes.count {
      let end = min(bytes.count, start + Self.chunkLength)
      try parser.append(bytes.span.extracting(start..<end))
      start = end
    }
    return try parser.finish()
  }

  private func result(of file: EvidenceText) throws(GeoIPError) -> GeoIPTableParser.Result {
    var parser = GeoIPTableParser(source: source, table: table, options: options)
    guard let first = try file.next(byteCount: Self.chunkLength) else { return try parser.finish() }
    if MaxMindDatabase.isPlausible(head: first.bytes) {
      var bytes: [UInt8] = []
      EvidenceText.append(first.bytes, to: &bytes)
      while bytes.count <= MaxMindDatabase.byteLimit,
        let block = try file.next(byteCount: Self.chunkLength)
      {
        EvidenceText.append(block.bytes, to: &bytes)
      }
      if bytes.count <= MaxMindDatabase.byteLimit, let result = try maxMindResult(bytes) {
        return result
      }
      // No MaxMind DB file: the parser says what is wrong with it.
      try parser.append(bytes.span.extracting(first: GeoIPLimits.headLength))
      return try parser.finish()
    }
    try parser.append(first.bytes)
    while let block = try file.next(byteCount: Self.chunkLength) {
      try parser.append(block.bytes)
    }
    return try parser.finish()
  }

  private func maxMindResult(_ bytes: [UInt8]) throws(GeoIPError) -> GeoIPTableParser.Result? {
    guard let database = MaxMindDatabase(bytes) else { return nil }
    let name = source.name.split(separator: "/").last.map(String.init) ?? source.name
    return try database.result(source: source, table: table, path: name)
  }
}
