// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// What users get wrong: a message that names file, place, reason and remedy, and the documented
/// exit status.
struct BadInputTests {
  private let samples = Tool.project.appending(path: "Samples")

  private func sample(_ name: String) throws -> Data {
    try Data(contentsOf: samples.appending(path: name))
  }

  @Test func aMissingFile() throws {
    let run = try Tool.run(["no-such.pcap"])
    #expect(run.status == 66)
    #expect(run.output == "")
    #expect(run.errors.contains("no-such.pcap: cannot open"))
  }

  @Test func aFolderWithoutCaptures() throws {
    try Tool.withFolder { folder in
      try Data("notes".utf8).write(to: folder.appending(path: "notes.txt"))
      let run = try Tool.run(["info", folder.path])
      #expect(run.status == 65)
      #expect(run.errors.contains("holds no capture"))
    }
  }

  @Test(arguments: [("text.pcap", "this is text and no capture\n"), ("empty.pcap", "")])
  func aFileThatIsNoCapture(name: String, content: String) throws {
    try Tool.withFolder { folder in
      try Data(content.utf8).write(to: folder.appending(path: name))
      for command in ["analyze", "info", "flows"] {
        let run = try Tool.run([command, name], in: folder)
        #expect(run.status == 65)
        #expect(run.errors.contains(name))
        #expect(run.errors.contains(content.isEmpty ? "empty" : "not a pcap"))
      }
    }
  }

  /// What is no capture is named, where it can be, with what to do.
  @Test(arguments: [
    ([0xFD, 0x37, 0x7A, 0x58, 0x5A, 0x00, 0, 4], "compressed with xz", "xz -dk"),
    (Array("BZh91AY&SY".utf8), "compressed with bzip2", "bzip2 -dk"),
    ([0x50, 0x4B, 0x03, 0x04, 20, 0], "compressed with zip", "unzip"),
    (Array("\r\n <!DOCTYPE html><html>".utf8), "an HTML page", "fetch the file again"),
    (Array("{\"a\": 1}".utf8), "a JSON document", "saved analysis"),
    ([UInt8](repeating: 97, count: 257) + Array("ustar".utf8), "a tar archive", "tar xf"),
    (Array("0000  45 00 00 3c 1c 46\n".utf8), "a text", "text2pcap"),
    ([1, 2, 3, 4, 5, 6, 7, 8], "not a pcap, pcapng or snoop file;", "editcap"),
  ])
  func aFileOfAnotherKindIsNamed(content: [UInt8], name: String, advice: String) throws {
    try Tool.withFolder { folder in
      try Data(content).write(to: folder.appending(path: "evidence.pcap"))
      let run = try Tool.run(["info", "evidence.pcap"], in: folder)
      #expect(run.status == 65)
      #expect(run.errors.contains(name))
      #expect(run.errors.contains(advice))
    }
  }

  /// The hint behind a wrong option names a command that exists.
  @Test(arguments: [
    (["ordinary.pcapng", "--from", "yesterday"], "lenstrace analyze --help"),
    (["explain", "F-00000000", "ordinary.pcapng"], "lenstrace explain finding --help"),
    (["timeline", "ordinary.pcapng", "--bin", "3q"], "lenstrace timeline --help"),
    (["geoip", "lookup", "1.2.3"], "lenstrace geoip lookup --help"),
  ])
  func aHintNamesTheWholeCommand(arguments: [String], command: String) throws {
    let run = try Tool.run(arguments)
    #expect(run.status == 64)
    #expect(run.errors.contains("See '\(command)'"))
  }

  @Test func aLookUpWithoutATableSaysSo() throws {
    let run = try Tool.run(["geoip", "lookup", "192.0.2.1"])
    #expect(run.status == 0)
    #expect(run.errors.contains("no GeoIP table was given"))
  }

  @Test func aBadFileOfLabelsIsNamed() throws {
    try Tool.withFolder { folder in
      try Data("a\tb\n".utf8).write(to: folder.appending(path: "labels.tsv"))
      let run = try Tool.run(["evaluate", "labels.tsv", "."], in: folder)
      #expect(run.status == 65)
      #expect(run.errors.contains("labels.tsv: line 1: the columns"))
    }
  }

