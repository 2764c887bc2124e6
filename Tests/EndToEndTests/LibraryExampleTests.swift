// SPDX-License-Identifier: Apache-2.0

import Foundation
import LensTrace
import Testing

/// The library example of the README, as its reader would run it.
struct LibraryExampleTests {
  @Test func findsTheCamerasOfTheSample() throws {
    let samples = Tool.project.appending(path: "Samples").path
    var configuration = Analyzer.Configuration()
    configuration.geoIP = [.file(samples + "/geoip-sample.csv")]
    try configuration.attribution.setHome(["IT"])
    let captures = try CaptureSet([samples + "/camera-abroad.pcapng"])
    let analysis = try Analyzer(configuration).analyze(captures)
    let severe = analysis.findings.filter { $0.severity >= .high }
    #expect(severe.count == 3)
    #expect(severe.allSatisfy { $0.video.verdict == .certain && $0.exposure.level >= .foreign })
    #expect(Set(severe.compactMap(\.destination.country)) == ["RU", "CN"])
    #expect(analysis.flows.first?.id == 1)
  }
}
