// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// ISO base media file (ISO/IEC 14496-12): `moov` names the tracks and, in a file that was finished
/// before it was sent, every sample; in fragmented MP4, as it is streamed, each `moof` names the
/// samples of the `mdat` after it.
struct ISOBaseMedia: ContainerReader {
  static let container = Container.fmp4
  static let framings = [MediaFraming.isoBaseMedia]

  /// Bytes of a `moov` or `moof` that are kept; sample descriptions come before the long tables.
  private static let maximumCollected = 65536
  /// Fragments that show a stream, not a file's chance.
  private static let maximumDepth = 6
  /// Largest box that is passed over; a larger one is taken as damage.
  private static let maximumBox = 1 << 40
  /// Most samples of a film: a day at 1000 a second.
  private static let maximumSamples: UInt64 = 86_400_000

  private(set) var facts = ContainerFacts()
  private(set) var track: MediaTrack?

  private var header: [UInt8] = []
  private var needed = 8
  private var boxType = 0
  private var skipping = 0
  private var collecting = 0
  private var collected: [UInt8] = []
  private var isLost = false
  private var window: UInt64 = 0
  private var videoTrackIdentifier = -1
  private var timescale = 0
  private var sawMovie = false
  private var fragments: UInt64 = 0
  private var samples: UInt64 = 0
  /// Length of all samples so far, in units of `timescale`, and of one by default.
  private var elapsed: UInt64 = 0
  private var defaultDuration = 0

  init() {}

  static func begins(_ payload: Span<UInt8>) -> Bool { isTopLevel(payload.integer32(4)) }

  private static func isTopLevel(_ type: Int) -> Bool {
    switch type {
    case FourCC.ftyp, FourCC.styp, FourCC.moov, FourCC.moof, FourCC.mdat, FourCC.sidx, FourCC.emsg,
      FourCC.free, FourCC.skip, FourCC.prft, FourCC.mfra, FourCC.uuid, FourCC.wide, FourCC.meta,
      FourCC.pdin:
      true
    default: false
    }
  }

  mutating func read(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    if unit.followsGap, skipping == 0 || collecting > 0 {
      isLost = true
      window = 0
      collecting = 0
      skipping = 0
      header.removeAll(keepingCapacity: true)
    }
    var offset = 0
    while offset < payload.count {
      if skipping > 0 {
        let taken = min(skipping, payload.count &- offset)
        if collecting > 0 {
          let kept = min(taken, Self.maximumCollected &- collected.count)
          collected.append(payload.part(offset, offset &+ taken), limit: kept)
        }
        skipping &-= taken
        offset &+= taken
        if skipping == 0, collecting > 0 { finishBox(unit) }
        continue
      }
      let byte = payload[offset]
      offset &+= 1
      if isLost {
        recover(byte, unit)
      } else {
        header.append(byte)
        if header.count >= needed { finishHeader(unit) }
      }
    }
  }

  /// After a gap, looks for the next `moof` or `moov` with a short length.
  private mutating func recover(_ byte: UInt8, _ unit: MediaUnit) {
    window = window &<< 8 | UInt64(byte)
    let type = Int(window & 0xFFFF_FFFF)
    let size = Int(window &>> 32)
    guard type == FourCC.moof || type == FourCC.moov, 16...Self.maximumCollected ~= size else {
      return
    }
    isLost = false
    boxType = type
    begin(size &- 8)
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
    var size = bytes.integer32(0)
    boxType = bytes.integer32(4)
    var headerLength = 8
    if size == 1 {
      if bytes.count < 16 {
        needed = 16
        return false
      }
      headerLength = 16
      size = bytes.integer32(8) < 1 << 20 ? bytes.integer32(8) &<< 32 | bytes.integer32(12) : -1
    }
    needed = 8
    facts.tested &+= 1
    // Size 0 reaches to the end of the file: nothing follows.
    if size == 0 { size = Self.maximumBox }
    guard Self.isTopLevel(boxType), size >= headerLength, size <= Self.maximumBox else {
      isLost = true
      window = 0
      return true
    }
    facts.passed &+= 1
    if facts.packet == nil { facts.packet = unit.packet }
    begin(size &- headerLength)
    return true
  }

  private mutating func begin(_ length: Int) {
    skipping = length
    let isWanted = boxType == FourCC.moov || boxType == FourCC.moof
    collecting = isWanted && length > 0 ? length : 0
    collected.removeAll(keepingCapacity: collecting > 0)
  }

