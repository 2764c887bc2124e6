// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import TestSupport

extension ProtocolSample {
  /// The flow as a pcap file, a millisecond between packets.
  var capture: [UInt8] {
    var file = CaptureBuilder.pcap()
    var sequences = [1, 1]
    var count: UInt32 = 0
    func add(_ payload: [UInt8], _ isAnswer: Bool, flags: UInt8) {
      let (source, destination) =
        isAnswer ? ("203.0.113.9", "192.168.1.64") : ("192.168.1.64", "203.0.113.9")
      let (first, second) = isAnswer ? (Int(port), 40_000) : (40_000, Int(port))
      let direction = isAnswer ? 1 : 0
      let layer =
        isDatagram
        ? Packet.udp(from: first, to: second, payload)
        : Packet.tcp(
          from: first, to: second, payload, sequence: sequences[direction],
          acknowledgment: sequences[1 - direction], flags: flags)
      sequences[direction] += payload.count + (flags & 2 == 0 ? 0 : 1)
      file.record(
        seconds: 1_700_000_000 + count / 1_000, fraction: count % 1_000 * 1_000,
        Packet.ethernet(Packet.ipv4(from: source, to: destination, layer)))
      count += 1
    }
    if !isDatagram {
      add([], false, flags: 2)
      add([], true, flags: 0x12)
    }
    for piece in pieces {
      let size = isDatagram ? 65_000 : 1_400
      for start in stride(from: 0, to: piece.bytes.count, by: size) {
        add(
          Array(piece.bytes[start..<min(start + size, piece.bytes.count)]),
          piece.direction == .fromResponder, flags: 0x18)
      }
    }
    return file.bytes
  }
}
