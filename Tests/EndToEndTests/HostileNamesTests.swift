// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Names from the wire, from capture files and from tables reach no format as what they would be
/// taken for there.
struct HostileNamesTests {
  /// Each does harm somewhere, as bytes: some are no UTF-8.
  static let names: [[UInt8]] =
    [
      "\u{1B}[2J\u{1B}]0;owned\u{07}", "\u{9B}31mred", "<script>alert(1)</script>",
      "\"><img src=x onerror=alert(1)>", "=cmd|'/c calc'!A1", "+1+1", "@SUM(A1)",
      "a\u{202E}gpj.exe",
      "\u{2066}x", "zero\u{0}byte", "line\nbreak", "]]>", "<!--", "quote\"comma,", "back\\slash",
      "'; DROP TABLE findings; --",
    ].map { Array($0.utf8) } + [[0x62, 0xFF, 0xC3, 0x28, 0x61], [0x1B, 0x5B, 0x33, 0x31, 0x6D]]

  private static let long = Array(String(repeating: "long<b>\u{1B}", count: 1_250).utf8)

  /// A camera that resolves, greets and uploads under each of the names.
  private static func capture() -> Data {
    var file = CaptureBuilder.pcapng()
    file.section(options: [
      .comment("<script>alert(2)</script>\u{1B}[2J"),
      .comment(String(decoding: long, as: UTF8.self)),
    ])
    file.interface()
    var ticks: UInt64 = 1_795_264_887_000_000
    func vector16(_ bytes: [UInt8]) -> [UInt8] { Packet.word(bytes.count) + bytes }
    func add(_ layer: Packet.Layer, from source: String, to destination: String) {
      ticks += 1_000
      let packet = Packet.ethernet(
        Packet.ipv4(from: source, to: destination, layer),
        from: source.hasPrefix("192") ? Packet.hex("4419b6640021") : Packet.destinationMAC)
      file.enhancedPacket(ticks: ticks, packet, options: [.comment("=1+1 <b>\u{202E}")])
    }
    let camera = "192.168.64.21"
    for (index, name) in names.enumerated() {
      let host = "203.0.113.\(index + 10)"
      let label = Array(name.prefix(63))
      let question = [UInt8(label.count)] + label + [0, 0, 1, 0, 1]
      let answer: [UInt8] =
        [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 1, 0, 0, 0, 0] + question
        + [0xC0, 12, 0, 1, 0, 1, 0, 0, 0, 60, 0, 4, 203, 0, 113, UInt8(index + 10)]
      add(Packet.udp(from: 53, to: 40_000, answer), from: "192.168.64.1", to: camera)
      var extensions = [UInt8]([0, 0])
      extensions += vector16(vector16([0] + vector16(name)))
      var body: [UInt8] = [3, 3] + [UInt8](repeating: 7, count: 32) + [0]
      body += vector16([0x13, 1]) + [1, 0] + vector16(extensions)
      let message = [1, 0] + vector16(body)
      add(
        Packet.tcp(from: 41_000 + index, to: 443, [22, 3, 1] + vector16(message)), from: camera,
        to: host)
      let request =
        Array("POST /\r\nHost: ".utf8).prefix(5) + Array("/ HTTP/1.1\r\nHost: ".utf8)
        + name.filter { $0 != 10 && $0 != 13 } + Array("\r\nUser-Agent: ".utf8)
        + (index == 0 ? long : name).filter { $0 != 10 && $0 != 13 }
        + Array("\r\nContent-Length: 9\r\n\r\nnot video".utf8)
      add(
        Packet.tcp(from: 42_000 + index, to: 80, Array(request.prefix(1_400))), from: camera,
        to: host)
      var lease = [UInt8]([1, 1, 6, 0, 0, 0, 0, 1]) + [UInt8](repeating: 0, count: 20)
      lease += Packet.hex("4419b6640021") + [UInt8](repeating: 0, count: 202)
      lease += [0x63, 0x82, 0x53, 0x63, 53, 1, 3, 50, 4, 192, 168, 64, 21]
      lease += [12, UInt8(min(255, name.count))] + name.prefix(255) + [255]
      add(Packet.udp(from: 68, to: 67, lease), from: camera, to: "192.168.64.1")
      // Twelve seconds of RTP in the form of H.264, so that there are findings to print.
      for number in 0..<300 {
        ticks += 40_000
        let unit: [UInt8] = number % 25 == 0 ? [0x65, 0x88] : [0x41, 0x9A]
        let header =
          [0x80, 0xE0] + Packet.word(number) + Packet.long(number * 3_600)
          + Packet.long(0x1234 + index)
        let payload = Packet.payload(1_000, seed: number)
        add(
          Packet.udp(from: 43_000 + index * 2, to: 9_000, header + unit + payload), from: camera,
          to: host)
      }
    }
    return Data(file.bytes)
  }

