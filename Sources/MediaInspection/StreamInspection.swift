// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import ProtocolRecognition

/// The inspection of one media stream: first every codec and container that its form allows, then
/// the one that proved right.
struct StreamInspection: Sendable {
  enum Phase: UInt8 {
    /// Several codecs or containers are still possible.
    case detecting
    /// One codec in RTP proved right.
    case codec
    /// One container proved right, or the framing names it.
    case container
    /// Nothing fits.
    case unrecognized
  }

  /// Container candidates given up before no more are tried: by chance one unit in 256 of random
  /// bytes begins like a transport packet.
  private static let maximumContainerTries = 4
  /// Times of key frames kept of a stream when memory is short: the first and some until the end.
  private static let keyFramesWhenThin = 4
  /// Transport packets or start codes in a row that settle a container in RTP.
  private static let settlingUnits: UInt64 = 7

  private(set) var phase = Phase.detecting
  private(set) var units: UInt64 = 0
  private(set) var hint: Codec?
  /// What parameter sets of signalling say: none or one, apart because few streams have it.
  private(set) var signalled: [MediaTrack] = []
  private(set) var container: (any ContainerReader)?
  private(set) var candidates: [MediaTrack] = []
  private(set) var track = MediaTrack(codec: .h264)
  private(set) var clock = AccessUnitClock()
  private(set) var spread = UnitTypeSpread()
  private(set) var firstPacket: PacketReference?
  private var reader: (any CodecReader.Type)?
  private var containerTries = 0
  private var hasBegun = false

  /// Counts a unit of a stream of which its bytes can tell nothing any more; `false` of others.
  @inline(__always)
  mutating func passes(_ framing: MediaFraming, _ timestamp: UInt32) -> Bool {
    guard phase == .unrecognized, spread.isFull, case .rtpPayload = framing else { return false }
    units &+= 1
    _ = clock.note(timestamp)
    return true
  }

  /// Looks at one unit.
  @inline(__always)
  mutating func inspect(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    guard payload.count > 0 else { return }
    // A pattern, because `==` of another module's type is not specialised.
    if phase == .unrecognized, case .rtpPayload = unit.framing {
      units &+= 1
      _ = clock.note(unit.timestamp)
      spread.note(payload[0])
    } else {
      read(unit, payload)
    }
  }

  /// Looks at one unit of a stream that may be of some codec or container.
  private mutating func read(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    if units == 0 { firstPacket = unit.packet }
    units &+= 1
    guard case .rtpPayload = unit.framing else {
      if container == nil {
        container = Containers.reader(of: unit.framing, payload)?.init()
        phase = .container
        candidates = []
      }
      container?.read(unit, payload)
      return
    }
    let startsTimestamp = clock.note(unit.timestamp)
    switch phase {
    case .codec:
      guard let reader else { return }
      let passed = reader.readPayload(
        payload, unit, startsTimestamp: startsTimestamp, &track)
      track.count(passed: passed)
    case .container:
      container?.read(unit, payload)
    case .detecting:
      detect(unit, payload, startsTimestamp)
    case .unrecognized:
      spread.note(payload[0])
    }
  }

  private mutating func detect(
    _ unit: MediaUnit, _ payload: Span<UInt8>, _ startsTimestamp: Bool
  ) {
    spread.note(payload[0])
    if !hasBegun { begin() }
    if detectContainer(unit, payload) { return }
    var index = 0
    while index < candidates.count {
      guard let reader = Codecs.reader(of: candidates[index].codec) else { break }
      let passed = reader.readPayload(
        payload, unit, startsTimestamp: startsTimestamp, &candidates[index])
      candidates[index].count(passed: passed)
      if passed, candidates[index].firstPacket == nil {
        candidates[index].firstPacket = unit.packet
      }
      if candidates[index].isHopeless, candidates[index].codec != hint {
        candidates.remove(at: index)
        continue
      }
      index &+= 1
    }
    for candidate in candidates {
      guard let reader = Codecs.reader(of: candidate.codec), reader.isConvincing(candidate) else {
        continue
      }
      // Signalling said sound: only parameter sets can say otherwise.
      if hint?.kind == .audio, !candidate.parameterSets.contains(.sequence) { continue }
      track = candidate
      self.reader = reader
      phase = .codec
      container = nil
      candidates = []
      return
    }
    if candidates.isEmpty, container == nil { phase = .unrecognized }
  }

