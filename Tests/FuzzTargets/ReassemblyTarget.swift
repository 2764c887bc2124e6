// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import FlowTracking
import PacketDecoding
import TestSupport

/// Pieces as fragments and segments: defragmentation and ordered streams.
enum ReassemblyTarget {
  /// Pieces of one batch.
  private static let batchCount = 8

  /// Feeds pieces by eight as batches.
  ///
  /// The head is not used. The low two bits of a piece's control byte say what it is: a raw IP
  /// packet, a TCP segment, an IPv4 fragment or an IPv6 fragment; the others vary it.
  static func reassemble(_ bytes: [UInt8]) {
    guard bytes.count <= 1 << 16 else { return }
    var reader = InputReader(bytes)
    _ = reader.byte()
    var run = Run()
    var frames: [[UInt8]] = []
    var time: Int64 = 1_700_000_000_000_000_000
    var times: [Int64] = []
    while let piece = reader.piece() {
      // Time passes by 1 ms, or 8 s, so that timeouts are met.
      time += piece.control & 0x80 == 0 ? 1_000_000 : 8_000_000_000
      frames.append(packet(piece))
      times.append(time)
      if frames.count == batchCount {
        run.track(frames, times)
        frames = []
        times = []
      }
    }
    run.track(frames, times)
    run.finish()
  }

  private static func packet(_ piece: FuzzInput.Piece) -> [UInt8] {
    var reader = InputReader(piece.bytes)
    switch piece.control & 3 {
    case 0: return piece.bytes
    case 1:
      let flags = reader.byte()
      let sequence = reader.word() << 16 | reader.word()
      let (first, second) = piece.control & 4 == 0 ? (40_000, 554) : (554, 40_000)
      let (source, destination) =
        piece.control & 4 == 0 ? ("10.0.0.1", "10.0.0.2") : ("10.0.0.2", "10.0.0.1")
      return Packet.ipv4(
        from: source, to: destination,
        Packet.tcp(
          from: first, to: second, Array(piece.bytes.dropFirst(5)), sequence: sequence,
          flags: flags)
      ).bytes
    case 2:
      let word = reader.word()
      let content = Packet.Layer(Array(piece.bytes.dropFirst(2)), ipProtocol: transport(piece))
      return Packet.ipv4(content, identification: Int(piece.control >> 4 & 3), fragment: word).bytes
    default:
      let word = reader.word()
      return Packet.ipv6(
        Packet.fragmentHeader(
          Array(piece.bytes.dropFirst(2)), next: transport(piece), offset: word & ~7,
          more: word & 1 == 1, identification: Int(piece.control >> 4 & 3))
      ).bytes
    }
  }

  /// UDP, TCP, or a packet in a packet.
  private static func transport(_ piece: FuzzInput.Piece) -> UInt8 {
    piece.control & 0x40 != 0 ? (piece.control & 3 == 2 ? 4 : 41) : piece.control & 8 == 0 ? 17 : 6
  }

  private struct Run: ~Copyable {
    let decoder = PacketDecoder()
    var defragmenter = Defragmenter(decoder: PacketDecoder())
    var table = FlowTable(configuration: FlowTrackingConfiguration(), seed: 7)
    var events: [FlowEvent] = []
    var number: UInt64 = 0
    var ended: Set<UInt32> = []
    /// Segments with a FIN, each of which may count as a byte of its stream.
    var finCount: UInt32 = 0
    /// Offset at which the next bytes of a direction must begin, by flow and direction.
    var next: [UInt64: UInt32] = [:]

    mutating func track(_ frames: [[UInt8]], _ times: [Int64]) {
      guard !frames.isEmpty else { return }
      var bytes: [UInt8] = []
      var records: [CaptureRecord] = []
      for (frame, time) in zip(frames, times) {
        records.append(
          CaptureRecord(
            time: time, offset: UInt32(bytes.count), capturedLength: UInt32(frame.count),
            originalLength: UInt32(frame.count), interface: 0))
        bytes += frame
      }
      let block = Block(byteCount: max(bytes.count, 1))
      block.copy(from: bytes.span)
      var batch = decoder.decode(
        RecordBatch(
          block: block, records: records, file: 0, firstFrame: number + 1, fileOffset: 0,
          linkTypes: [LinkType(rawValue: 101)]))
      batch.firstNumber = number
      number += UInt64(frames.count)
      defragmenter.process(&batch)
      finCount += UInt32(batch.packets.count { $0.tcpFlags & 1 != 0 })
      for packet in batch.packets where !packet.flags.contains(.isHeldFragment) {
        DecodingTarget.check(
          packet, packet.flags.contains(.isJoined) ? batch.joined.count : bytes.count)
      }
      let order = batch.packets.indices.filter { batch.packets[$0].belongsToFlow }.map(UInt32.init)
      events.removeAll(keepingCapacity: true)
      table.track(batch, order: order.span, into: &events)
      check(bytes.count, batch.joined.count)
    }

    /// Ends all flows; the run is over.
    consuming func finish() {
      end()
      let number = number
      let flows = FlowCollection([FinishedFlowTable(table)])
      let packets = flows.reduce(0) { sum, flow in
        sum + FlowDirection.allCases.reduce(0) { $0 + flow.counters($1).packets }
      }
      precondition(packets <= number, "more packets in flows than in the capture")
    }

    private mutating func end() {
      defragmenter.finish()
      events.removeAll(keepingCapacity: true)
      table.finish(into: &events)
      check(0, 0)
    }

    private mutating func check(_ blockCount: Int, _ joinedCount: Int) {
      for event in events {
        precondition(!ended.contains(event.flow), "an event after the end of its flow")
        let end = Int(event.offset) + Int(event.length)
        let key = UInt64(event.flow) << 1 | UInt64(event.direction.rawValue)
        switch event.kind {
        case .ended: ended.insert(event.flow)
        case .started: break
        case .gap: next[key] = event.streamOffset &+ event.length
        case .datagram, .bytes:
          let count =
            switch event.source {
            case .block: blockCount
            case .joined: joinedCount
            case .arena: table.arenaBytes.count
            }
          precondition(end <= count, "the bytes of an event lie outside their source")
          if event.kind == .bytes {
            let expected = next[key] ?? event.streamOffset
            precondition(
              event.streamOffset &- expected <= finCount,
              "a stream out of order: \(event.streamOffset) follows \(expected)")
            next[key] = event.streamOffset &+ event.length
          }
        }
      }
    }
  }
}
