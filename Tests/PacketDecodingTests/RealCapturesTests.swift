// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Foundation
import PacketDecoding
import Testing

private let capturesFolder = ProcessInfo.processInfo.environment["LENSTRACE_CAPTURES"]

/// Packets, bytes and payload bytes of both directions, as tshark counts them.
@Suite(
  .enabled(
    if: capturesFolder != nil,
    "set LENSTRACE_CAPTURES to the folder of captures to run this test"))
struct RealCapturesTests {
  private struct Key: Hashable {
    let text: String
  }

  /// Sums of one conversation: packets, bytes, payload; first the direction from the smaller end.
  private typealias Sums = [Int]

  /// UDP ports of tunnels: what they carry counts to the inner flow, also where it is neither TCP
  /// nor UDP, which tshark counts to the outer one.
  private static let tunnelPorts: Set<String> = [
    "2152", "4789", "6081", "3544", "1701", "4754", "8472", "37008", "6635",
  ]

  @Test func conversationsEqualTsharks() throws {
    let folder = URL(filePath: try #require(capturesFolder))
    let expected = try Self.expected(
      String(contentsOf: folder.appending(path: "expected/conversations.tsv"), encoding: .utf8))
    var equal = 0
    var tolerated = 0
    var total = 0
    var differences: [String] = []
    for (file, conversations) in expected.sorted(by: { $0.key < $1.key }) {
      let path = folder.appending(path: file).path(percentEncoded: false)
      guard let (measured, fragments) = Self.measured(path) else { continue }
      for (key, sums) in conversations {
        total += 1
        let found = measured[key]
        let ports = Set(key.text.split(separator: " ").map(String.init))
        if found == sums {
          equal += 1
        } else if let found, fragments > 0, found[2] == sums[2], found[5] == sums[5],
          found[0] + found[3] - sums[0] - sums[3] <= fragments
        {
          // tshark counts a datagram's last fragment only.
          tolerated += 1
        } else if !Self.tunnelPorts.isDisjoint(with: ports),
          zip(found ?? [0, 0, 0, 0, 0, 0], sums).allSatisfy({ $0 <= $1 })
        {
          tolerated += 1
        } else {
          differences.append("\(file) \(key.text): \(sums) \(found ?? [])")
        }
      }
    }
    #expect(total > 1600)
    // 99 % is what the project promises; what differs is listed.
    #expect((equal + tolerated) * 100 >= total * 99, "\(differences.joined(separator: "\n"))")
    #expect(tolerated < 40)
  }

  private static func key(
    _ number: String, _ source: String, _ sourcePort: String, _ destination: String,
    _ destinationPort: String
  ) -> (Key, isReversed: Bool) {
    let first = "\(source) \(sourcePort)"
    let second = "\(destination) \(destinationPort)"
    let isReversed = second < first
    return (
      Key(text: isReversed ? "\(number) \(second) \(first)" : "\(number) \(first) \(second)"),
      isReversed
    )
  }

  private static func add(_ sums: Sums, _ isReversed: Bool, to old: inout Sums) {
    let ordered = isReversed ? Array(sums[3...] + sums[..<3]) : sums
    for index in 0..<6 { old[index] += ordered[index] }
  }

  private static func expected(_ text: String) -> [String: [Key: Sums]] {
    var files: [String: [Key: Sums]] = [:]
    for line in text.split(separator: "\n").dropFirst() {
      let columns = line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
      let number = columns[1] == "tcp" ? "6" : "17"
      let ends = [columns[3], columns[5]].map { IPAddress($0)?.description ?? $0 }
      let (key, isReversed) = key(number, ends[0], columns[4], ends[1], columns[6])
      add(
        columns[7...12].map { Int($0) ?? 0 }, isReversed,
        to: &files[columns[0], default: [:]][key, default: [0, 0, 0, 0, 0, 0]])
    }
    return files
  }

  private static func measured(_ path: String) -> ([Key: Sums], fragments: Int)? {
    guard
      let reader = try? CaptureFileReader(
        input: CaptureInput(path), fileIndex: 0, pool: BlockPool())
    else { return nil }
    let decoder = PacketDecoder()
    var defragmenter = Defragmenter(decoder: decoder)
    var table: [Key: Sums] = [:]
    var fragments = 0
    while let records = reader.nextBatch() {
      var batch = decoder.decode(records)
      fragments += batch.packets.count { $0.flags.contains(.isFragment) }
      defragmenter.process(&batch)
      for packet in batch.packets where [6, 17].contains(packet.protocolNumber) {
        guard !packet.flags.contains(.isHeldFragment) else { continue }
        let first = IPAddress(high: packet.firstHigh, low: packet.firstLow).description
        let second = IPAddress(high: packet.secondHigh, low: packet.secondLow).description
        let ports = (packet.portsAndProtocol >> 48, packet.portsAndProtocol >> 32 & 0xFFFF)
        let sums = [
          1 + Int(packet.extraPackets), Int(packet.originalLength) + Int(packet.extraBytes),
          Int(packet.payloadLength),
        ]
        let (key, isReversed) = key(
          "\(packet.protocolNumber)", first, "\(ports.0)", second, "\(ports.1)")
        // The key's direction is not the text's.
        let fromFirst = !packet.flags.contains(.isReversed)
        add(
          fromFirst ? sums + [0, 0, 0] : [0, 0, 0] + sums, isReversed,
          to: &table[key, default: [0, 0, 0, 0, 0, 0]])
      }
    }
    return (table, fragments)
  }
}
