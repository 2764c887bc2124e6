// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// MPEG transport stream (ISO/IEC 13818-1 §2.4): sync bytes, program tables with their CRC, the
/// first video stream.
///
/// ```
/// +--------+-+-+-+-------------+--+--+----+
/// |  0x47  |E|S|P|     PID     |SC|AF| CC |
/// +--------+-+-+-+-------------+--+--+----+
/// ```
struct TransportStream: ContainerReader {
  static let container = Container.mpegts
  static let framings = [MediaFraming.transportStream, .rtpPayload]

  /// Bytes of a transport packet.
  static let packetLength = 188
  /// Sync bytes in a row that make a transport stream (classifier.md 3.2, other protocol proof).
  static let minimumStrides: UInt64 = 5
  /// Program map PIDs followed; a camera has one program, a broadcast multiplex some dozens.
  private static let maximumPrograms = 32
  /// A section has at most 1024 bytes (§2.4.4.1).
  private static let maximumSection = 1024
  private static let nullPID = 0x1FFF

  private(set) var facts = ContainerFacts()
  private(set) var track: MediaTrack?

  private var scanner = StartCodeScanner(stopsAtPicture: false)
  private var programMapPIDs: [Int] = []
  private var videoPID = -1
  private var hasProgramMapVideo = false
  private var section: [UInt8] = []
  private var sectionPID = -1
  private var lastTableCRC: [Int] = []

  init() {}

  static func begins(_ payload: Span<UInt8>) -> Bool {
    guard payload.count >= packetLength, payload.count % packetLength == 0 else { return false }
    var offset = 0
    while offset < payload.count {
      guard payload[offset] == 0x47, payload[offset &+ 1] & 0x80 == 0,
        payload[offset &+ 3] & 0x30 != 0
      else { return false }
      offset &+= packetLength
    }
    return true
  }

  mutating func read(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    if unit.followsGap {
      section.removeAll(keepingCapacity: true)
      sectionPID = -1
      scanner.noteGap()
    }
    var offset = 0
    while offset &+ Self.packetLength <= payload.count {
      let isSynchronized = payload[offset] == 0x47
      facts.tested &+= 1
      if isSynchronized {
        facts.passed &+= 1
        readPacket(payload.part(offset, offset &+ Self.packetLength), unit)
      }
      offset &+= Self.packetLength
    }
    if facts.packet == nil { facts.packet = unit.packet }
  }

  private mutating func readPacket(_ packet: Span<UInt8>, _ unit: MediaUnit) {
    let pid = packet.integer16(1) & 0x1FFF
    // Transport error, no payload, or nothing inside.
    guard packet[1] & 0x80 == 0, packet[3] & 0x10 != 0, pid != Self.nullPID else { return }
    if packet[3] & 0xC0 != 0 {
      facts.isScrambled = true
      return
    }
    let start = packet[3] & 0x20 != 0 ? 5 &+ Int(packet[4]) : 4
    guard start < packet.count else { return }
    let isStart = packet[1] & 0x40 != 0
    if pid == videoPID {
      readVideo(packet.part(from: start), unit, isStart)
    } else if pid == 0 || programMapPIDs.contains(pid) {
      readSection(packet.part(from: start), pid, isStart, unit)
    } else if videoPID < 0, isStart {
      // Without a program map the first PES with a video stream_id is followed.
      if let header = PacketizedElementaryStream(packet.part(from: start)), header.isVideo {
        videoPID = pid
        facts.saysVideo = true
        readVideo(packet.part(from: start), unit, isStart)
      }
    }
  }

  private mutating func readVideo(_ payload: Span<UInt8>, _ unit: MediaUnit, _ isStart: Bool) {
    guard isStart else {
      scanner.feed(payload, unit, &track)
      return
    }
    guard let header = PacketizedElementaryStream(payload) else { return }
    if header.isScrambled { facts.isScrambled = true }
    if let time = header.presentationTime { facts.note(presentationTime: time, &track) }
    if facts.stampsEveryPicture {
      scanner.stopsAtPicture = true
      scanner.begin(unit, &track)
    }
    scanner.feed(payload.part(from: header.payloadOffset), unit, &track)
  }

