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
    /// What must be said in stories, findings, what came before, or limitations.
    var said: [String] = []

    var testDescription: String { file }
  }

  static let scenarios: [Scenario] = [
    Scenario(
      file: "airport.pcapng.zst",
      findings: ["203.0.113.77", "198.51.100.23", "203.0.113.90"].flatMap { destination in
        (101...112).map { "critical certain X4 192.168.64.\($0) > \(destination)" }
      }, verdicts: (101...112).map { "left 192.168.64.\($0)" },
      said: [
        "12 devices (D1 to D12) sent 9.8 MB of video to 3 destinations in turn: 203.0.113.77",
        "then 198.51.100.23",
        "then 203.0.113.90",
        "12 of 12 devices loaded firmware: firmware.camera-maker.example",
        "60 min before each first",
        "12 devices began within 1 s of each other again and again",
        "in at most 1 in 8",
        "all began within 0.4 s",
        "56.1 kB received, 60 min before",
        "asked for stage.abroad.example for the first time",
        "sent 274 kB of H.264 video (640x360, 12 frames/s) within 21 s",
      ]),
    Scenario(
      file: "recorder-emptied.pcapng.zst",
      findings: [
        "high certain X2 192.168.64.10 > 198.51.100.23",
        "high certain X2 192.168.64.10 > 198.51.100.23",
        "info certain X0 192.168.64.31 > 192.168.64.10",
        "info certain X0 192.168.64.32 > 192.168.64.10",
      ], verdicts: ["left 192.168.64.10", "no_sign 192.168.64.31", "no_sign 192.168.64.32"],
      said: [
        "pulled as stored footage (RTSP playback, 36 s of footage in 9 s) by the other end",
        "pulled as stored footage (ISAPI download, 24 s of footage in less than 0.1 s) by the other",
        "sent 365 kB of H.264 video (640x360, 12 frames/s)",
        "198.51.100.23 connected from outside to port 80 (http)",
        "changed its configuration: PUT /ISAPI/Security/users/2, 26 s before",
      ]),
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
      verdicts: ["left 192.168.64.41"],
      said: [
        "a relay that passed it on to 198.51.100.23 (country RU): the relay's country is not the viewer's",
        "keeps contact with",
        "they are signalling, not viewers",
      ]),
    Scenario(
      file: "cloud-clips.pcapng.zst",
      findings: ["medium likely X2 192.168.64.51 > 203.0.113.141"],
      verdicts: ["consistent 192.168.64.51"], cameras: ["192.168.64.51"],
      said: [
        "5 uploads of 1.2 MB to 1.9 MB within 43 min",
        "(upload.camera-cloud.example, AS64497 Example Cloud Backup, country US)",
      ]),
    Scenario(
      file: "outside-nat.pcapng.zst",
      findings: [
        "high certain X2 192.0.2.44 > 203.0.113.77", "high certain X2 192.0.2.44 > 198.51.100.23",
      ], verdicts: [],
      said: [
        "captured outside a NAT",
        "suggests that it rents out machines: a weak sign",
      ]),
    Scenario(
      file: "one-direction.pcapng.zst",
      findings: ["high certain X2 192.168.64.61 > 198.51.100.23"],
      verdicts: ["left 192.168.64.61"]),
    Scenario(
      file: "one-direction.pcapng.zst",
      findings: ["high certain X2 192.168.64.61 > 198.51.100.23"],
      verdicts: ["left 192.168.64.61", "cannot_tell 192.168.64.62"],
      cameras: ["192.168.64.62"],
      said: [
        "pulled by the other end", "only one direction of its traffic was captured",
        "TCP flows with only one direction captured",
      ]),
    Scenario(
      file: "cut-96.pcapng.zst", findings: ["high certain X2 192.168.64.71 > 203.0.113.77"],
      verdicts: ["left 192.168.64.71", "cannot_tell 192.168.64.72", "no_sign 192.168.64.73"],
      cameras: ["192.168.64.72", "192.168.64.73"],
      said: [
        "Cannot tell whether video left the network", "Packets were cut by the snapshot length",
        "all that could be read has the form of H.264",
      ]),
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
    let text = Self.everythingSaid(analysis)
    for said in scenario.said { #expect(text.contains(said), "\(said)") }
  }

  private static func everythingSaid(_ analysis: Analysis) -> String {
    var texts = analysis.stories.flatMap { [$0.text] + $0.facts.map(\.text) }
    for finding in analysis.findings {
      texts += [finding.text] + finding.exposure.reasons + finding.before.map(\.text)
    }
    texts += analysis.cameraVerdicts.map(\.text) + analysis.limitations.map(\.text)
    return texts.joined(separator: "\n")
  }
}
