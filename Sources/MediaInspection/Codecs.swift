// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// Reads the units of one codec; one file in Codecs/ each.
protocol CodecReader: SendableMetatype {
  /// The codec read.
  static var codec: Codec { get }
  /// Whether the form alone can show the codec; the others are read only when signalling names them.
  static var isDetectable: Bool { get }
  /// Reads one RTP payload of the codec's payload format; false when it cannot be one.
  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool
  /// Reads one unit of the elementary stream, start code or length removed, perhaps cut to
  /// `collectionLimit` bytes.
  static func readUnit(
    _ unit: Span<UInt8>, _ mediaUnit: MediaUnit, _ track: inout MediaTrack
  ) -> UnitReading
  /// Type of a unit of the elementary stream by its first byte, below 64.
  static func unitType(_ firstByte: UInt8) -> UInt8
  /// How many bytes of a unit that begins with `firstByte` must be kept to read it.
  static func collectionLimit(_ firstByte: UInt8) -> Int
  /// Whether a unit begins the second field of a frame, which is no picture of its own.
  static func isSecondField(_ unit: Span<UInt8>, _ track: MediaTrack) -> Bool
  /// Reads a decoder configuration record (avcC, hvcC, av1C) and gives the size of NAL lengths.
  static func readConfiguration(
    _ record: Span<UInt8>, _ unit: MediaUnit, _ track: inout MediaTrack
  ) -> Int?
  /// Whether what was read shows the codec, without any signalling.
  static func isConvincing(_ track: MediaTrack) -> Bool
  /// Profile in words, empty when unknown.
  static func profileText(_ facts: PictureFacts) -> String
  /// Level in words, empty when unknown.
  static func levelText(_ facts: PictureFacts) -> String
}

extension CodecReader {
  static var isDetectable: Bool { true }
  static func readPayload(
    _ payload: Span<UInt8>, _ unit: MediaUnit, startsTimestamp: Bool, _ track: inout MediaTrack
  ) -> Bool { false }
  static func readUnit(
    _ unit: Span<UInt8>, _ mediaUnit: MediaUnit, _ track: inout MediaTrack
  ) -> UnitReading { [] }
  static func collectionLimit(_ firstByte: UInt8) -> Int { 16 }
  static func unitType(_ firstByte: UInt8) -> UInt8 { firstByte & 0x1F }
  static func isSecondField(_ unit: Span<UInt8>, _ track: MediaTrack) -> Bool { false }
  static func readConfiguration(
    _ record: Span<UInt8>, _ unit: MediaUnit, _ track: inout MediaTrack
  ) -> Int? { nil }
  static func profileText(_ facts: PictureFacts) -> String { "" }
  static func levelText(_ facts: PictureFacts) -> String { "" }
}

/// The codecs that are read, in the order in which they are tried (classifier.md 3.2 rule 6).
enum Codecs {
  static let table: [any CodecReader.Type] = [
    MotionJPEG.self,
    H265.self,
    H264.self,
    MPEG4Part2.self,
    MPEG2Video.self,
    VP8.self,
    VP9.self,
    AV1.self,
    JPEGXS.self,
    H263.self,
    UncompressedVideo.self,
  ]

  /// The reader of `codec`, nil for codecs that are only named.
  static func reader(of codec: Codec) -> (any CodecReader.Type)? {
    if codec == .mpeg1video { return MPEG2Video.self }
    return table.first { $0.codec == codec }
  }
}

extension MediaTrack {
  /// Reads one unit without counting it.
  mutating func readWithoutCounting(
    _ unit: Span<UInt8>, _ mediaUnit: MediaUnit, _ reader: any CodecReader.Type
  ) -> UnitReading { reader.readUnit(unit, mediaUnit, &self) }

  /// Reads a decoder configuration record; gives the size of NAL lengths.
  mutating func readConfiguration(
    _ record: Span<UInt8>, _ mediaUnit: MediaUnit, _ reader: any CodecReader.Type
  ) -> Int? {
    firstPacket = firstPacket ?? mediaUnit.packet
    return reader.readConfiguration(record, mediaUnit, &self)
  }

  /// Reads one unit of the elementary stream and counts it.
  mutating func read(
    _ unit: Span<UInt8>, _ mediaUnit: MediaUnit, _ reader: any CodecReader.Type
  ) -> UnitReading {
    let reading = reader.readUnit(unit, mediaUnit, &self)
    let isPlausible = reading.contains(.plausible)
    count(passed: isPlausible)
    if isPlausible { unitTypes |= 1 &<< UInt64(reader.unitType(unit.byte(0)) & 0x3F) }
    if reading.contains(.firstOfPicture), !reader.isSecondField(unit, self) { countPicture() }
    if reading.contains(.keyFrame) {
      // A message before a picture and the slices of the picture are one key frame.
      let picture = reading.contains(.picture) ? pictures : pictures &+ 1
      noteKeyFrame(
        mediaUnit.packet, number: UInt32(truncatingIfNeeded: picture),
        time: pictureTime(isNext: !reading.contains(.picture)))
    }
    return reading
  }
}
