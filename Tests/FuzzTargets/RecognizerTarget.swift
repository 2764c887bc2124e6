// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import FlowTracking
import MediaInspection
import PacketDecoding
import ProtocolRecognition
import TestSupport

/// Pieces as the payloads of one flow: every recognizer, and the media that they find.
enum RecognizerTarget {
  static func recognize(_ bytes: [UInt8]) {
    guard bytes.count <= 1 << 17 else { return }
    var reader = InputReader(bytes)
    let head = Int(reader.byte())
    var run = Run(
      isDatagram: head & 1 == 0, port: FuzzInput.ports[head / 2 % FuzzInput.ports.count])
    while let piece = reader.piece() { run.send(piece) }
    run.finish()
  }

  private struct Run: ~Copyable {
    let isDatagram: Bool
    let port: UInt16
    var table = FlowTable(configuration: FlowTrackingConfiguration(), seed: 7)
    var engine = RecognitionEngine()
    var media = MediaInspector()
    var events: [FlowEvent] = []
    var number: UInt64 = 0
    var time: Int64 = 1_700_000_000_000_000_000
    var sequences: [UInt32] = [1, 1]

    init(isDatagram: Bool, port: UInt16) {
      self.isDatagram = isDatagram
      self.port = port
      if !isDatagram {
        send(FuzzInput.Piece(control: 0, bytes: []), tcpFlags: 2)
        send(FuzzInput.Piece(control: FuzzInput.fromResponder, bytes: []), tcpFlags: 0x12)
      }
    }

    mutating func send(_ piece: FuzzInput.Piece, tcpFlags: UInt8 = 0x18) {
      let isReversed = piece.control & FuzzInput.fromResponder != 0
      let direction = isReversed ? 1 : 0
      time += piece.control & FuzzInput.afterPause == 0 ? 1_000_000 : 61_000_000_000
      var packet = DecodedPacket()
      packet.firstLow = IPAddress(v4: 0x0A00_0001).low
      packet.secondLow = IPAddress(v4: 0xCB00_7101).low
      packet.protocolNumber = isDatagram ? 17 : 6
      packet.portsAndProtocol =
        UInt64(40_000) << 48 | UInt64(port) << 32 | UInt64(packet.protocolNumber)
      packet.keyHash = 0x0123_4567_89AB_CDEF
      packet.flags = [.hasNetworkLayer, .hasTransportHeader]
      if isReversed { packet.flags.insert(.isReversed) }
      packet.time = time
      let isCut = piece.control & FuzzInput.isCut != 0
      packet.payloadCapturedLength = UInt32(piece.bytes.count)
      packet.payloadLength = packet.payloadCapturedLength + (isCut ? 900 : 0)
      packet.originalLength = packet.payloadLength + 54
      packet.capturedLength = packet.payloadCapturedLength + 54
      packet.fingerprint = number &* 0xD6E8_FEB8_6659_FD93 &+ 1
      if !isDatagram {
        if piece.control & FuzzInput.followsGap != 0 { sequences[direction] &+= 70_000 }
        packet.tcpFlags = tcpFlags
        packet.window = 1_000
        packet.sequenceNumber = sequences[direction]
        packet.acknowledgmentNumber = sequences[1 - direction]
        sequences[direction] &+= packet.payloadLength &+ (tcpFlags & 2 == 0 ? 0 : 1)
      }
      let block = Block(byteCount: max(piece.bytes.count, 1))
      block.copy(from: piece.bytes.span)
      handle([packet], block, [0])
    }

    private mutating func handle(_ packets: [DecodedPacket], _ block: Block, _ order: [UInt32]) {
      var batch = PacketBatch(block: block, packets: packets, file: 0, firstFrame: number + 1)
      batch.firstNumber = number
      number += UInt64(packets.count)
      events.removeAll(keepingCapacity: true)
      if order.isEmpty {
        table.finish(into: &events)
      } else {
        table.track(batch, order: order.span, into: &events)
      }
      engine.handle(events, batch: batch, table: &table)
      engine.deliver(batch: batch, table: table, to: &media)
    }

    private mutating func end() -> RecognitionResult {
      var packet = DecodedPacket()
      packet.time = time
      handle([packet], Block(byteCount: 1), [])
      return engine.finish()
    }

    /// Ends the flow and joins the signalling; the run is over.
    consuming func finish() {
      var results = [end()]
      var media = media
      let flows = FlowCollection([FinishedFlowTable(table)])
      SignallingJoin.join(&results) { flows.endpoints(at: $0) }
      for record in results[0].streams {
        if let hint = record.codecHint, let codec = Codec(rtpEncodingName: hint.name) {
          media.setCodecHint(codec, forStream: record.stream)
          for set in record.parameterSets {
            media.setParameterSets(set.span, codec: codec, forStream: record.stream)
          }
        }
        _ = media.proof(ofStream: record.stream)
      }
    }
  }
}
