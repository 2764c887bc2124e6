// SPDX-License-Identifier: Apache-2.0

import Attribution
import Foundation
import LensTrace
import Testing

/// The stories of `Samples/make-scenarios.py` and what must be found in them.
///
/// The same lines stand in `Samples/README.md`.
@Suite struct ScenarioTests {
  /// One story.
  struct Scenario: CustomTestStringConvertible, Sendable {
    var file: String
    /// `severity verdict exposure sender > destination`, the worst first.
    var findings: [String]
    /// `verdict address`, in order of the devices.
    var verdicts: [String]
    var cameras: [String] = []

    var testDescription: String { file }
  }

  static let scenarios: [Scenario] = [
    Scenario(
      file: "airport.pcapng.zst",
      findings: ["203.0.113.77", "198.51.100.23", "203.0.113.90"].flatMap { destination in
        (101...112).map { "critical certain X4 192.168.64.\($0) > \(destination)" }
      }, verdicts: (101...112).map { "left 192.168.64.\($0)" }),
    Scenario(
      file: "recorder-emptied.pcapng.zst",
      findings: [
        "high certain X2 192.168.64.10 > 198.51.100.23",
        "high certain X2 192.168.64.10 > 198.51.100.23",
        "info certain X0 192.168.64.31 > 192.168.64.10",
        "info certain X0 192.168.64.32 > 192.168.64.10",
      ], verdicts: ["left 192.168.64.10", "no_sign 192.168.64.31", "no_sign 192.168.64.32"]),
    Scenario(
      file: "local-only.pcapng.zst",
      findings: (31...33).map { "info certain X0 192.168.64.\($0) > 192.168.64.10" },
      verdicts: [
        "no_sign 192.168.64.31", "no_sign 192.168.64.32", "no_sign 192.168.64.10",
        "no_sign 192.168.64.33",
      ]),
    Scenario(
      file: "p2p-relay.pcapng.zst",
      findings: ["high certain X3 192.168.64.41 > 203.0.113.90"],
      verdicts: ["left 192.168.64.41"]),
    Scenario(
      file: "cloud-clips.pcapng.zst",
      findings: ["low possible X2 192.168.64.51 > 203.0.113.141"],
      verdicts: ["consistent 192.168.64.51"], cameras: ["192.168.64.51"]),
    Scenario(
      file: "outside-nat.pcapng.zst",
      findings: [
        "high certain X3 192.0.2.44 > 203.0.113.77", "high certain X2 192.0.2.44 > 198.51.100.23",
      ], verdicts: []),
    Scenario(
      file: "one-direction.pcapng.zst",
      findings: ["high certain X2 192.168.64.61 > 198.51.100.23"],
      verdicts: ["left 192.168.64.61"]),
    Scenario(
      file: "one-direction.pcapng.zst",
      findings: ["high certain X2 192.168.64.61 > 198.51.100.23"],
      verdicts: ["left 192.168.64.61", "cannot_tell 192.168.64.62"],
      cameras: ["192.168.64.62"]),
    Scenario(
      file: "cut-96.pcapng.zst", findings: ["high certain X3 192.168.64.71 > 203.0.113.77"],
      verdicts: ["left 192.168.64.71", "cannot_tell 192.168.64.72", "no_sign 192.168.64.73"],
      cameras: ["192.168.64.72", "192.168.64.73"]),
    Scenario(
      file: "ordinary.pcapng", findings: [], verdicts: ["no_sign 192.168.64.26"],
      cameras: ["192.168.64.26"]),
  ]

  static let samples = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent().appending(path: "Samples")

  /// Analyses files with the samples' table and Italy as home.
  static func analyze(_ paths: [String], cameras: [String] = []) throws -> Analysis {
    var configuration = Analyzer.Configuration()
    configuration.geoIP = [
      .file(samples.appending(path: "geoip-sample.csv").path)
    ]
    try configuration.attribution.setHome(["IT"])
    configuration.jobs = 1
    configuration.cameras = cameras.compactMap { PolicyFile.DeviceKey($0) }
    return try Analyzer(configuration).analyze(CaptureSet(paths))
  }

  @Test(arguments: scenarios) func tellsTheStory(_ scenario: Scenario) throws {
    let path = Self.samples.appending(path: scenario.file).path
    let analysis = try Self.analyze([path], cameras: scenario.cameras)
    let findings = analysis.findings.map {
      "\($0.severity.rawValue) \($0.video.verdict.rawValue) \($0.exposure.level.code) "
        + "\($0.sourceAddress) > \($0.destination.address)"
    }
    // Of equals, the order by volume says nothing.
    #expect(findings.sorted() == scenario.findings.sorted())
    let verdicts = analysis.cameraVerdicts.map { verdict in
      let device = analysis.devices.first { $0.id == verdict.device }
      return "\(verdict.outcome.rawValue) \(device?.addresses.first?.description ?? "?")"
    }
    #expect(verdicts == scenario.verdicts)
  }
}
