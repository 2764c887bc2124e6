// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// MPEG program stream (ISO/IEC 13818-1 §2.5): packs, program stream map, packets of elementary
/// streams.
///
/// GB/T 28181 and Hikvision send it in RTP and on connections of their own.
///
/// Bytes come in runs of any length; every part begins with 00 00 01 and a stream_id.
struct ProgramStream: ContainerReader {
  static let container = Container.mpegps
  static let framings = [MediaFraming.programStream, .rtpPayload]

  /// A program stream map has at most 1018 bytes after its length (§2.5.4.2).
  private static let maximumMap = 1024
  /// Parts in place after which the chain of their lengths is proof of the container; a chance
  /// start code is one in 2^24 bytes.
  private static let minimumParts: UInt64 = 7
  private static let packStart: UInt8 = 0xBA

  private(set) var facts = ContainerFacts()
  private(set) var track: MediaTrack?

  private var scanner = StartCodeScanner(stopsAtPicture: false)
  private var window: UInt32 = 0xFFFF_FFFF
  private var header: [UInt8] = []
  private var needed = 0
  private var remaining = 0
  private var isVideoPayload = false
  private var isInSync = false
  private var needsPack = true
  private var skipped = 0
  private var lastTime: UInt64?
  private var mapFingerprint: UInt64 = 0
  private var packs: UInt64 = 0
  private var videoPackets: UInt64 = 0

  init() {}

  static func begins(_ payload: Span<UInt8>) -> Bool {
    let data = payload.part(from: prefixLength(payload))
    return data.integer32(0) == 0x1BA && data.byte(4) & 0xC4 == 0x44
  }

  /// Hikvision's local stream puts 1C 80 (first) or 1C 00 (further) before each piece; it looks
  /// like an H.264 FU-A of type 0 (camera-protocols.md B1).
  private static func prefixLength(_ payload: Span<UInt8>) -> Int {
    payload.byte(0) == 0x1C && payload.byte(1) & 0x7F == 0 && payload.count > 2 ? 2 : 0
  }

