// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The JSON keeps to its schema, `Samples/Schema/analysis.schema.json`.
struct SchemaTests {
  private static let policy = ["--geoip", "geoip-sample.csv", "--home", "IT"]

  /// Every capture of the samples.
  static let captures: [String] = {
    let samples = Tool.project.appending(path: "Samples").path
    let names = (try? FileManager.default.contentsOfDirectory(atPath: samples)) ?? []
    return names.filter { $0.contains(".pcap") }.sorted()
  }()

  @Test(arguments: captures)
  func theAnalysisKeepsToItsSchema(capture: String) throws {
    let schema = try Self.schema()
    for options in [
      Self.policy + ["--include", "flows,timeline,names", "--time-zone", "+02:00"], ["--no-hash"],
    ] {
      let run = try Tool.run(["analyze", capture, "--format", "json"] + options)
      #expect(run.status == 0)
      let document = try JSONSerialization.jsonObject(with: run.bytes)
      #expect(Self.violations(document, schema, "").prefix(5) == [])
    }
  }

  @Test func theRecordsOfNDJSONAreThoseOfTheSchema() throws {
    let schema = try Self.schema()
    let properties = try #require(schema["properties"] as? [String: Any])
    let run = try Tool.run(["analyze", "camera-abroad.pcapng", "--format", "ndjson"] + Self.policy)
    let lines = run.output.split(separator: "\n")
    #expect(lines.count > 10)
    for line in lines {
      let parsed = try JSONSerialization.jsonObject(with: Data(line.utf8))
      let object = try #require(parsed as? [String: Any])
      let record = try #require(object["record"] as? String)
      let plural = record == "story" ? "stories" : record + "s"
      let array = try #require(properties[plural] as? [String: Any])
      let items = try #require(array["items"] as? [String: Any])
      #expect(Self.violations(try #require(object[record]), items, record).prefix(5) == [])
    }
  }

  /// A key that is printed and not in the schema must not go unseen.
  @Test func everyObjectOfTheSchemaIsClosed() throws {
    func open(_ node: Any, _ path: String) -> [String] {
      if let list = node as? [Any] { return list.flatMap { open($0, path) } }
      guard let object = node as? [String: Any] else { return [] }
      var found: [String] = []
      if object["properties"] is [String: Any], object["additionalProperties"] as? Bool != false {
        found.append(path)
      }
      for (key, value) in object { found += open(value, "\(path)/\(key)") }
      return found.sorted()
    }
    #expect(open(try Self.schema(), "") == [])
    #expect(Self.captures.count >= 12)
    let schema: [String: Any] = ["properties": [String: Any](), "additionalProperties": false]
    #expect(Self.violations(["new": 1], schema, "") == [".new is not in the schema"])
  }

  /// The validator finds what it must.
  @Test func aDocumentThatIsWrongIsFound() throws {
    let schema = try Self.schema()
    for wrong in [
      [String: Any](), ["schema": "other"], ["findings": [["severity": "terrible"]]],
      ["capture": ["first_time": "yesterday"]],
    ] {
      #expect(!Self.violations(wrong, schema, "").isEmpty)
    }
  }

  private static func schema() throws -> [String: Any] {
    let file = Tool.project.appending(path: "Samples/Schema/analysis.schema.json")
    let parsed = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    return try #require(parsed as? [String: Any])
  }

  /// The part of JSON Schema that the file uses: type, enum, const, pattern, properties, required,
  /// items, additionalProperties (a schema, or none).
  private static func violations(_ value: Any, _ schema: [String: Any], _ path: String) -> [String]
  {
    var found: [String] = []
    let type = type(of: value)
    let allowed = schema["type"] as? [String] ?? (schema["type"] as? String).map { [$0] } ?? []
    if !allowed.isEmpty, !allowed.contains(type), !(type == "integer" && allowed.contains("number"))
    {
      found.append("\(path) is \(type)")
    }
    if let constant = schema["const"] as? String, value as? String != constant {
      found.append("\(path) is not \(constant)")
    }
    if let words = schema["enum"] as? [Any], let text = value as? String,
      !words.contains(where: { $0 as? String == text })
    {
      found.append("\(path) is \(text)")
    }
    if let pattern = schema["pattern"] as? String, let text = value as? String,
      text.range(of: pattern, options: .regularExpression) == nil
    {
      found.append("\(path) is \(text)")
    }
    if let object = value as? [String: Any] {
      for key in schema["required"] as? [String] ?? [] where object[key] == nil {
        found.append("\(path).\(key) is missing")
      }
      let properties = schema["properties"] as? [String: Any] ?? [:]
      let isClosed = schema["additionalProperties"] as? Bool == false
      for (key, member) in object {
        if isClosed, properties[key] == nil { found.append("\(path).\(key) is not in the schema") }
        guard
          let rule = properties[key] as? [String: Any]
            ?? schema["additionalProperties"] as? [String: Any]
        else { continue }
        found += violations(member, rule, "\(path).\(key)")
      }
    }
    if let array = value as? [Any], let rule = schema["items"] as? [String: Any] {
      for element in array { found += violations(element, rule, "\(path)[]") }
    }
    return found.sorted()
  }

  private static func type(of value: Any) -> String {
    switch value {
    case is NSNull: return "null"
    case is String: return "string"
    case is [Any]: return "array"
    case is [String: Any]: return "object"
    case let number as NSNumber:
      if isBoolean(number) { return "boolean" }
      return number.doubleValue.rounded() == number.doubleValue ? "integer" : "number"
    default: return "unknown"
    }
  }

  private static func isBoolean(_ number: NSNumber) -> Bool {
    String(cString: number.objCType) == "c"
  }
}
