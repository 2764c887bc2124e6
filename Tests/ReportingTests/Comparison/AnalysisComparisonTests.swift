// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

@testable import Reporting

@Suite struct AnalysisComparisonTests {
  /// A saved analysis with one camera and what it sent.
  private func outline(
    id: String = "D1", address: String = "192.168.1.10", mac: String = "44:19:b6:00:00:01",
    destination: String = "198.51.100.7", severity: String = "high", bytes: Int = 1_000_000,
    verdict: String = "left"
  ) throws -> AnalysisOutline {
    let text = """
      {"schema": "lenstrace.analysis/1", "tool": {"thresholds_sha256": "ab"},
       "capture": {"first_time": "2026-01-01T00:00:00.000000000Z", "last_time": null, "packets": 9},
       "devices": [{"id": "\(id)", "addresses": ["\(address)"], "macs": ["\(mac)"],
                    "vendor": "hikvision", "roles": [{"role": "camera"}]}],
       "findings": [{"severity": "\(severity)", "video": {"verdict": "certain"},
                     "exposure": {"level": "X2"}, "device": "\(id)", "source_ip": "\(address)",
                     "destination": {"ip": "\(destination)"}, "bytes": \(bytes), "pulled": false}],
       "camera_verdicts": [{"device": "\(id)", "verdict": "\(verdict)"}],
       "destinations": [{"ip": "\(destination)", "names": ["a.example"], "asn": 64502,
                         "scope": "foreign", "bytes": \(bytes)}]}
      """
    let folder = FileManager.default.temporaryDirectory.path
    let path = folder + "/" + UUID().uuidString + ".json"
    try Data(text.utf8).write(to: URL(filePath: path))
    defer { try? FileManager.default.removeItem(atPath: path) }
    return try #require(try AnalysisOutline(path: path, name: "a.json"))
  }

  @Test func theSameIsNoChange() throws {
    #expect(try AnalysisComparison(before: outline(), after: outline()).isEmpty)
    // Ids are of one analysis only, addresses may change with a lease.
    let moved = try outline(id: "D7", address: "192.168.1.99")
    #expect(try AnalysisComparison(before: outline(), after: moved).isEmpty)
    #expect(try AnalysisComparison(before: outline(), after: outline(bytes: 1_900_000)).isEmpty)
  }

  @Test func volumesCountFromAFactorOfTwo() throws {
    let comparison = try AnalysisComparison(before: outline(), after: outline(bytes: 2_000_000))
    #expect(comparison.findings.map(\.name) == ["changed"])
  }

  @Test func verdictsAndSeveritiesThatChangeAreListed() throws {
    let comparison = try AnalysisComparison(
      before: outline(severity: "info", verdict: "no_sign"), after: outline())
    #expect(comparison.findings.map(\.name) == ["changed"])
    #expect(comparison.verdicts.map(\.before) == ["no_sign"])
    #expect(comparison.verdicts.map(\.after) == ["left"])
  }

  @Test func newAndGoneDevicesAndDestinationsAreListed() throws {
    let other = try outline(
      address: "192.168.1.20", mac: "44:19:b6:00:00:02", destination: "203.0.113.9")
    let comparison = try AnalysisComparison(before: outline(), after: other)
    #expect(comparison.devices.map(\.isNew) == [true, false])
    #expect(comparison.destinations.map(\.place.address) == ["203.0.113.9", "198.51.100.7"])
    #expect(comparison.findings.map(\.name) == ["new", "gone"])
    #expect(comparison.verdicts.count == 2)
  }

  @Test func whatIsNoAnalysisIsSaid() throws {
    let path = FileManager.default.temporaryDirectory.path + "/" + UUID().uuidString
    defer { try? FileManager.default.removeItem(atPath: path) }
    try Data("{\"schema\": \"other/1\"}".utf8).write(to: URL(filePath: path))
    #expect(throws: SavedAnalysisError.self) { try AnalysisOutline(path: path, name: "a") }
    try Data("{".utf8).write(to: URL(filePath: path))
    #expect(throws: SavedAnalysisError.self) { try AnalysisOutline(path: path, name: "a") }
    // Anything else may be a capture.
    try Data([0xa1, 0xb2, 0xc3, 0xd4]).write(to: URL(filePath: path))
    let none = try AnalysisOutline(path: path, name: "a")
    #expect(none.map(\.name) == nil)
  }
}