  private static func table() -> Data {
    var text = Array("range_start,range_end,asn,country,as_name\n".utf8)
    for (index, name) in (names + [long]).enumerated() {
      text += Array("203.0.113.\(index + 10),203.0.113.\(index + 10),\(64_500 + index),RU,\"".utf8)
      text += name.filter { $0 != 10 && $0 != 13 }.flatMap { $0 == 0x22 ? [0x22, 0x22] : [$0] }
      text += Array("\"\n".utf8)
    }
    return Data(text)
  }

  private static let formats = [
    "text", "json", "ndjson", "csv", "html", "svg", "timesketch", "sqlite",
  ]

  @Test(arguments: formats)
  func noneIsTakenForWhatItIsNot(format: String) throws {
    try Tool.withFolder { folder in
      try Self.capture().write(to: folder.appending(path: "hostile.pcapng"))
      try Self.table().write(to: folder.appending(path: "names.csv"))
      let run = try Tool.run(
        [
          "analyze", "hostile.pcapng", "--geoip", "names.csv", "--home", "IT", "--format", format,
          "--include", "flows,timeline,names",
        ], in: folder)
      #expect(run.status == 0)
      #expect(Self.controls(in: run.errors).isEmpty)
      // Something of each carrier is there at all: the test would else pass on nothing.
      #expect(run.output.contains("gpj.exe"))
      if format == "sqlite" {
        for bytes in [[0x1B, 0x5B], Array("\u{202E}".utf8), Array("\u{9B}".utf8)] as [[UInt8]] {
          #expect(run.bytes.firstRange(of: Data(bytes)) == nil)
        }
        return
      }
      #expect(String(validating: run.bytes, as: UTF8.self) != nil)
      #expect(Self.controls(in: run.output).isEmpty)
      if format == "html" || format == "svg" {
        #expect(!run.output.contains("<script>alert"))
        #expect(!run.output.contains("<img"))
        #expect(!run.output.contains("<b>"))
        #expect(!run.output.contains("]]>"))
        let scripts = run.output.components(separatedBy: "<script").count - 1
        #expect(scripts == (format == "html" ? 2 : 0))
      }
      if format == "csv" || format == "timesketch" {
        for line in run.output.split(separator: "\n") {
          for cell in line.split(separator: ",") {
            let content = cell.drop { $0 == "\"" }
            #expect(!(content.first.map { "=+@".contains($0) } ?? false), "\(cell)")
          }
        }
      }
    }
  }

  @Test(arguments: [
    ["flows", "--format", "csv"], ["flows", "--format", "json"], ["flows", "--format", "ndjson"],
    ["flows"], ["devices"], ["devices", "--format", "csv"], ["devices", "--format", "json"],
    ["timeline", "--by", "asn"], ["timeline"], ["timeline", "--format", "csv"],
    ["timeline", "--format", "svg"], ["timeline", "--format", "json"],
  ])
  func theOtherCommandsNeither(command: [String]) throws {
    try Tool.withFolder { folder in
      try Self.capture().write(to: folder.appending(path: "hostile.pcapng"))
      try Self.table().write(to: folder.appending(path: "names.csv"))
      let run = try Tool.run(
        command + ["hostile.pcapng", "--geoip", "names.csv", "--home", "IT"], in: folder)
      #expect(run.status == 0)
      #expect(!run.output.isEmpty)
      #expect(Self.controls(in: run.output).isEmpty)
    }
  }