  mutating func read(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    var offset = unit.framing == .rtpPayload ? Self.prefixLength(payload) : 0
    if unit.followsGap { resynchronize() }
    while offset < payload.count {
      if remaining > 0 {
        let taken = min(remaining, payload.count &- offset)
        if isVideoPayload {
          scanner.feed(payload.part(offset, offset &+ taken), unit, &track)
        }
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

  private mutating func resynchronize() {
    header.removeAll(keepingCapacity: true)
    remaining = 0
    needsPack = true
    isInSync = false
    window = 0xFFFF_FFFF
    scanner.noteGap()
  }

  /// Looks for the next start code of a system part; right after a part it must follow at once.
  private mutating func search(_ byte: UInt8) {
    window = window &<< 8 | UInt32(byte)
    skipped &+= 1
    if window & 0xFFFF_FF00 == 0x100, byte >= 0xB9, !needsPack || byte == Self.packStart {
      skipped = 0
      needsPack = false
      if byte == 0xB9 { return }
      header.append(0)
      header.append(0)
      header.append(1)
      header.append(byte)
      needed = byte == Self.packStart ? 14 : Self.hasPacketHeader(byte) ? 9 : 6
    } else if isInSync, skipped > 4, byte != 0 {
      facts.tested &+= 1
      isInSync = false
      needsPack = true
    }
  }

  private static func hasPacketHeader(_ identifier: UInt8) -> Bool {
    identifier == 0xBD || 0xC0...0xEF ~= identifier
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
    let identifier = bytes[3]
    let length = bytes.integer16(4)
    isVideoPayload = false
    if identifier == Self.packStart {
      // Marker bits of an MPEG-2 pack header (§2.5.3.3).
      let isRight =
        bytes[4] & 0xC4 == 0x44 && bytes[6] & 4 == 4 && bytes[8] & 4 == 4 && bytes[9] & 1 == 1
        && bytes[12] & 3 == 3
      remaining = Int(bytes[13] & 7)
      packs &+= isRight ? 1 : 0
      accept(isRight, unit)
    } else if Self.hasPacketHeader(identifier) {
      let headerLength = 9 &+ Int(bytes[8])
      guard bytes[6] & 0xC0 == 0x80, length &+ 6 >= headerLength else {
        accept(false, unit)
        return true
      }
      if bytes.count < headerLength {
        needed = headerLength
        return false
      }
      remaining = length &+ 6 &- headerLength
      if 0xE0...0xEF ~= identifier { beginVideo(bytes) }
      accept(true, unit)
    } else if identifier == 0xBC {
      guard length &+ 6 <= Self.maximumMap else {
        accept(false, unit)
        return true
      }
      if bytes.count < length &+ 6 {
        needed = length &+ 6
        return false
      }
      readMap(bytes)
      accept(true, unit)
    } else {
      remaining = length
      accept(true, unit)
    }
    return true
  }

  /// Counts a part and goes on after it.
  private mutating func accept(_ isRight: Bool, _ unit: MediaUnit) {
    facts.tested &+= 1
    window = 0xFFFF_FFFF
    skipped = 0
    guard isRight else {
      remaining = 0
      isInSync = false
      needsPack = true
      return
    }
    facts.passed &+= 1
    isInSync = true
    if facts.packet == nil { facts.packet = unit.packet }
    facts.isProof = packs >= 2 && videoPackets >= 2 && facts.passed >= Self.minimumParts
  }

  private mutating func beginVideo(_ bytes: Span<UInt8>) {
    isVideoPayload = true
    videoPackets &+= 1
    facts.saysVideo = true
    guard let packet = PacketizedElementaryStream(bytes) else { return }
    if packet.isScrambled { facts.isScrambled = true }
    if let time = packet.presentationTime, time != lastTime {
      facts.note(presentationTime: time, &track)
      lastTime = time
    }
  }

  /// Program stream map (§2.5.4.1).
  ///
  /// Some cameras write a wrong CRC; the types are taken anyway.
  private mutating func readMap(_ bytes: Span<UInt8>) {
    let fingerprint = bytes.fingerprint()
    guard fingerprint != mapFingerprint else { return }
    mapFingerprint = fingerprint
    facts.hasValidProgramMap = CRC32MPEG.remainder(bytes) == 0
    facts.streamTypes.removeAll(keepingCapacity: true)
    facts.videoCodec = nil
    var offset = 10 &+ bytes.integer16(8)
    let end = min(offset &+ 2 &+ bytes.integer16(offset), bytes.count &- 4)
    offset &+= 2
    while offset &+ 4 <= end {
      let type = bytes[offset]
      if facts.streamTypes.count < ContainerFacts.maximumStreamTypes {
        facts.streamTypes.append(type)
      }
      if let codec = StreamTypes.codec(type) {
        if codec.kind == .audio {
          facts.audioCodec = codec
        } else if facts.videoCodec == nil {
          facts.videoCodec = codec
          facts.saysVideo = true
          if Codecs.reader(of: codec) != nil, track?.codec != codec {
            track = MediaTrack(codec: codec)
          }
        }
      }
      offset &+= 4 &+ bytes.integer16(offset &+ 2)
    }
  }
}

extension ProgramStream {
  mutating func exchange(with port: inout StatePort) {
    facts.exchange(with: &port)
    port.pass(&track)
    scanner.exchange(with: &port)
    port.pass(&window)
    port.pass(&header)
    port.pass(&needed)
    port.pass(&remaining)
    port.pass(&isVideoPayload)
    port.pass(&isInSync)
    port.pass(&needsPack)
    port.pass(&skipped)
    port.pass(&lastTime)
    port.pass(&mapFingerprint)
    port.pass(&packs)
    port.pass(&videoPackets)
  }
}
