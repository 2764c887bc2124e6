// SPDX-License-Identifier: Apache-2.0

import Foundation
import LensTrace
import Testing

/// The packets that findings name, opened in tshark: they are there, and they are what was said.
@Suite struct PacketReferencesTests {
  static let tshark = ["/usr/bin/tshark", "/usr/local/bin/tshark", "/opt/homebrew/bin/tshark"]
    .first { FileManager.default.isExecutableFile(atPath: $0) }

  /// What tshark says of one frame.
  private struct Frame {
    var time: String
    var addresses: Set<String>
    var protocols: String
    var request: String
    var synchronizationSource: String
    /// Slice types of H.264; 2 and 7 are intra.
    var slices: String
  }

  private static func frames(_ numbers: Set<UInt64>, of path: String) throws -> [UInt64: Frame] {
    let process = Process()
    process.executableURL = URL(filePath: tshark ?? "")
    let list = numbers.sorted().map(String.init).joined(separator: ",")
    let fields = [
      "frame.number", "frame.time_epoch", "ip.src", "ip.dst", "ipv6.src", "ipv6.dst",
      "frame.protocols", "http.request.full_uri", "dns.qry.name", "rtp.ssrc",
      "h264.slice_type",
    ]
    process.arguments =
      [
        "-n", "-o", "h264.dynamic.payload.type:96", "-r", path, "-Y", "frame.number in {\(list)}",
        "-T", "fields", "-E", "separator=|",
      ]
      + fields.flatMap { ["-e", $0] }
      + [5_004, 6_004].flatMap { ["-d", "udp.port==\($0),rtp"] }
    let file = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString)
    _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    defer { try? FileManager.default.removeItem(at: file) }
    process.standardOutput = try FileHandle(forWritingTo: file)
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    process.waitUntilExit()
    var result: [UInt64: Frame] = [:]
    for line in String(decoding: try Data(contentsOf: file), as: UTF8.self).split(separator: "\n") {
      let cells = line.split(separator: "|", omittingEmptySubsequences: false).map(String.init)
      guard cells.count == fields.count, let number = UInt64(cells[0]) else { continue }
      result[number] = Frame(
        time: cells[1], addresses: Set(cells[2...5].filter { !$0.isEmpty }), protocols: cells[6],
        request: cells[7] + cells[8], synchronizationSource: cells[9], slices: cells[10])
    }
    return result
  }

  @Test(
    .enabled(if: tshark != nil, "tshark is not installed"),
    arguments: [
      "camera-abroad.pcapng", "airport.pcapng.zst", "recorder-emptied.pcapng.zst",
      "p2p-relay.pcapng.zst", "cloud-clips.pcapng.zst", "outside-nat.pcapng.zst",
      "mpegts-abroad.pcap", "rtsp-lan.pcap", "local-only.pcapng.zst", "one-direction.pcapng.zst",
      "cut-96.pcapng.zst",
    ])
  func packetsAreWhatWasSaid(sample: String) throws {
    let samples = Tool.project.appending(path: "Samples")
    let path = samples.appending(path: sample).path
    var configuration = Analyzer.Configuration()
    configuration.geoIP = [.file(samples.appending(path: "geoip-sample.csv").path)]
    try configuration.attribution.setHome(["IT"])
    let analysis = try Analyzer(configuration).analyze(CaptureSet([path]))
    var wanted: Set<UInt64> = []
    for finding in analysis.findings {
      for packet in finding.video.reasons.flatMap(\.packets) { wanted.insert(packet.frame) }
      for packet in finding.before.flatMap(\.packets) { wanted.insert(packet.frame) }
    }
    for packet in analysis.stories.flatMap(\.facts).flatMap(\.packets) {
      wanted.insert(packet.frame)
    }
    #expect(!analysis.findings.isEmpty)
    let frames = try Self.frames(wanted, of: path)
    #expect(Set(frames.keys) == wanted)
    for finding in analysis.findings {
      let ends: Set = ["\(finding.sourceAddress)", "\(finding.destination.address)"]
      #expect(finding.video.reasons.contains { !$0.packets.isEmpty })
      for reason in finding.video.reasons {
        for packet in reason.packets {
          let frame = try #require(frames[packet.frame])
          #expect(frame.addresses == ends, "\(finding.id) \(reason.signal) \(packet.frame)")
          #expect(Self.seconds(packet.time) == frame.time)
        }
      }
      let streams = analysis.mediaStreams.filter {
        $0.kind == .rtp && $0.peerAddress == nil && finding.flows.contains($0.flowID)
      }
      if let source = streams.first?.synchronizationSource, streams.count == 1 {
        for packet in finding.video.reasons.first(where: { $0.signal == "key-frames" })?.packets
          ?? []
        {
          let frame = try #require(frames[packet.frame])
          #expect(UInt32(frame.synchronizationSource.dropFirst(2), radix: 16) == source)
          // Of packets that were cut, tshark reads no slice header.
          if streams.first?.codec == "h264", !sample.hasPrefix("cut-") {
            #expect(["2", "7"].contains(frame.slices))
          }
        }
      }
      for event in finding.before {
        let frame = try #require(event.packets.first.flatMap { frames[$0.frame] })
        switch event.kind {
        case .newName: #expect(frame.request == event.name)
        case .firmwareDownload: #expect(frame.request.hasSuffix(event.name ?? "?"))
        case .inboundConnection, .configurationWrite, .download:
          #expect(event.peer.map { frame.addresses.contains("\($0)") } == true)
        }
      }
    }
  }

  /// A time as tshark prints it.
  private static func seconds(_ time: Int64) -> String {
    let fraction = String(time % 1_000_000_000)
    return "\(time / 1_000_000_000)." + String(repeating: "0", count: 9 - fraction.count) + fraction
  }
}
