// SPDX-License-Identifier: Apache-2.0

import MediaInspection
import PacketDecoding
import ProtocolRecognition

/// Bytes of a hexadecimal text.
func bytes(_ hexadecimal: String) -> [UInt8] {
  var result: [UInt8] = []
  var high: UInt8?
  for character in hexadecimal {
    guard let digit = character.hexDigitValue else { continue }
    if let value = high {
      result.append(value << 4 | UInt8(digit))
      high = nil
    } else {
      high = UInt8(digit)
    }
  }
  return result
}

/// SplitMix64: the same numbers from the same seed, everywhere.
struct SeededGenerator: RandomNumberGenerator {
  private var state: UInt64

  init(seed: UInt64) { state = seed }

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var value = state
    value = (value ^ value >> 30) &* 0xBF58_476D_1CE4_E5B9
    value = (value ^ value >> 27) &* 0x94D0_49BB_1331_11EB
    return value ^ value >> 31
  }

  mutating func bytes(_ count: Int) -> [UInt8] {
    (0..<count).map { _ in UInt8(truncatingIfNeeded: next()) }
  }
}

/// One unit as a test hands it over.
struct SampleUnit {
  var framing = MediaFraming.rtpPayload
  var payload: [UInt8]
  var timestamp: UInt32 = 0
  var isMarked = false
  var followsGap = false
  var subtype: UInt8 = 96
  var seconds = 0.0
}

/// Inspects `units` as one stream and gives the answer.
func inspect(
  _ units: [SampleUnit], hint: Codec? = nil, parameterSets: [[UInt8]] = []
) -> MediaProof? {
  var inspector = MediaInspector()
  if let hint {
    inspector.setCodecHint(hint, forStream: 0)
    for set in parameterSets { inspector.setParameterSets(set.span, codec: hint, forStream: 0) }
  }
  for (index, sample) in units.enumerated() {
    inspector.inspect(mediaUnit(sample, frame: UInt64(index + 1)), sample.payload.span)
  }
  return inspector.proof(ofStream: 0)
}

/// The unit's description, as packet `frame`.
func mediaUnit(_ sample: SampleUnit, frame: UInt64 = 1) -> MediaUnit {
  MediaUnit(
    stream: 0, framing: sample.framing, isLastOfAccessUnit: sample.isMarked,
    followsGap: sample.followsGap, subtype: sample.subtype, timestamp: sample.timestamp,
    packet: PacketReference(file: 0, frame: frame, time: Int64(sample.seconds * 1_000_000_000)))
}

/// Parameter sets and pictures for streams built in code.
///
/// Made with `ffmpeg -f lavfi -i testsrc2=size=1920x1080:rate=25 -c:v libx264 -preset ultrafast`
/// (ffmpeg 5.1, x264 164) and `-c:v libx265 -preset ultrafast` (x265 3.5); ffprobe reads 1920x1080
/// at 25 frames/s from both.
enum MediaSamples {
  static let h264Sequence = bytes("6742c028da01e0089f97011000000300100000030320f1832a")
  static let h264Picture = bytes("68ce0fc8")
  static let h265Video = bytes("40010c01ffff016000000300900000030000030078959409")
  static let h265Sequence = bytes(
    "420101016000000300900000030000030078a003c0801107cb965654a4c2f0168080000003008000000c84")
  static let h265Picture = bytes("4401c073c189")

  /// An H.264 stream in RTP: `pictures` pictures, a key frame every `interval`, slices of 3000
  /// bytes in fragments of 1000.
  static func h264(pictures: Int, interval: Int = 25, withSets: Bool = true) -> [SampleUnit] {
    var units: [SampleUnit] = []
    var random = SeededGenerator(seed: 264)
    for picture in 0..<pictures {
      let timestamp = UInt32(picture) &* 3600
      let seconds = Double(picture) / 25
      func add(_ payload: [UInt8], marked: Bool = false) {
        units.append(
          SampleUnit(
            payload: payload, timestamp: timestamp, isMarked: marked, seconds: seconds))
      }
      let isKey = picture % interval == 0
      if isKey, withSets {
        add(h264Sequence)
        add(h264Picture)
      }
      let type: UInt8 = isKey ? 5 : 1
      var slice: [UInt8] = [0x88, 0x84]
      slice += random.bytes(2998)
      add([0x7C, 0x80 | type] + slice[0..<1000])
      add([0x7C, type] + slice[1000..<2000])
      add([0x7C, 0x40 | type] + slice[2000...], marked: true)
    }
    return units
  }

  /// An H.265 stream in RTP with parameter sets in an aggregation packet.
  static func h265(pictures: Int, interval: Int = 25, withSets: Bool = true) -> [SampleUnit] {
    var units: [SampleUnit] = []
    var random = SeededGenerator(seed: 265)
    for picture in 0..<pictures {
      let timestamp = UInt32(picture) &* 6000
      let seconds = Double(picture) / 15
      func add(_ payload: [UInt8]) {
        units.append(SampleUnit(payload: payload, timestamp: timestamp, seconds: seconds))
      }
      let isKey = picture % interval == 0
      if isKey, withSets {
        var packet: [UInt8] = [0x60, 0x01]
        for set in [h265Video, h265Sequence, h265Picture] {
          packet += [UInt8(set.count >> 8), UInt8(set.count & 0xFF)] + set
        }
        add(packet)
      }
      let type: UInt8 = isKey ? 19 : 1
      add([0x62, 0x01, 0x80 | type, 0xAF] + random.bytes(999))
      add([0x62, 0x01, type] + random.bytes(1000))
      add([0x62, 0x01, 0x40 | type] + random.bytes(700))
    }
    return units
  }

