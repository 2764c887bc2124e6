// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import CaptureFilter
import Foundation
import TestSupport
import Testing

@Suite struct PacketFilterTests {
  /// An IPv4 header with UDP ports.
  static func udp(_ destinationPort: UInt8) -> [UInt8] {
    [
      0x45, 0, 0, 28, 0, 0, 0, 0, 64, 17, 0, 0, 192, 0, 2, 1, 192, 0, 2, 2,
      0, 9, 0, destinationPort, 0, 8, 0, 0,
    ]
  }

  static func selection(_ expression: String, _ bytes: [UInt8]) throws -> [Bool] {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try Data(bytes).write(to: path)
    defer { try? FileManager.default.removeItem(at: path) }
    let reader = try CaptureFileReader(
      input: CaptureInput(path.path), fileIndex: 0, pool: BlockPool())
    let filter = try PacketFilter(expression)
    var selected: [Bool] = []
    while let batch = reader.nextBatch() { selected += filter.selection(in: batch) }
    return selected
  }

  @Test func selectsOnEachLinkType() throws {
    var file = CaptureBuilder.pcapng()
    file.interface(linkType: 1)
    file.interface(linkType: 101)
    file.interface(linkType: 9999)
    let ethernet = [UInt8](repeating: 2, count: 12) + [8, 0]
    file.enhancedPacket(interface: 0, ticks: 1, ethernet + Self.udp(53))
    file.enhancedPacket(interface: 1, ticks: 1, Self.udp(53))
    file.enhancedPacket(interface: 1, ticks: 1, Self.udp(54))
    file.enhancedPacket(interface: 2, ticks: 1, Self.udp(53))
    file.enhancedPacket(interface: 0, ticks: 1, [])
    #expect(
      try Self.selection("udp dst port 53", file.bytes) == [true, true, false, false, false])
    #expect(
      try Self.selection("not port 53 and udp", file.bytes) == [false, false, true, false, false])
  }

  @Test(arguments: [2, 24, 28, 30], [false, true])
  func loopbackFamiliesOfAllSystemsAreKnown(family: UInt8, isBigEndian: Bool) throws {
    let packet: [UInt8] =
      family == 2 ? Self.udp(53) : [0x60, 0, 0, 0, 0, 0, 59, 64] + Array(repeating: 0, count: 32)
    for linkType: UInt32 in [0, 108] {
      var file = CaptureBuilder.pcap(linkType: linkType)
      let header: [UInt8] =
        isBigEndian || linkType == 108 ? [0, 0, 0, family] : [family, 0, 0, 0]
      file.record(seconds: 1, header + packet)
      #expect(try Self.selection(family == 2 ? "udp port 53" : "ip6", file.bytes) == [true])
      #expect(try Self.selection(family == 2 ? "ip6" : "ip", file.bytes) == [false])
    }
  }

  @Test func originalLengthsDecide() throws {
    var file = CaptureBuilder.pcap()
    file.record(seconds: 1, [1, 2], originalLength: 1000)
    file.record(seconds: 1, [1, 2])
    #expect(try Self.selection("greater 500", file.bytes) == [true, false])
  }

  @Test(arguments: [
    ("tcp port 80 and and udp", "and", 16), ("port 99999", "99999", 5), ("udp )", ")", 4),
    ("tcp xyzzy9 80", "xyzzy9", 4), ("host 1.2.3.4.5", "1.2.3.4.5", 5),
  ])
  func pointsAtTheWrongWord(expression: String, word: String, offset: Int) throws {
    let error = try #require(throws: FilterError.self) { try PacketFilter(expression) }
    #expect(error.place == offset..<offset + word.utf8.count, "\(error)")
    #expect(error.description.contains("^"))
  }

  @Test func namesAreNeverLookedUp() throws {
    for expression in [
      "host camera.example", "camera", "host be.ad.de", "host cafe",
      "src host a.example or port http",
    ] {
      let error = try #require(throws: FilterError.self) { try PacketFilter(expression) }
      #expect(error.reason.contains("not looked up"), "\(expression): \(error)")
    }
  }

  @Test(arguments: [
    "", "ip", "tcp[tcpflags] & (tcp-syn|tcp-fin) != 0", "ether host 00:11:22:aa:bb:cc",
    "ip6 host 2001:db8::1", "ether src 00-11-22-aa-bb-cc", "ether dst dead.beef.cafe",
    "port http or https", "portrange 6000-6008", "net 10.0.0.0/8",
    "vlan 7 and udp", "icmp[icmptype] != icmp-echo and len > 50", "ip proto \\tcp",
    "src 10.0.0.1 and (dst port 554 or 8554)", "ether proto 0x8864", "wlan type mgt",
    "ether[0] & 1 = 0 and ip[16] >= 224", "less 100", "net 192.168", "host fe80::1",
  ])
  func takesRightExpressions(expression: String) throws {
    #expect(throws: Never.self) { try PacketFilter(expression) }
  }

  static let captures = ProcessInfo.processInfo.environment["LENSTRACE_CAPTURES"]
  static let tcpdump = ["/usr/bin/tcpdump", "/usr/sbin/tcpdump"].first {
    FileManager.default.isExecutableFile(atPath: $0)
  }

  /// Number of packets that tcpdump selects, or nil where it cannot open the file.
  static func tcpdumpCount(_ path: String, _ expression: String) throws -> Int? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: tcpdump ?? "")
    process.arguments = ["-n", "-r", path, "--count", expression]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    try process.run()
    let text = String(
      decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
    process.waitUntilExit()
    guard process.terminationStatus == 0 else { return nil }
    return text.split(separator: " ").first.flatMap { Int($0) }
  }

  @Test(
    .enabled(if: captures != nil && tcpdump != nil, "needs LENSTRACE_CAPTURES and tcpdump"),
    arguments: [
      "ip", "ip6", "tcp", "udp", "icmp", "port 53", "tcp[tcpflags] & tcp-syn != 0",
      "net 192.168.0.0/16", "greater 1000", "less 100", "not ip", "udp and portrange 1024-65535",
      "vlan", "src net 10.0.0.0/8 or dst net 10.0.0.0/8", "ip[8] < 64", "multicast",
    ])
  func selectsWhatTcpdumpSelects(expression: String) throws {
    let folder = try #require(Self.captures)
    let set = try CaptureSet([folder], recursive: true)
    var compared = 0
    for input in set.inputs {
      guard case .path(let path) = input.source else { continue }
      // tcpdump decompresses nothing.
      let reader = try CaptureFileReader(input: input, fileIndex: 0, pool: BlockPool())
      guard reader.compression == .none, let want = try Self.tcpdumpCount(path, expression) else {
        continue
      }
      let filter = try PacketFilter(expression)
      var count = 0
      while let batch = reader.nextBatch() {
        count += filter.selection(in: batch).count { $0 }
      }
      #expect(count == want, "\(input.name)")
      compared += 1
    }
    #expect(compared > 50)
  }
}