  private mutating func begin() {
    hasBegun = true
    // An array of just their number: growing it by doubling would leave a kilobyte for each stream.
    candidates = Codecs.table.filter { $0.isDetectable || $0.codec == hint }
      .map { MediaTrack(codec: $0.codec) }
  }

  /// Tries containers inside RTP; true when one proved right.
  private mutating func detectContainer(_ unit: MediaUnit, _ payload: Span<UInt8>) -> Bool {
    if container == nil, containerTries < Self.maximumContainerTries {
      for type in Containers.table
      where type.framings.contains(.rtpPayload) && type.begins(payload) {
        container = type.init()
        containerTries &+= 1
        break
      }
    }
    guard container != nil else { return false }
    container?.read(unit, payload)
    guard let facts = container?.facts else { return false }
    guard Plausibility.holds(facts.passed, of: facts.tested) || facts.tested == 0 else {
      container = nil
      return false
    }
    guard facts.tested >= Self.settlingUnits, units > 1 || facts.hasValidProgramMap == true else {
      return false
    }
    phase = .container
    candidates = []
    return true
  }

  mutating func setHint(_ codec: Codec) {
    hint = codec
    guard phase == .detecting, hasBegun, let reader = Codecs.reader(of: codec),
      !reader.isDetectable, !candidates.contains(where: { $0.codec == codec })
    else { return }
    candidates.append(MediaTrack(codec: codec))
  }

  mutating func setParameterSets(_ bytes: Span<UInt8>, _ codec: Codec) {
    guard let reader = Codecs.reader(of: codec), bytes.count > 0 else { return }
    if signalled.first?.codec != codec { signalled = [MediaTrack(codec: codec)] }
    let unit = MediaUnit(
      stream: 0, framing: .annexB, packet: PacketReference(file: 0, frame: 0, time: 0))
    _ = signalled[0].read(bytes, unit, reader)
  }
}

extension StreamInspection: StorableState {
  /// Takes out an inspection that was put away.
  init(stored bytes: [UInt8]) {
    guard !bytes.isEmpty else { return }
    var port = StatePort(reading: bytes)
    exchange(with: &port)
  }

  /// All that is known, in few bytes.
  mutating func stored() -> [UInt8] {
    var port = StatePort()
    exchange(with: &port)
    return port.finish()
  }

  /// Drops what evidence can do without: all but a few of the times of key frames.
  mutating func thin() {
    track.keyFrames.thin(to: Self.keyFramesWhenThin)
    for index in candidates.indices { candidates[index].keyFrames.thin(to: Self.keyFramesWhenThin) }
  }

  mutating func exchange(with port: inout StatePort) {
    var number = phase.rawValue
    port.pass(&number)
    phase = Phase(rawValue: number) ?? .unrecognized
    port.pass(&firstPacket)
    port.pass(&units)
    port.pass(&hint)
    port.pass(&signalled, from: MediaTrack(codec: .h264)) { $0.exchange(with: &$1) }
    port.pass(&candidates, from: MediaTrack(codec: .h264)) { $0.exchange(with: &$1) }
    if phase == .codec {
      track.exchange(with: &port)
      reader = Codecs.reader(of: track.codec)
    }
    exchangeContainer(with: &port)
    clock.exchange(with: &port)
    spread.exchange(with: &port)
    port.pass(&containerTries)
    port.pass(&hasBegun)
  }

  private mutating func exchangeContainer(with port: inout StatePort) {
    // Place in the table plus one; 0 for none.
    var number = 0
    if let container {
      let kind = type(of: container).container
      number = (Containers.table.firstIndex { $0.container == kind } ?? -1) &+ 1
    }
    port.pass(&number)
    guard Containers.table.indices.contains(number &- 1) else { return }
    if port.isReading { container = Containers.table[number &- 1].init() }
    container?.exchange(with: &port)
  }
}

extension MediaTrack {
  /// Units after which a codec that fits too few of them is given up: a third of random payloads
  /// may fit by chance, so 16 tell; 100 is where classifier.md 3.2 rule 6 decides.
  private static let earlyDecision: UInt64 = 16

  /// Whether the stream cannot be this codec.
  var isHopeless: Bool {
    if unitsTested >= Plausibility.minimumUnits { return unitsPassed &* 100 < unitsTested &* 90 }
    return unitsTested >= Self.earlyDecision && unitsPassed &* 100 < unitsTested &* 60
  }
}
