// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// Finds the units of a byte stream with start codes 00 00 01 (H.264 and H.265 Annex B, MPEG-2
/// §6.2.1, MPEG-4 part 2 §6.2.1) over any partition of its bytes, and hands each to its codec.
///
/// Only the beginning of a unit is kept, as much as the codec asks for.
struct StartCodeScanner: Sendable {
  /// Units after which a stream that showed no codec is no longer read.
  static let maximumUnitsWithoutCodec: UInt64 = 2000

  private var zeros = 0
  private var unit: [UInt8] = []
  private var limit = 0
  private var isCollecting = false
  private var isWaitingForPicture = true
  private var unitsWithoutCodec: UInt64 = 0
  /// Whether scanning stops after the first picture unit until `begin()`: where a container tells
  /// where pictures begin, the rest of the picture holds nothing wanted.
  var stopsAtPicture: Bool

  init(stopsAtPicture: Bool) { self.stopsAtPicture = stopsAtPicture }

  /// Says that a new access unit begins with the next byte.
  mutating func begin(_ mediaUnit: MediaUnit, _ track: inout MediaTrack?) {
    finishUnit(mediaUnit, &track)
    zeros = 0
    isWaitingForPicture = true
  }

  /// Says that bytes are missing before the next one.
  mutating func noteGap() {
    zeros = 0
    isCollecting = false
  }

  /// Reads the next bytes of the stream.
  mutating func feed(
    _ bytes: Span<UInt8>, _ mediaUnit: MediaUnit, _ track: inout MediaTrack?
  ) {
    if stopsAtPicture, !isWaitingForPicture { return }
    var index = 0
    let end = bytes.count
    while index < end {
      // Outside of units only a start code matters, which begins with a zero.
      if !isCollecting, zeros == 0 {
        guard let zero = bytes.firstIndex(of: 0, ignoring: 0, in: index..<end) else { return }
        index = zero
      }
      let byte = bytes[index]
      index &+= 1
      if byte > 1 {
        zeros = 0
      } else if byte == 0 {
        zeros &+= 1
      } else {
        if zeros >= 2 {
          // The zeros of the start code were kept as well; the codecs ignore trailing zeros.
          finishUnit(mediaUnit, &track)
          if stopsAtPicture, !isWaitingForPicture { return }
          isCollecting = true
          limit = -1
          zeros = 0
          continue
        }
        zeros = 0
      }
      guard isCollecting else { continue }
      if limit < 0 {
        unit.removeAll(keepingCapacity: true)
        limit = Self.collectionLimit(byte, track)
      }
      unit.append(byte)
      if unit.count >= limit {
        finishUnit(mediaUnit, &track)
        if stopsAtPicture, !isWaitingForPicture { return }
      }
    }
  }

  private static func collectionLimit(_ firstByte: UInt8, _ track: MediaTrack?) -> Int {
    guard let track else {
      // Enough to tell the codecs apart and to read any of their parameter sets.
      return max(H264.collectionLimit(firstByte), H265.collectionLimit(firstByte), 64)
    }
    return Codecs.reader(of: track.codec)?.collectionLimit(firstByte) ?? 16
  }

  /// Hands the collected unit to its codec.
  private mutating func finishUnit(_ mediaUnit: MediaUnit, _ track: inout MediaTrack?) {
    guard isCollecting else { return }
    isCollecting = false
    guard limit >= 0, !unit.isEmpty else { return }
    if track == nil {
      unitsWithoutCodec &+= 1
      guard unitsWithoutCodec <= Self.maximumUnitsWithoutCodec,
        let codec = Self.codec(ofUnit: unit.span)
      else { return }
      track = MediaTrack(codec: codec)
    }
    guard let reader = Codecs.reader(of: track?.codec ?? .h264) else { return }
    if track?.firstPacket == nil { track?.firstPacket = mediaUnit.packet }
    let reading = track?.read(unit.span, mediaUnit, reader) ?? []
    if reading.contains(.picture) { isWaitingForPicture = false }
  }

  /// The codec that a unit shows by its first bytes, nil for units that several codecs have.
  static func codec(ofUnit unit: Span<UInt8>) -> Codec? {
    guard unit.count >= 4 else { return nil }
    let first = unit[0]
    switch first {
    case 0xB3: return .mpeg2video
    case 0xB0: return .mpeg4
    case 0x40, 0x42, 0x44, 0x46:
      // VPS, SPS, PPS, access unit delimiter of layer 0 and TID 1 (camera-protocols.md A6).
      return unit[1] == 1 ? .h265 : nil
    case 0x20...0x2F where first & 0x1F != 7 && first & 0x1F != 8:
      return nil
    default:
      break
    }
    if first & 0x9F == 7, H264.sequenceParameterSet(unit.part(from: 1)) != nil { return .h264 }
    if first == 9, unit[1] & 0x1F == 0x10 { return .h264 }
    return nil
  }
}

extension StartCodeScanner: StorableState {
  mutating func exchange(with port: inout StatePort) {
    port.pass(&zeros)
    port.pass(&limit)
    port.pass(&isCollecting)
    port.pass(&isWaitingForPicture)
    port.pass(&unitsWithoutCodec)
    port.pass(&stopsAtPicture)
    // Of a unit that is whole nothing is wanted any more.
    if !isCollecting { unit = [] }
    port.pass(&unit)
  }
}