  /// A capture of which nothing could be looked at is no all-clear.
  @Test func aLinkTypeThatIsNotDecodedIsSaid() throws {
    try Tool.withFolder { folder in
      var capture = try sample("mpegts-abroad.pcap")
      capture[20] = 197
      try capture.write(to: folder.appending(path: "erf.pcap"))
      let run = try Tool.run(["analyze", "erf.pcap", "--width", "200"], in: folder)
      #expect(run.status == 0)
      #expect(run.output.contains("That is no all-clear: 509 packets have link types that are not"))
      #expect(run.output.contains("LINKTYPE 197"))
      let info = try Tool.run(["info", "erf.pcap"], in: folder)
      #expect(info.output.contains("link type 197 (not decoded)"))
    }
  }

  /// Protected 802.11 frames show stations and sizes, and nothing of what was sent.
  @Test func cipheredWirelessFramesAreSaid() throws {
    try Tool.withFolder { folder in
      var capture = Data([0xD4, 0xC3, 0xB2, 0xA1, 2, 0, 4, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 4, 0])
      capture.append(contentsOf: [105, 0, 0, 0])
      let addresses: [UInt8] = [2, 0, 0, 0, 0, 2, 0xC0, 0x56, 0xE3, 1, 2, 3, 2, 0, 0, 0, 0, 1]
      for second: UInt8 in 1...9 {
        let body = [UInt8](repeating: 9, count: 90)
        let frame = [0x88, 0x41, 0, 0] + addresses + [0x10, 0, 0, 0] + body
        capture.append(contentsOf: [second, 0, 0, 0, 0, 0, 0, 0, UInt8(frame.count), 0, 0, 0])
        capture.append(contentsOf: [UInt8(frame.count), 0, 0, 0] + frame)
      }
      try capture.write(to: folder.appending(path: "wlan.pcap"))
      let run = try Tool.run(["analyze", "wlan.pcap", "--width", "200"], in: folder)
      #expect(run.output.contains("no all-clear: 9 packets are ciphered by the Wi-Fi network"))
      #expect(run.output.contains("Wi-Fi frames that are ciphered"))
    }
  }

  @Test func aCaptureCutInTheMiddleIsReadAsFarAsItGoes() throws {
    try Tool.withFolder { folder in
      let whole = try sample("mpegts-abroad.pcap")
      try whole.prefix(100_000).write(to: folder.appending(path: "cut.pcap"))
      let run = try Tool.run(["info", "cut.pcap", "--format", "json"], in: folder)
      #expect(run.status == 0)
      #expect(run.output.contains("\"reason\": \"truncated_record\""))
      #expect(run.output.contains("\"packets\": 104"))
      let strict = try Tool.run(["analyze", "cut.pcap", "--strict"], in: folder)
      #expect(strict.status == 65)
      #expect(strict.output.contains("104 packets"))
    }
  }

  @Test func damageInTheMiddleIsSkippedAndNamed() throws {
    try Tool.withFolder { folder in
      var damaged = try sample("mpegts-abroad.pcap")
      damaged.replaceSubrange(200_000..<200_400, with: Data(repeating: 0xFF, count: 400))
      try damaged.write(to: folder.appending(path: "damaged.pcap"))
      let run = try Tool.run(["info", "damaged.pcap"], in: folder)
      #expect(run.status == 0)
      #expect(run.output.contains("packets"))
    }
  }

  @Test func aReadableInputBesideAnUnreadableOne() throws {
    try Tool.withFolder { folder in
      try Data("text".utf8).write(to: folder.appending(path: "text.pcap"))
      try sample("mpegts-abroad.pcap").write(to: folder.appending(path: "good.pcap"))
      let run = try Tool.run(["analyze", "good.pcap", "text.pcap"], in: folder)
      #expect(run.status == 65)
      #expect(run.errors.contains("text.pcap"))
      #expect(run.output.contains("509 packets"))
    }
  }

