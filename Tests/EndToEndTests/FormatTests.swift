// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The formats of machines: the same bytes everywhere, and what their readers require.
struct FormatTests {
  private static let policy = ["--geoip", "geoip-sample.csv", "--home", "IT"]
  static let formats = [
    "text", "json", "ndjson", "csv", "html", "svg", "sqlite", "timesketch", "lenstrace",
  ]

  @Test(arguments: formats)
  func folderZoneLocaleAndThreadsChangeNothing(format: String) throws {
    let samples = Tool.project.appending(path: "Samples")
    try Tool.withFolder { folder in
      for name in ["airport.pcapng.zst", "geoip-sample.csv"] {
        try FileManager.default.copyItem(
          at: samples.appending(path: name), to: folder.appending(path: name))
      }
      func output(_ name: String, _ jobs: String, _ environment: [String: String], in place: URL)
        throws -> Data
      {
        let file = folder.appending(path: name)
        let arguments =
          ["analyze", "airport.pcapng.zst", "--jobs", jobs, "--output", "\(format):\(file.path)"]
          + Self.policy
        let run = try Tool.run(arguments, in: place, environment: environment)
        #expect(run.status == 0)
        return try Data(contentsOf: file)
      }
      let first = try output("a", "1", ["TZ": "UTC", "LANG": "C"], in: samples)
      #expect(first.count > 500)
      let second = try output(
        "b", "2", ["TZ": "Pacific/Apia", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"],
        in: folder)
      #expect(first == second)
    }
  }

  /// What the other commands write; `explain thresholds` and `geoip lookup` read no capture.
  static let others: [[String]] =
    ["text", "csv", "json", "svg"].map { ["timeline", "--output", $0] }
    + ["text", "csv", "json", "ndjson"].map { ["flows", "--output", $0] }
    + ["text", "csv", "json"].map { ["devices", "--output", $0] }
    + [["info", "--format", "text"], ["info", "--format", "json"]]

  @Test(arguments: others)
  func nothingChangesWhatTheOtherCommandsWrite(command: [String]) throws {
    let samples = Tool.project.appending(path: "Samples")
    let isInfo = command[0] == "info"
    try Tool.withFolder { folder in
      for name in ["airport.pcapng.zst", "geoip-sample.csv"] {
        try FileManager.default.copyItem(
          at: samples.appending(path: name), to: folder.appending(path: name))
      }
      func output(_ jobs: String, _ environment: [String: String], in place: URL) throws -> Data {
        let run = try Tool.run(
          [command[0], "airport.pcapng.zst", isInfo ? "--format" : "--output"]
            + [isInfo ? command[2] : "\(command[2]):-", "--jobs", jobs]
            + (isInfo ? [] : Self.policy), in: place, environment: environment)
        #expect(run.status == 0, "\(run.errors)")
        return run.bytes
      }
      let first = try output("1", ["TZ": "UTC", "LANG": "C"], in: samples)
      #expect(first.count > 200)
      let second = try output(
        "2", ["TZ": "Pacific/Apia", "LANG": "tr_TR.UTF-8", "LC_ALL": "tr_TR.UTF-8"], in: folder)
      #expect(first == second)
    }
  }

  @Test func eachEndingChoosesItsFormat() throws {
    try Tool.withFolder { folder in
      let names = [
        ("a.txt", "cameras sent"), ("a.json", "{"), ("a.ndjson", "{"), ("a.csv", "finding,"),
        ("a.html", "<!DOCTYPE html>"), ("a.svg", "<?xml"), ("a.sqlite", "SQLite format 3"),
      ]
      var arguments = ["camera-abroad.pcapng"] + Self.policy
      for (name, _) in names { arguments += ["--output", folder.appending(path: name).path] }
      #expect(try Tool.run(arguments).status == 0)
      for (name, begin) in names {
        let bytes = try Data(contentsOf: folder.appending(path: name)).prefix(60)
        #expect(String(decoding: bytes, as: UTF8.self).contains(begin), "\(name)")
      }
    }
  }

  @Test func aDatabaseOnStandardOutputIsTheSameAsInAFile() throws {
    try Tool.withFolder { folder in
      let file = folder.appending(path: "a.sqlite").path
      let arguments = ["camera-abroad.pcapng"] + Self.policy
      #expect(try Tool.run(arguments + ["--output", file]).status == 0)
      let run = try Tool.run(arguments + ["--format", "sqlite"])
      #expect(run.status == 0)
      #expect(try Data(contentsOf: URL(filePath: file)).count == run.bytes.count)
    }
  }

  static let questions: [(String, String)] = {
    let readme =
      (try? String(contentsOf: Tool.project.appending(path: "README.md"), encoding: .utf8)) ?? ""
    return readme.split(separator: "\n").compactMap { line in
      guard line.hasPrefix("| ") else { return nil }
      let cells = line.split(separator: "|").map { $0.trimmingCharacters(in: .whitespaces) }
      guard cells.count == 2, cells[1].hasPrefix("`SELECT"), cells[1].hasSuffix("`") else {
        return nil
      }
      return (cells[0], String(cells[1].dropFirst().dropLast()))
    }
  }()

  private static let sqlite = ["/usr/bin/sqlite3", "/opt/homebrew/bin/sqlite3"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  @Test(.enabled(if: FormatTests.sqlite != nil, "needs sqlite3"))
  func theQuestionsOfTheReadmeAreAnswered() throws {
    #expect(Self.questions.count == 5)
    let program = try #require(Self.sqlite)
    try Tool.withFolder { folder in
      let file = folder.appending(path: "case.sqlite").path
      let run = try Tool.run(["airport.pcapng.zst", "--output", file] + Self.policy)
      #expect(run.status == 0)
      func ask(_ statement: String) throws -> String {
        let process = Process()
        process.executableURL = URL(filePath: program)
        process.arguments = [file, statement]
        let pipe = Pipe()
        process.standardOutput = pipe
        try process.run()
        let answer = pipe.fileHandleForReading.readDataToEndOfFile()
        process.waitUntilExit()
        #expect(process.terminationStatus == 0, "\(statement)")
        return String(decoding: answer, as: UTF8.self)
      }
      #expect(try ask("PRAGMA integrity_check") == "ok\n")
      for (question, statement) in Self.questions {
        let answer = try ask(statement)
        #expect(!answer.isEmpty, "\(question)")
      }
      #expect(try ask("SELECT count(*) FROM findings WHERE severity = 'critical'") == "36\n")
      #expect(try ask("SELECT count(*) FROM video_abroad") == "36\n")
      #expect(
        try ask("SELECT count(*), kind FROM stories JOIN story_findings USING (story)")
          == "36|chain\n")
      #expect(try ask("SELECT count(DISTINCT finding) FROM prior_events") == "12\n")
      let tables = try ask("SELECT name FROM sqlite_master WHERE type = 'table' ORDER BY name")
      for name in [
        "inputs", "devices", "flows", "media_streams", "findings", "reasons", "time_bins", "names",
        "stories", "story_findings", "story_facts", "prior_events",
      ] {
        #expect(tables.split(separator: "\n").contains(Substring(name)))
      }
    }
  }
}
