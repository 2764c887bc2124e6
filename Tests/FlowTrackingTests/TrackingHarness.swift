// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import PacketDecoding

@testable import FlowTracking

/// A deterministic random source for property tests (SplitMix64).
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(_ seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var mixed = state
    mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
    mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
    return mixed ^ (mixed >> 31)
  }
}

/// One packet of a test, as the decoder would give it.
struct TestPacket {
  var time: Int64 = 0
  var isReversed = false
  var protocolNumber: UInt8 = 6
  var sourcePort: UInt16 = 40_000
  var destinationPort: UInt16 = 554
  var sequenceNumber: UInt32 = 0
  var acknowledgmentNumber: UInt32 = 0
  var tcpFlags: UInt8 = 0x10
  var window: UInt16 = 1_000
  var payload: [UInt8] = []
  /// Payload bytes on the wire; more than were captured where the capture was cut.
  var payloadLength: Int?
  var fingerprint: UInt64?
}

/// Drives one flow table with packets made in code and collects what it tells.
struct TrackingHarness: ~Copyable {
  var table: FlowTable
  var events: [FlowEvent] = []
  /// The ordered bytes of each direction of flow 0, `nil` for each byte of a gap.
  var streams: [FlowDirection: [UInt8?]] = [.fromOriginator: [], .fromResponder: []]
  private var nextFingerprint: UInt64 = 1
  private var number: UInt64 = 0

  init(_ configuration: FlowTrackingConfiguration = .init(), limits: MemoryLimits = .standard) {
    table = FlowTable(configuration: configuration, limits: limits, seed: 7)
  }

  mutating func track(_ packets: [TestPacket]) {
    var bytes: [UInt8] = []
    var decoded: [DecodedPacket] = []
    for packet in packets {
      var result = DecodedPacket()
      result.firstLow = IPAddress(v4: 0x0A00_0001).low
      result.secondLow = IPAddress(v4: 0xCB00_7101).low
      result.portsAndProtocol =
        UInt64(packet.sourcePort) << 48 | UInt64(packet.destinationPort) << 32
        | UInt64(packet.protocolNumber)
      result.keyHash = result.portsAndProtocol &* 0x9E37_79B9_7F4A_7C15
      result.flags = [.hasNetworkLayer, .hasTransportHeader]
      if packet.isReversed { result.flags.insert(.isReversed) }
      result.protocolNumber = packet.protocolNumber
      result.time = packet.time
      result.tcpFlags = packet.tcpFlags
      result.window = packet.window
      result.sequenceNumber = packet.sequenceNumber
      result.acknowledgmentNumber = packet.acknowledgmentNumber
      result.payloadOffset = UInt32(bytes.count)
      result.payloadCapturedLength = UInt32(packet.payload.count)
      result.payloadLength = UInt32(packet.payloadLength ?? packet.payload.count)
      result.originalLength = result.payloadLength + 54
      result.capturedLength = result.payloadCapturedLength + 54
      if let fingerprint = packet.fingerprint {
        result.fingerprint = fingerprint
      } else {
        result.fingerprint = nextFingerprint &* 0xD6E8_FEB8_6659_FD93
        nextFingerprint += 1
      }
      bytes.append(contentsOf: packet.payload)
      decoded.append(result)
    }
    let block = Block(byteCount: max(bytes.count, 1))
    block.copy(from: bytes.span)
    var batch = PacketBatch(block: block, packets: decoded, file: 0, firstFrame: number + 1)
    batch.firstNumber = number
    number += UInt64(decoded.count)
    var new: [FlowEvent] = []
    let order = decoded.indices.map(UInt32.init)
    table.track(batch, order: order.span, into: &new)
    collect(new, blockBytes: bytes)
  }

  mutating func isOver(_ flow: UInt32, at time: Int64) -> Bool { table.isOver(flow, at: time) }

  mutating func finish() {
    var new: [FlowEvent] = []
    table.finish(into: &new)
    collect(new, blockBytes: [])
  }

  private mutating func collect(_ new: [FlowEvent], blockBytes: [UInt8]) {
    let arena = table.arena
    for event in new where event.flow == 0 {
      switch event.kind {
      case .bytes:
        let source = event.source == .arena ? arena : blockBytes
        let range = Int(event.offset)..<Int(event.offset + event.length)
        streams[event.direction]?.append(contentsOf: source[range].map { $0 })
      case .gap:
        streams[event.direction]?.append(
          contentsOf: Array(repeating: nil, count: Int(event.length)))
      default: break
      }
    }
    events += new
  }

  consuming func collection() -> FlowCollection {
    finish()
    return FlowCollection([FinishedFlowTable(table)])
  }

  consuming func flows() -> [Flow] { Array(collection()) }
}
