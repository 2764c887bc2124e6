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

  /// The example of the README, which is compiled above, is the one beside the declaration.
  @Test func theDeclarationHasTheExampleOfTheReadme() throws {
    func text(_ path: String) throws -> String {
      try String(contentsOf: Tool.project.appending(path: path), encoding: .utf8)
    }
    let readme = try text("README.md")
    let block = try #require(readme.split(separator: "```swift\nimport LensTrace\n\n").last)
    let example = try #require(block.split(separator: "```").first)
    let comment = example.split(separator: "\n").map { "/// \($0)\n" }.joined()
    #expect(comment.contains("setHome"))
    #expect(try text("Sources/LensTrace/Analyzer.swift").contains(comment))
  }
}

/// The examples in the documentation of the lower doors, with nothing but `import LensTrace`.
struct LowerDoorExampleTests {
  private static let sample = Tool.project.appending(path: "Samples/mpegts-abroad.pcap").path

  @Test func captureReader() throws {
    var bytes = 0
    let facts = try CaptureReader(Self.sample).forEach(hash: false) { packet in
      bytes += packet.capturedLength
    }
    #expect(facts.packets > 100)
    #expect(UInt64(bytes) == facts.capturedBytes)
    #expect(facts.damage.isEmpty)
  }

  @Test func captureSet() throws {
    let set = try CaptureSet([Self.sample, Self.sample])
    #expect(set.inputs.map(\.name) == ["mpegts-abroad.pcap"])
    #expect(set.notices.count == 1)
  }

  @Test func packetsMayBeKept() throws {
    var largest: CapturedPacket?
    try CaptureReader(Self.sample).forEach(hash: false) { packet in
      if packet.originalLength > largest?.originalLength ?? 0 { largest = copy packet }
    }
    let kept = try #require(largest)
    #expect(kept.copyOfBytes().count == kept.capturedLength)
    #expect(kept.linkType == .ethernet)
  }

  @Test func pcapngWriter() throws {
    try Tool.withFolder { folder in
      let path = folder.appending(path: "carved.pcapng").path
      let facts = try CaptureReader(Self.sample).forEach(hash: false) { _ in }
      var writer = try PcapngWriter(path, comment: "all of \(facts.path)")
      let interface = try writer.addInterface(facts.interfaces[0])
      try CaptureReader(Self.sample).forEach(hash: false) { packet in
        try writer.write(packet, interface: interface)
      }
      try writer.finish()
      let written = try CaptureReader(path).forEach(hash: false) { _ in }
      #expect(written.packets == facts.packets)
      #expect(written.wireBytes == facts.wireBytes)
      #expect(written.comments == ["all of mpegts-abroad.pcap"])
    }
  }

  @Test func carver() throws {
    try Tool.withFolder { folder in
      let carver = Carver(Analyzer.Configuration(), selection: .flow(1))
      let result = try carver.carve(
        CaptureSet([Self.sample]), to: folder.appending(path: "flow.pcapng").path)
      #expect(result.packets > 0)
    }
  }
}
