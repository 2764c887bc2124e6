// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// Whole JPEG images (ISO/IEC 10918-1 Annex B): parts of `multipart/x-mixed-replace`, uploads.
struct JPEGImages: ContainerReader {
  static let container = Container.jpeg
  static let framings = [MediaFraming.jpegImage]

  /// Images of which a series is made; one image is a picture, not video.
  static let minimumSeries: UInt64 = 2
  /// Marker segments looked at before the frame header.
  private static let maximumSegments = 64

  private(set) var facts = ContainerFacts()
  private(set) var track: MediaTrack? = MediaTrack(codec: .mjpeg)

  init() {}

  static func begins(_ payload: Span<UInt8>) -> Bool { payload.integer24(0) == 0xFFD8FF }

  mutating func read(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    facts.tested &+= 1
    guard Self.begins(payload), let size = Self.size(payload) else {
      track?.count(passed: false)
      return
    }
    facts.passed &+= 1
    if facts.packet == nil {
      facts.packet = unit.packet
      track?.firstPacket = unit.packet
      track?.parameterSetPacket = unit.packet
    }
    track?.count(passed: true)
    track?.pictures &+= 1
    track?.noteKeyFrame(
      unit.packet, number: UInt32(truncatingIfNeeded: facts.passed), time: nil)
    track?.facts.width = size.width
    track?.facts.height = size.height
    facts.saysVideo = facts.passed >= Self.minimumSeries
    facts.isProof = facts.saysVideo
    facts.width = size.width
    facts.height = size.height
    facts.videoCodec = .mjpeg
  }

  /// Width and height of the frame header; nil when none is found before the image data.
  static func size(_ image: Span<UInt8>) -> (width: Int, height: Int)? {
    var offset = 2
    for _ in 0..<maximumSegments {
      guard offset &+ 9 <= image.count, image[offset] == 0xFF else { return nil }
      let marker = image[offset &+ 1]
      if marker == 0xFF {
        offset &+= 1
        continue
      }
      let length = image.integer16(offset &+ 2)
      // SOF0 to SOF15 without DHT (C4), JPG (C8) and DAC (CC).
      if 0xC0...0xCF ~= marker, marker != 0xC4, marker != 0xC8, marker != 0xCC {
        let height = image.integer16(offset &+ 5)
        let width = image.integer16(offset &+ 7)
        return width > 0 && height > 0 && length >= 11 ? (width, height) : nil
      }
      guard length >= 2, marker != 0xDA else { return nil }
      offset &+= 2 &+ length
    }
    return nil
  }
}

extension JPEGImages {
  mutating func exchange(with port: inout StatePort) {
    facts.exchange(with: &port)
    port.pass(&track)
  }
}