  private mutating func readSection(
    _ payload: Span<UInt8>, _ pid: Int, _ isStart: Bool, _ unit: MediaUnit
  ) {
    if isStart {
      let pointer = Int(payload.byte(0))
      if sectionPID == pid, pointer > 0 {
        section.append(payload.part(1, 1 &+ pointer), limit: Self.maximumSection &- section.count)
        finishSection(pid, unit)
      }
      section.removeAll(keepingCapacity: true)
      sectionPID = pid
      section.append(payload.part(from: 1 &+ pointer), limit: Self.maximumSection)
      finishSection(pid, unit)
    } else if sectionPID == pid {
      section.append(payload, limit: Self.maximumSection &- section.count)
      finishSection(pid, unit)
    }
  }

  /// Reads the table in `section` once it is whole; more sections may follow it.
  private mutating func finishSection(_ pid: Int, _ unit: MediaUnit) {
    while section.count >= 3, section[0] != 0xFF {
      let length = 3 &+ (Int(section[1] & 0xF) << 8 | Int(section[2]))
      guard length <= Self.maximumSection else {
        section.removeAll(keepingCapacity: true)
        sectionPID = -1
        return
      }
      guard section.count >= length else { return }
      if length >= 12 {
        let crc = section.span.integer32(length &- 4)
        // A table that came before with the same CRC was read already.
        if !lastTableCRC.contains(crc) { readTable(length, pid, crc, unit) }
      }
      section.removeFirst(length)
    }
    if section.first == 0xFF { sectionPID = -1 }
  }

  private mutating func readTable(_ length: Int, _ pid: Int, _ crc: Int, _ unit: MediaUnit) {
    let kind = section[0]
    guard kind == (pid == 0 ? 0 : 2) else { return }
    let isIntact = CRC32MPEG.remainder(section.span.part(0, length)) == 0
    guard isIntact else {
      if kind == 2, facts.hasValidProgramMap == nil { facts.hasValidProgramMap = false }
      return
    }
    if lastTableCRC.count < Self.maximumPrograms &+ 1 { lastTableCRC.append(crc) }
    if kind == 0 {
      var offset = 8
      while offset &+ 8 <= length {
        let program = section.span.integer16(offset)
        let mapPID = section.span.integer16(offset &+ 2) & 0x1FFF
        if program != 0, programMapPIDs.count < Self.maximumPrograms,
          !programMapPIDs.contains(mapPID)
        {
          programMapPIDs.append(mapPID)
        }
        offset &+= 4
      }
    } else {
      readProgramMap(length)
      facts.hasValidProgramMap = true
      facts.packet = unit.packet
    }
  }

  private mutating func readProgramMap(_ length: Int) {
    var offset = 12 &+ (section.span.integer16(10) & 0xFFF)
    while offset &+ 9 <= length {
      let type = section[offset]
      let pid = section.span.integer16(offset &+ 1) & 0x1FFF
      if facts.streamTypes.count < ContainerFacts.maximumStreamTypes {
        facts.streamTypes.append(type)
      }
      if let codec = StreamTypes.codec(type) {
        if codec.kind == .audio {
          if facts.audioCodec == nil { facts.audioCodec = codec }
        } else if !hasProgramMapVideo {
          hasProgramMapVideo = true
          facts.saysVideo = true
          facts.videoCodec = codec
          facts.isProof = StreamTypes.standardVideo.contains(type)
          if videoPID != pid {
            videoPID = pid
            track = nil
            scanner = StartCodeScanner(stopsAtPicture: false)
          }
          if track == nil, Codecs.reader(of: codec) != nil { track = MediaTrack(codec: codec) }
        }
      }
      offset &+= 5 &+ (section.span.integer16(offset &+ 3) & 0xFFF)
    }
  }
}

extension TransportStream {
  mutating func exchange(with port: inout StatePort) {
    facts.exchange(with: &port)
    port.pass(&track)
    scanner.exchange(with: &port)
    port.pass(&programMapPIDs, from: 0) { $1.pass(&$0) }
    port.pass(&videoPID)
    port.pass(&hasProgramMapVideo)
    port.pass(&section)
    port.pass(&sectionPID)
    port.pass(&lastTableCRC, from: 0) { $1.pass(&$0) }
  }
}
