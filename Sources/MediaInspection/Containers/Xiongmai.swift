// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// Xiongmai frames inside messages 1412 and 1426 (reference/camera-protocols.md B3): FC key picture,
/// FD picture, FE image, FA sound, F9 information.
///
/// ```
/// 00 00 01 FC | codec, frame rate, width/8, height/8 | date 32 LE | length 32 LE | data
/// 00 00 01 FD | length 32 LE | data
/// 00 00 01 FA | codec, rate, length 16 LE | data
/// ```
struct Xiongmai: ContainerReader {
  static let container = Container.xiongmai
  static let framings = [MediaFraming.programStream, .annexB]

  /// Frames whose lengths chain before the container counts as proved.
  private static let minimumFrames: UInt64 = 3

  private(set) var facts = ContainerFacts()
  private(set) var track: MediaTrack?

  private var scanner = StartCodeScanner(stopsAtPicture: true)
  private var window: UInt32 = 0xFFFF_FFFF
  private var header: [UInt8] = []
  private var needed = 0
  private var remaining = 0
  private var isVideo = false
  private var isInSync = false
  private var skipped = 0
  private var videoFrames: UInt64 = 0

  init() {}

  static func begins(_ payload: Span<UInt8>) -> Bool {
    guard payload.integer24(0) == 1 else { return false }
    switch payload.byte(3) {
    case 0xFC: return 1...3 ~= payload.byte(4) && payload.byte(6) > 0 && payload.byte(7) > 0
    case 0xFD: return payload.integer32(8) == 1 || payload.integer24(8) == 1
    default: return false
    }
  }

  mutating func read(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    if unit.followsGap {
      header.removeAll(keepingCapacity: true)
      remaining = 0
      isInSync = false
      window = 0xFFFF_FFFF
      scanner.noteGap()
    }
    var offset = 0
    while offset < payload.count {
      if remaining > 0 {
        let taken = min(remaining, payload.count &- offset)
        if isVideo { scanner.feed(payload.part(offset, offset &+ taken), unit, &track) }
        remaining &-= taken
        offset &+= taken
        continue
      }
      let byte = payload[offset]
      offset &+= 1
      if header.isEmpty {
        search(byte)
      } else {
        header.append(byte)
        if header.count >= needed { finishHeader(unit) }
      }
    }
  }

  private mutating func search(_ byte: UInt8) {
    window = window &<< 8 | UInt32(byte)
    skipped &+= 1
    if window & 0xFFFF_FF00 == 0x100, 0xF9...0xFE ~= byte, byte != 0xFB {
      for part: UInt8 in [0, 0, 1, byte] { header.append(part) }
      needed = byte == 0xFC || byte == 0xFE ? 16 : 8
    } else if isInSync, skipped > 4 {
      facts.tested &+= 1
      isInSync = false
    }
  }

  private mutating func finishHeader(_ unit: MediaUnit) {
    // Taken out while it is read, so that reading may change everything else.
    var taken: [UInt8] = []
    swap(&taken, &header)
    if readHeader(taken.span, unit) { taken.removeAll(keepingCapacity: true) }
    swap(&taken, &header)
  }

  /// Reads a part's header; false when more of its bytes are needed.
  private mutating func readHeader(_ bytes: Span<UInt8>, _ unit: MediaUnit) -> Bool {
    let type = bytes[3]
    isVideo = type == 0xFC || type == 0xFD
    switch type {
    case 0xFC:
      remaining = bytes.littleInteger32(12)
      facts.framesPerSecond = Double(bytes[5])
      facts.width = Int(bytes[6]) &* 8
      facts.height = Int(bytes[7]) &* 8
      if let codec = Self.videoCodec(bytes[4]) {
        facts.videoCodec = codec
        if track == nil, Codecs.reader(of: codec) != nil { track = MediaTrack(codec: codec) }
      }
    case 0xFE: remaining = bytes.littleInteger32(12)
    case 0xFD: remaining = bytes.littleInteger32(4)
    default: remaining = bytes.littleInteger16(6)
    }
    if type == 0xFA { facts.audioCodec = bytes[4] == 0x0E ? .g711a : nil }
    window = 0xFFFF_FFFF
    skipped = 0
    facts.tested &+= 1
    guard remaining < 1 << 24 else {
      remaining = 0
      isInSync = false
      return true
    }
    facts.passed &+= 1
    isInSync = true
    if facts.packet == nil { facts.packet = unit.packet }
    if isVideo {
      videoFrames &+= 1
      facts.saysVideo = true
      facts.isProof = videoFrames >= Self.minimumFrames && facts.videoCodec != nil
      scanner.begin(unit, &track)
    }
    return true
  }

  private static func videoCodec(_ number: UInt8) -> Codec? {
    switch number {
    case 1: .mpeg4
    case 2: .h264
    case 3: .h265
    default: nil
    }
  }
}

extension Xiongmai {
  mutating func exchange(with port: inout StatePort) {
    facts.exchange(with: &port)
    port.pass(&track)
    scanner.exchange(with: &port)
    port.pass(&window)
    port.pass(&header)
    port.pass(&needed)
    port.pass(&remaining)
    port.pass(&isVideo)
    port.pass(&isInSync)
    port.pass(&skipped)
    port.pass(&videoFrames)
  }
}
