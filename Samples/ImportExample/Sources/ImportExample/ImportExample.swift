// SPDX-License-Identifier: Apache-2.0

import LensTrace

/// Analyses captures, lists what left the network, and writes the largest packet of each capture to
/// a new file: `swift run ImportExample ../camera-abroad.pcapng /tmp/largest.pcapng`.
@main struct ImportExample {
  static func main() throws {
    let arguments = Array(CommandLine.arguments.dropFirst())
    guard let output = arguments.last, arguments.count > 1 else {
      print("usage: ImportExample CAPTURE... OUT.pcapng")
      return
    }
    let captures = try CaptureSet(Array(arguments.dropLast()))

    // The whole analysis.
    var configuration = Analyzer.Configuration()
    configuration.geoIP = [.file("../geoip-sample.csv")]
    try configuration.attribution.setHome(["IT"])
    let analysis = try Analyzer(configuration).analyze(captures)
    for finding in analysis.findings where finding.severity >= .high {
      print(finding.id, finding.sourceAddress, finding.destination.address, finding.video.verdict)
    }
    for flow in analysis.flows.prefix(3) {
      print(flow.id, flow.originatorAddress, flow.responderAddress, flow.originator.wireBytes)
    }

    // Packet by packet, and a file of one's own.
    var writer = try PcapngWriter(output, application: "ImportExample")
    for input in captures.inputs {
      var largest: CapturedPacket?
      let facts = try CaptureReader(input).forEach(hash: true) { packet in
        if packet.originalLength > largest?.originalLength ?? 0 { largest = copy packet }
      }
      guard let largest else { continue }
      let interface = try writer.addInterface(facts.interfaces[largest.interface])
      try writer.write(largest, interface: interface, comment: "\(facts.path) \(largest.frame)")
      print(facts.path, facts.packets, "packets, the largest has", largest.originalLength, "bytes")
    }
    try writer.finish()
  }
}
