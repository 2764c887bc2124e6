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

  /// `Samples/Policy/policy.schema.json` takes the example beside it, and refuses what the program
  /// refuses.
  @Test func thePolicyKeepsToItsSchema() throws {
    let folder = Tool.project.appending(path: "Samples/Policy")
    func parsed(_ name: String) throws -> [String: Any] {
      let data = try Data(contentsOf: folder.appending(path: name))
      return try #require(try JSONSerialization.jsonObject(with: data) as? [String: Any])
    }
    let file = try parsed("policy.schema.json")
    let definitions = try #require(file["$defs"] as? [String: Any])
    let schema = try #require(Self.resolved(file, definitions) as? [String: Any])
    let example = try parsed("example.json")
    #expect(Self.violations(example, schema, "") == [])
    let wrong: [(key: String, value: Any)] = [
      ("hoem", ["IT"]), ("home", "IT"), ("home", ["Italy"]), ("home_asns", [true]),
      ("home_asns", ["AS-1"]), ("foreign_by", "chance"), ("devices", [["name": "Gate"]]),
      ("devices", [["addresses": [String]()]]), ("exceptions", [["net": "192.0.2.1"]]),
      ("exceptions", [["reason": "none"]]), ("exceptions", [["asn": 1, "reason": ""]]),
      ("schema", "lenstrace.policy/2"),
    ]
    let table = Tool.project.appending(path: "Samples/geoip-sample.csv").path
    try Tool.withFolder { place in
      func status(_ document: [String: Any]) throws -> Int32 {
        try JSONSerialization.data(withJSONObject: document)
          .write(to: place.appending(path: "policy.json"))
        return try Tool.run(
          ["geoip", "lookup", "192.0.2.1", "--policy", "policy.json", "--geoip", table], in: place
        ).status
      }
      let taken = try status(example)
      #expect(taken == 0)
      for (key, value) in wrong {
        var document = example
        document[key] = value
        #expect(!Self.violations(document, schema, "").isEmpty, "\(key): \(value)")
        let refused = try status(document)
        #expect(refused != 0, "\(key): \(value)")
      }
    }
  }

  /// A schema with its `$ref`s, all of which are to `$defs`, replaced by what they name.
  private static func resolved(_ node: Any, _ definitions: [String: Any]) -> Any {
    if let list = node as? [Any] { return list.map { resolved($0, definitions) } }
    guard var object = node as? [String: Any] else { return node }
    if let reference = object.removeValue(forKey: "$ref") as? String,
      let definition = definitions[String(reference.dropFirst("#/$defs/".count))]
        as? [String: Any]
    {
      object.merge(definition) { own, _ in own }
    }
    return object.mapValues { resolved($0, definitions) }
  }

  private static func schema() throws -> [String: Any] {
    let file = Tool.project.appending(path: "Samples/Schema/analysis.schema.json")
    let parsed = try JSONSerialization.jsonObject(with: Data(contentsOf: file))
    return try #require(parsed as? [String: Any])
  }

  /// The part of JSON Schema that the files use: type, enum, const, pattern, properties, required,
  /// items, additionalProperties (a schema, or none), minItems, minLength, anyOf, oneOf.
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
    if let least = schema["minLength"] as? Int, let text = value as? String, text.count < least {
      found.append("\(path) is too short")
    }
    if let least = schema["minItems"] as? Int, let array = value as? [Any], array.count < least {
      found.append("\(path) has too few items")
    }
    for (word, isRight) in [("anyOf", { $0 > 0 }), ("oneOf", { $0 == 1 })]
      as [(
        String, (Int) -> Bool
      )]
    {
      guard let choices = schema[word] as? [[String: Any]] else { continue }
      let taken = choices.count { violations(value, $0, path).isEmpty }
      if !isRight(taken) { found.append("\(path) is none of the choices") }
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
