// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import ProtocolRecognition

/// Pictures of GigE Vision (GVSP): a leader that states the size, packets that count on, a trailer.
///
/// Pictures are uncompressed, so that the bytes between leader and trailer must be those of width,
/// height and pixel format: no other traffic has that.
struct GigEVision: ContainerReader {
  static let container = Container.gvsp
  static let framings = [MediaFraming.gigEVision]

  /// Whole pictures after which video is proved: one is a picture.
  static let minimumPictures: UInt64 = 2

  private(set) var facts = ContainerFacts()
  private(set) var track: MediaTrack?

  private var block: UInt64 = 0
  private var next: UInt32 = 0
  private var image: GigEVisionPacket.Image?
  /// Bytes of the picture so far, by the lengths on the wire.
  private var received = 0
  private var pictures: UInt64 = 0
  private var wholePictures: UInt64 = 0
  private var firstTime: Int64 = 0

  init() {}

  static func begins(_ payload: Span<UInt8>) -> Bool { GigEVisionPacket(payload) != nil }

  /// Reads one datagram; `timestamp` is its length on the wire.
  mutating func read(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    facts.tested &+= 1
    guard let packet = GigEVisionPacket(payload) else { return }
    switch packet.format {
    case .leader:
      guard let image = packet.image(payload) else { return }
      begin(image, packet, unit)
    case .payload, .trailer:
      // What was lost or is sent again makes a picture that is not whole, and no error.
      guard packet.block == block, packet.number == next else {
        image = nil
        if packet.block == block { facts.passed &+= 1 }
        return
      }
      next &+= 1
      if packet.format == .payload {
        received &+= max(0, Int(unit.timestamp) &- packet.headerLength)
      } else {
        end()
      }
    }
    facts.passed &+= 1
  }

  private mutating func begin(
    _ image: GigEVisionPacket.Image, _ packet: GigEVisionPacket, _ unit: MediaUnit
  ) {
    self.image = image
    block = packet.block
    next = 1
    received = 0
    facts.width = image.width
    facts.height = image.height
    facts.videoCodec = .raw
    if facts.packet == nil { facts.packet = unit.packet }
    if pictures == 0 { firstTime = unit.packet.time }
    pictures &+= 1
    // The device's clock may run at any rate: pictures are timed as they were captured.
    let elapsed = Double(max(0, unit.packet.time &- firstTime)) / 1e9
    if elapsed < 40_000 {
      facts.note(presentationTime: UInt64(elapsed * 90_000), &track)
    }
  }

  private mutating func end() {
    // The last packet may be filled up.
    guard let image, received >= image.byteCount, received &- image.byteCount < 65_536 else {
      return
    }
    wholePictures &+= 1
    facts.saysVideo = wholePictures >= Self.minimumPictures
    facts.isProof = facts.saysVideo
  }
}

extension GigEVision {
  mutating func exchange(with port: inout StatePort) {
    facts.exchange(with: &port)
    port.pass(&track)
    port.pass(&block)
    port.pass(&next)
    port.pass(&image, from: GigEVisionPacket.Image(width: 0, height: 0, byteCount: 0)) {
      $1.pass(&$0.width)
      $1.pass(&$0.height)
      $1.pass(&$0.byteCount)
    }
    port.pass(&received)
    port.pass(&pictures)
    port.pass(&wholePictures)
    port.pass(&firstTime)
  }
}