  /// An Annex B access unit of H.264.
  static func h264AccessUnit(isKey: Bool, size: Int, seed: UInt64 = 1) -> [UInt8] {
    var random = SeededGenerator(seed: seed)
    var result: [UInt8] = [0, 0, 0, 1, 0x09, isKey ? 0x10 : 0x30]
    if isKey { result += [0, 0, 0, 1] + h264Sequence + [0, 0, 0, 1] + h264Picture }
    result += [0, 0, 1, isKey ? 0x65 : 0x41, 0x88, 0x84]
    // No zero bytes, so that no start code stands in the picture by chance.
    result += random.bytes(size).map { $0 | 1 }
    return result
  }

  /// CRC-32/MPEG-2 of `bytes`, by the definition, bit by bit.
  static func crc(_ bytes: [UInt8]) -> [UInt8] {
    var crc: UInt32 = 0xFFFF_FFFF
    for byte in bytes {
      crc ^= UInt32(byte) << 24
      for _ in 0..<8 { crc = crc & 0x8000_0000 != 0 ? crc << 1 ^ 0x04C1_1DB7 : crc << 1 }
    }
    return [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: crc >> UInt32($0)) }
  }

  /// A PES header with a presentation time stamp.
  static func packetHeader(stream: UInt8, length: Int, time: UInt64) -> [UInt8] {
    [0, 0, 1, stream, UInt8(length >> 8 & 0xFF), UInt8(length & 0xFF), 0x80, 0x80, 5]
      + timeStamp(time)
  }

  private static func timeStamp(_ time: UInt64) -> [UInt8] {
    [
      UInt8(truncatingIfNeeded: 0x21 | (time >> 29 & 0xE)), UInt8(truncatingIfNeeded: time >> 22),
      UInt8(truncatingIfNeeded: time >> 14 | 1), UInt8(truncatingIfNeeded: time >> 7),
      UInt8(truncatingIfNeeded: time << 1 | 1),
    ]
  }

  /// A transport packet, stuffed by its adaptation field.
  static func transportPacket(pid: Int, isStart: Bool, payload: [UInt8]) -> [UInt8] {
    var packet: [UInt8] = [0x47, UInt8(pid >> 8) | (isStart ? 0x40 : 0), UInt8(pid & 0xFF)]
    let stuffing = 184 - payload.count
    if stuffing == 0 {
      packet.append(0x10)
    } else {
      packet.append(0x30)
      packet.append(UInt8(stuffing - 1))
      if stuffing > 1 { packet += [0] + [UInt8](repeating: 0xFF, count: stuffing - 2) }
    }
    return packet + payload
  }

  /// A PSI section with its CRC, after a pointer field.
  static func section(table: UInt8, identifier: Int, body: [UInt8]) -> [UInt8] {
    let length = body.count + 9
    var section: [UInt8] = [table, 0xB0 | UInt8(length >> 8), UInt8(length & 0xFF)]
    section += [UInt8(identifier >> 8), UInt8(identifier & 0xFF), 0xC1, 0, 0] + body
    return [0] + section + crc(section)
  }

  /// A transport stream of one program with H.264 (or what `videoType` says) and AAC.
  static func transportStream(
    pictures: Int, videoType: UInt8 = 0x1B, withTables: Bool = true
  ) -> [[UInt8]] {
    var packets: [[UInt8]] = []
    for picture in 0..<pictures {
      if withTables, picture % 10 == 0 {
        packets.append(
          transportPacket(
            pid: 0, isStart: true,
            payload: section(table: 0, identifier: 1, body: [0, 1, 0xF0, 0x00])))
        packets.append(
          transportPacket(
            pid: 0x1000, isStart: true,
            payload: section(
              table: 2, identifier: 1,
              body: [0xE1, 0, 0xF0, 0, videoType, 0xE1, 0, 0xF0, 0, 0x0F, 0xE1, 1, 0xF0, 0])))
      }
      let unit = h264AccessUnit(isKey: picture % 25 == 0, size: 2000, seed: UInt64(picture))
      let data = packetHeader(stream: 0xE0, length: 0, time: UInt64(picture) * 3600) + unit
      for offset in stride(from: 0, to: data.count, by: 184) {
        packets.append(
          transportPacket(
            pid: 0x100, isStart: offset == 0,
            payload: Array(data[offset..<min(offset + 184, data.count)])))
      }
    }
    return packets
  }

  /// A program stream as GB/T 28181 sends it: a pack a picture, a map before key frames.
  static func programStream(
    pictures: Int, videoType: UInt8 = 0x1B, hasRightCRC: Bool = true
  ) -> [[UInt8]] {
    (0..<pictures).map { picture in
      var pack: [UInt8] = bytes("000001BA 4400040004010186A3F8")
      if picture % 25 == 0 {
        pack += bytes("000001BB 000C 80CB11 04E17F E0E080 C0C008")
        var map: [UInt8] = bytes("000001BC 0012 E1FF 0000 0008")
        map += [videoType, 0xE0, 0, 0, 0x90, 0xC0, 0, 0]
        pack += map + (hasRightCRC ? crc(map) : [0x45, 0xBD, 0xDC, 0xF4])
      }
      let unit = h264AccessUnit(isKey: picture % 25 == 0, size: 3000, seed: UInt64(picture))
      pack += packetHeader(
        stream: 0xE0, length: unit.count + 8, time: UInt64(picture) * 3600)
      return pack + unit
    }
  }

  /// `stream` in pieces of `size` bytes.
  static func pieces(
    of stream: [UInt8], size: Int, framing: MediaFraming, subtype: UInt8 = 0
  ) -> [SampleUnit] {
    stride(from: 0, to: stream.count, by: size).map {
      SampleUnit(
        framing: framing, payload: Array(stream[$0..<min($0 + size, stream.count)]),
        subtype: subtype)
    }
  }
}
