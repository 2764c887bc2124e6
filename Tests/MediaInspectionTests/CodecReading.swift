// SPDX-License-Identifier: Apache-2.0

import ProtocolRecognition

@testable import MediaInspection

/// Spans cannot pass through `#expect`: these take arrays.
extension CodecReader {
  /// Reads one payload that starts a timestamp.
  static func reads(_ payload: [UInt8], _ track: inout MediaTrack) -> Bool {
    let unit = mediaUnit(SampleUnit(payload: payload))
    return readPayload(payload.span, unit, startsTimestamp: true, &track)
  }

  /// Reads a decoder configuration record.
  static func configure(_ record: [UInt8], _ track: inout MediaTrack) -> Int? {
    readConfiguration(record.span, mediaUnit(SampleUnit(payload: record)), &track)
  }
}

/// Reads an H.264 sequence parameter set with its NAL header.
func h264Facts(_ unit: [UInt8]) -> PictureFacts? {
  H264.sequenceParameterSet(unit.span.part(from: 1))
}

/// Reads an H.265 sequence parameter set with its NAL header.
func h265Facts(_ unit: [UInt8]) -> PictureFacts? {
  H265.sequenceParameterSet(unit.span.part(from: 2))
}

/// CRC-32/MPEG-2 of an array.
func remainder(_ data: [UInt8]) -> UInt32 { CRC32MPEG.remainder(data.span) }