  private mutating func finishBox(_ unit: MediaUnit) {
    collecting = 0
    var bytes: [UInt8] = []
    swap(&bytes, &collected)
    if boxType == FourCC.moov {
      sawMovie = true
      var current = TrackDescription()
      readMovie(bytes.span, 0, &current, unit)
    } else {
      fragments &+= 1
      readFragment(bytes.span, 0, unit)
    }
    facts.isProof = facts.saysVideo && sawMovie && (fragments > 0 || facts.isFinishedFile)
  }

  private struct TrackDescription {
    var identifier = -1
    var timescale = 0
    var isVideo = false
    var duration: UInt64 = 0
  }

  private mutating func readMovie(
    _ bytes: Span<UInt8>, _ depth: Int, _ current: inout TrackDescription, _ unit: MediaUnit
  ) {
    guard depth < Self.maximumDepth else { return }
    var offset = 0
    while offset &+ 8 <= bytes.count {
      let size = bytes.integer32(offset)
      let type = bytes.integer32(offset &+ 4)
      guard size >= 8 else { return }
      let body = bytes.part(offset &+ 8, offset &+ size)
      let isLong = body.byte(0) == 1
      switch type {
      case FourCC.trak:
        current = TrackDescription()
        readMovie(body, depth &+ 1, &current, unit)
      case FourCC.mdia, FourCC.minf, FourCC.stbl, FourCC.mvex:
        readMovie(body, depth &+ 1, &current, unit)
      case FourCC.tkhd:
        current.identifier = body.integer32(isLong ? 20 : 12)
      case FourCC.mdhd:
        current.timescale = body.integer32(isLong ? 20 : 12)
        current.duration =
          isLong
          ? UInt64(body.integer32(24)) &<< 32 | UInt64(body.integer32(28))
          : UInt64(body.integer32(16))
      case FourCC.hdlr:
        current.isVideo = body.integer32(8) == FourCC.vide
      case FourCC.stsd:
        readSampleEntry(body.part(from: 8), current, unit)
      case FourCC.stts where current.isVideo && current.identifier == videoTrackIdentifier:
        readSampleTimes(body, current)
      case FourCC.trex where body.integer32(4) == videoTrackIdentifier:
        defaultDuration = body.integer32(12)
      default:
        break
      }
      offset &+= size
    }
  }

  /// stts (§8.6.1.2): how many samples there are, and how long each is shown; empty in a file whose
  /// samples come in fragments.
  private mutating func readSampleTimes(_ body: Span<UInt8>, _ current: TrackDescription) {
    var count: UInt64 = 0
    var offset = 8
    for _ in 0..<min(body.integer32(4), body.count / 8) {
      count &+= UInt64(body.integer32(offset))
      offset &+= 8
    }
    guard count > 0, count <= Self.maximumSamples, current.timescale > 0, current.duration > 0
    else { return }
    let seconds = Double(current.duration) / Double(current.timescale)
    guard PictureFacts.frameRates.contains(Double(count) / seconds) else { return }
    facts.isFinishedFile = true
    facts.statedSeconds = seconds
    facts.framesPerSecond = Double(count) / seconds
    track?.pictures &+= count
  }

  private mutating func readSampleEntry(
    _ entry: Span<UInt8>, _ current: TrackDescription, _ unit: MediaUnit
  ) {
    let format = entry.integer32(4)
    guard current.isVideo else {
      if facts.audioCodec == nil { facts.audioCodec = FourCC.audioCodec(format) }
      return
    }
    guard videoTrackIdentifier < 0 || videoTrackIdentifier == current.identifier else { return }
    facts.saysVideo = true
    videoTrackIdentifier = current.identifier
    timescale = current.timescale
    // VisualSampleEntry (§12.1.3.2): size at 24 and 26 after the 8 of the box header.
    facts.width = entry.integer16(32)
    facts.height = entry.integer16(34)
    if format == FourCC.encv { facts.isScrambled = true }
    guard let codec = FourCC.videoCodec(format) else { return }
    facts.videoCodec = codec
    var fresh = MediaTrack(codec: codec)
    if let track, track.codec == codec { fresh = track }
    if let reader = Codecs.reader(of: codec) {
      let end = min(entry.count, entry.integer32(0))
      var offset = 86
      while offset &+ 8 <= end {
        let size = entry.integer32(offset)
        guard size >= 8 else { break }
        switch entry.integer32(offset &+ 4) {
        case FourCC.avcC, FourCC.hvcC, FourCC.av1C, FourCC.vpcC:
          _ = fresh.readConfiguration(entry.part(offset &+ 8, offset &+ size), unit, reader)
        default: break
        }
        offset &+= size
      }
    }
    track = fresh
  }

