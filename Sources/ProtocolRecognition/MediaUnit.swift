// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// How the bytes of a media unit are framed; tells MediaInspection which container or payload
/// format to read.
package enum MediaFraming: UInt8, Sendable, BitwiseCopyable {
  /// The payload of one RTP packet (RFC 3550 §5.1), header, CSRC, extension and padding removed.
  case rtpPayload
  /// Whole 188-byte MPEG transport stream packets (ISO/IEC 13818-1 §2.4.3.2).
  case transportStream
  /// A run of bytes of an MPEG program stream (ISO/IEC 13818-1 §2.5), in order, of any length.
  case programStream
  /// The body of one FLV or RTMP audio (8) or video (9) message; `subtype` holds the type.
  case flvTag
  /// A run of bytes of an ISO base media file (fMP4), in order, of any length.
  case isoBaseMedia
  /// One whole JPEG image, or its beginning.
  case jpegImage
  /// A run of bytes of a Dahua DHAV stream, in order, of any length.
  case dhav
  /// A run of bytes of an H.264 or H.265 byte stream with start codes (Annex B).
  case annexB
  /// One datagram of a GigE Vision stream; `timestamp` holds its length on the wire.
  case gigEVision
}

/// A piece of media that a recognizer found in a flow, to be proved by its bitstream.
package struct MediaUnit: Sendable, BitwiseCopyable {
  /// Index of the media stream within its shard, dense from 0, given out by the recognizer.
  package var stream: UInt32
  /// How the bytes are framed.
  package var framing: MediaFraming
  /// The RTP marker bit, or the end of an access unit where the framing tells it.
  package var isLastOfAccessUnit: Bool
  /// Whether bytes or packets are missing directly before this unit.
  package var followsGap: Bool
  /// Framing-specific: RTP payload type, FLV message type.
  package var subtype: UInt8
  /// The RTP timestamp or the framing's own, in units of the stream's clock.
  package var timestamp: UInt32
  /// The packet that holds the (last byte of the) unit.
  package var packet: PacketReference

  /// Makes a unit of a stream.
  package init(
    stream: UInt32, framing: MediaFraming, isLastOfAccessUnit: Bool = false,
    followsGap: Bool = false, subtype: UInt8 = 0, timestamp: UInt32 = 0, packet: PacketReference
  ) {
    self.stream = stream
    self.framing = framing
    self.isLastOfAccessUnit = isLastOfAccessUnit
    self.followsGap = followsGap
    self.subtype = subtype
    self.timestamp = timestamp
    self.packet = packet
  }
}