  @Test func aTableWithoutAUsableRow() throws {
    try Tool.withFolder { folder in
      try Data("name,colour\nx,red\n".utf8).write(to: folder.appending(path: "bad.csv"))
      let capture = samples.appending(path: "mpegts-abroad.pcap").path
      let run = try Tool.run(["analyze", capture, "--geoip", "bad.csv"], in: folder)
      #expect(run.status == 65)
      #expect(run.errors.contains("bad.csv:1"))
      #expect(run.errors.contains("--geoip-columns"))
    }
  }

  @Test func aMissingTable() throws {
    let run = try Tool.run(["mpegts-abroad.pcap", "--geoip", "no-such.csv"])
    #expect(run.status == 66)
    #expect(run.errors.contains("no-such.csv"))
  }

  @Test(arguments: [
    ["analyze"], ["analyze", "x.pcap", "--format", "xml"], ["x.pcap", "--jobs", "-1"],
    ["flows", "mpegts-abroad.pcap", "--select", "colour=red"],
    ["mpegts-abroad.pcap", "--home", "Italy"], ["mpegts-abroad.pcap", "--home-net", "10.0.0.1/8"],
    ["mpegts-abroad.pcap", "--include", "everything"],
    ["mpegts-abroad.pcap", "--output", "x.docx"],
    ["timeline", "mpegts-abroad.pcap", "--bin", "soon"], ["nonsense", "--nonsense"],
    ["flows", "mpegts-abroad.pcap", "--idle-timeout", "tcp=0"],
    ["mpegts-abroad.pcap", "--camera", "kitchen"], ["geoip", "lookup", "300.1.1.1"],
  ])
  func wrongUsage(arguments: [String]) throws {
    let run = try Tool.run(arguments)
    #expect(run.status == 64)
    #expect(run.output == "")
    #expect(!run.errors.isEmpty)
  }

  /// Two reports at one place would replace each other, however it is spelt.
  @Test(arguments: [
    ["json:r", "text:r"], ["json:r", "text:./r"], ["json:r", "text:sub/../r"],
    ["json:sub/r", "text:sub//r"],
  ])
  func anOutputNamedTwiceIsRefused(outputs: [String]) throws {
    try Tool.withFolder { folder in
      try FileManager.default.createDirectory(
        at: folder.appending(path: "sub"), withIntermediateDirectories: false)
      let run = try Tool.run(
        ["analyze", samples.appending(path: "mpegts-abroad.pcap").path, "--force"]
          + outputs.flatMap { ["--output", $0] }, in: folder)
      #expect(run.status == 64)
      #expect(run.errors.contains("is named twice"))
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["sub"])
    }
  }

  @Test func outputsAreNeverOverwrittenUnasked() throws {
    try Tool.withFolder { folder in
      let capture = folder.appending(path: "good.pcap")
      let evidence = try sample("mpegts-abroad.pcap")
      try evidence.write(to: capture)
      let path = folder.appending(path: "report.json")
      let arguments = ["analyze", "good.pcap", "--output", "report.json", "--output", "report.txt"]
      #expect(try Tool.run(arguments, in: folder).status == 0)
      let first = try Data(contentsOf: path)
      let again = try Tool.run(arguments, in: folder)
      #expect(again.status == 73)
      #expect(again.errors.contains("--force"))
      #expect(try Tool.run(arguments + ["--force"], in: folder).status == 0)
      #expect(try Data(contentsOf: path) == first)
      let over = try Tool.run(
        ["analyze", "good.pcap", "--force", "--output", "json:good.pcap"], in: folder)
      #expect(over.status == 73)
      #expect(over.errors.contains("one of the inputs"))
      #expect(try Data(contentsOf: capture) == evidence)
      let names = try FileManager.default.contentsOfDirectory(atPath: folder.path).sorted()
      #expect(names == ["good.pcap", "report.json", "report.txt"])
    }
  }

  @Test func helpAndVersion() throws {
    for arguments in [["--help"], ["help", "flows"], ["timeline", "--help"], ["--version"]] {
      let run = try Tool.run(arguments)
      #expect(run.status == 0)
      #expect(!run.output.isEmpty)
    }
  }
}