  /// Names of every carrier reach the reports at all: the tests above would else pass on nothing.
  @Test func everyCarrierIsReported() throws {
    try Tool.withFolder { folder in
      try Self.capture().write(to: folder.appending(path: "hostile.pcapng"))
      try Self.table().write(to: folder.appending(path: "names.csv"))
      let run = try Tool.run(
        [
          "analyze", "hostile.pcapng", "--geoip", "names.csv", "--home", "IT", "--format", "json",
          "--include", "flows,names",
        ], in: folder)
      let object = try JSONSerialization.jsonObject(with: run.bytes)
      let analysis = try #require(object as? [String: Any])
      func texts(_ part: String, _ keys: String...) -> String {
        let objects = analysis[part] as? [[String: Any]] ?? []
        return objects.flatMap { object in keys.map { "\(object[$0] ?? "")" } }.joined()
      }
      // The JSON escapes what is no text, so that readers get the escapes and not the controls.
      #expect(texts("names", "name").contains("gpj.exe"))
      #expect(texts("devices", "names").contains("gpj.exe"))
      #expect(texts("flows", "server_name").contains("gpj.exe"))
      #expect(texts("flows", "facts").contains("gpj.exe"))
      #expect(texts("destinations", "as_name").contains("gpj.exe"))
      #expect(texts("inputs", "comments").contains("alert(2)"))
      #expect(texts("inputs", "comments").contains("long<b>"))
    }
  }

  /// The command line and the names of files reach the log.
  @Test func theLogIsHarmlessToo() throws {
    try Tool.withFolder { folder in
      let name = "a\u{1B}[31m\u{202E}b.pcapng"
      try Self.capture().write(to: folder.appending(path: name))
      let run = try Tool.run(
        ["analyze", name, "--note", "\u{1B}]0;x\u{07}", "--log", "run.log", "--format", "html"],
        in: folder)
      #expect(run.status == 0)
      #expect(Self.controls(in: run.output).isEmpty)
      let log = try String(contentsOf: folder.appending(path: "run.log"), encoding: .utf8)
      #expect(log.contains("begin lenstrace"))
      #expect(Self.controls(in: log).isEmpty)
    }
  }

  /// A saved analysis keeps names as they were, and what is made from it is as harmless.
  @Test(arguments: ["text", "html", "svg", "csv", "timesketch"])
  func whatIsMadeFromASavedAnalysisNeither(format: String) throws {
    try Tool.withFolder { folder in
      try Self.capture().write(to: folder.appending(path: "hostile.pcapng"))
      try Self.table().write(to: folder.appending(path: "names.csv"))
      let saving = try Tool.run(
        [
          "analyze", "hostile.pcapng", "--geoip", "names.csv", "--home", "IT", "--output",
          "case.lenstrace",
        ], in: folder)
      #expect(saving.status == 0)
      let run = try Tool.run(["analyze", "case.lenstrace", "--format", format], in: folder)
      #expect(run.status == 0)
      #expect(run.output.contains("gpj.exe"))
      #expect(Self.controls(in: run.output).isEmpty)
    }
  }

  /// Characters that a terminal or a reader would obey.
  private static func controls(in text: String) -> [String] {
    text.unicodeScalars.filter { scalar in
      switch scalar.value {
      case 0x0A: false
      case 0...0x1F, 0x7F...0x9F, 0x061C, 0x200B...0x200F, 0x202A...0x202E, 0x2060...0x2069,
        0x2028, 0x2029, 0xFEFF, 0xFFF9...0xFFFB, 0xE0000...0xE007F:
        true
      default: false
      }
    }.map { String($0.value, radix: 16) }
  }
}
