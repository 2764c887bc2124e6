// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// `geoip lookup` of more addresses than a command line is for.
struct ListedAddressesTests {
  private static let table = Tool.project.appending(path: "Samples/geoip-sample.csv").path

  @Test func aListIsWhatArgumentsAre() throws {
    try Tool.withFolder { folder in
      let addresses = ["203.0.113.77", "192.168.1.1", "2001:db8:aaaa::99"]
      let text = addresses.joined(separator: "\n") + "\n\n"
      try Data(text.utf8).write(to: folder.appending(path: "list.txt"))
      let options = ["--geoip", Self.table, "--format", "csv"]
      let named = try Tool.run(["geoip", "lookup"] + addresses + options, in: folder)
      let listed = try Tool.run(
        ["geoip", "lookup", "--addresses-from", "list.txt"] + options, in: folder)
      #expect(named.status == 0)
      #expect(listed.status == 0)
      #expect(listed.output == named.output)
      let over = try Tool.run(
        ["geoip", "lookup", "--addresses-from", "list.txt", "--output", "csv:list.txt", "--force"],
        in: folder)
      #expect(over.status == 73)
      try Data("10.0.0.1\n=cmd\u{1B}[2J\n".utf8).write(to: folder.appending(path: "bad.txt"))
      let bad = try Tool.run(["geoip", "lookup", "--addresses-from", "bad.txt"], in: folder)
      #expect(bad.status == 64)
      #expect(bad.errors.contains("is no IP address"))
      #expect(!bad.errors.contains("\u{1B}"))
      #expect(try Tool.run(["geoip", "lookup"], in: folder).status == 64)
    }
  }

  @Test func manyAddressesTakeNoLonger() throws {
    try Tool.withFolder { folder in
      let text = (0..<100_000).map { "11.\($0 >> 16).\($0 >> 8 & 255).\($0 & 255)\n" }.joined()
      try Data(text.utf8).write(to: folder.appending(path: "list.txt"))
      let began = ContinuousClock.now
      let run = try Tool.run(
        [
          "geoip", "lookup", "--addresses-from", "list.txt", "--geoip", Self.table, "--format",
          "csv",
        ], in: folder)
      #expect(run.status == 0)
      #expect(run.output.split(separator: "\n").count == 100_001)
      // As arguments, a quarter of these take over 14 s.
      #expect(ContinuousClock.now - began < .seconds(60))
    }
  }
}