  private mutating func readFragment(_ bytes: Span<UInt8>, _ depth: Int, _ unit: MediaUnit) {
    var offset = 0
    while offset &+ 8 <= bytes.count {
      let size = bytes.integer32(offset)
      guard size >= 8 else { return }
      if bytes.integer32(offset &+ 4) == FourCC.traf {
        readTrackFragment(bytes.part(offset &+ 8, offset &+ size), unit)
      }
      offset &+= size
    }
  }

  private mutating func readTrackFragment(_ bytes: Span<UInt8>, _ unit: MediaUnit) {
    var offset = 0
    var isVideo = false
    var defaultFlags = -1
    var duration = defaultDuration
    while offset &+ 8 <= bytes.count {
      let size = bytes.integer32(offset)
      let type = bytes.integer32(offset &+ 4)
      guard size >= 8 else { return }
      let body = bytes.part(offset &+ 8, offset &+ size)
      let flags = body.integer24(1)
      if type == FourCC.tfhd {
        isVideo = body.integer32(4) == videoTrackIdentifier
        var field = 8
        if flags & 1 != 0 { field &+= 8 }
        if flags & 2 != 0 { field &+= 4 }
        if flags & 8 != 0 {
          duration = body.integer32(field)
          field &+= 4
        }
        if flags & 0x10 != 0 { field &+= 4 }
        if flags & 0x20 != 0 { defaultFlags = body.integer32(field) }
      } else if type == FourCC.trun, isVideo {
        readRun(body, flags, defaultFlags, duration, unit)
      }
      offset &+= size
    }
  }

  /// trun (§8.8.8): the number of samples, and whether the first can be decoded alone.
  private mutating func readRun(
    _ body: Span<UInt8>, _ flags: Int, _ defaultFlags: Int, _ defaultDuration: Int,
    _ unit: MediaUnit
  ) {
    let count = body.integer32(4)
    // Each sample needs a picture: more than a minute at 1000 a second in one run is damage.
    guard count < 60_000 else { return }
    var field = flags & 1 != 0 ? 12 : 8
    var sampleFlags = defaultFlags
    if flags & 4 != 0 {
      sampleFlags = body.integer32(field)
      field &+= 4
    } else if flags & 0x400 != 0 {
      let before = (flags & 0x100 != 0 ? 4 : 0) &+ (flags & 0x200 != 0 ? 4 : 0)
      sampleFlags = body.integer32(field &+ before)
    }
    samples &+= UInt64(count)
    track?.pictures &+= UInt64(count)
    // sample_is_non_sync_sample is bit 16 (§8.8.3.1).
    if sampleFlags >= 0, sampleFlags & 0x10000 == 0, count > 0 {
      let seconds = timescale > 0 ? Double(elapsed) / Double(timescale) : 0
      track?.noteKeyFrame(
        unit.packet, number: UInt32(truncatingIfNeeded: samples),
        time: timescale > 0 && seconds < 40_000
          ? UInt32(truncatingIfNeeded: Int(seconds * 90_000)) : nil)
    }
    let first = flags & 0x100 != 0 ? body.integer32(field) : defaultDuration
    guard timescale > 0, first > 0,
      PictureFacts.frameRates.contains(Double(timescale) / Double(first))
    else { return }
    facts.framesPerSecond = Double(timescale) / Double(first)
    elapsed &+= runDuration(body, flags, count, from: field, first)
    facts.statedSeconds = Double(elapsed) / Double(timescale)
  }

  /// Length of the samples of a run, which may all have their own.
  private func runDuration(
    _ body: Span<UInt8>, _ flags: Int, _ count: Int, from start: Int, _ first: Int
  ) -> UInt64 {
    guard flags & 0x100 != 0 else { return UInt64(count) &* UInt64(first) }
    let step = (flags & 0xF00).nonzeroBitCount &* 4
    var sum: UInt64 = 0
    var offset = start
    for _ in 0..<count {
      guard offset &+ 4 <= body.count else { break }
      sum &+= UInt64(body.integer32(offset))
      offset &+= step
    }
    return sum
  }
}

extension ISOBaseMedia {
  mutating func exchange(with port: inout StatePort) {
    facts.exchange(with: &port)
    port.pass(&track)
    port.pass(&header)
    port.pass(&needed)
    port.pass(&boxType)
    port.pass(&skipping)
    port.pass(&collecting)
    port.pass(&collected)
    port.pass(&isLost)
    port.pass(&window)
    port.pass(&videoTrackIdentifier)
    port.pass(&timescale)
    port.pass(&sawMovie)
    port.pass(&fragments)
    port.pass(&samples)
    port.pass(&elapsed)
    port.pass(&defaultDuration)
  }
}
