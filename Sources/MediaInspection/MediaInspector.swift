// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding
package import ProtocolRecognition

/// Proves video from its bitstream: takes the media units of one shard in capture order and answers
/// what each stream is.
///
/// A stream is open while its units come, and is put away when many others came after: of a stream
/// that ended long ago, or that could still be of any codec, only what was learnt takes room. The
/// next unit opens it again, so that nothing depends on when that happens.
///
/// - Complexity: O(1) a unit of a settled RTP stream, no allocation (about 220 instructions by
///   callgrind for a fragment of H.264); O(bytes) while a stream is being recognised and for
///   containers. Memory is about 640 bytes an open stream, 4 KiB more while several codecs are
///   possible, and at most 64 KiB while tables of a container are put together; 200 to 500 bytes a
///   stream that is put away.
package struct MediaInspector: MediaUnitConsumer, Sendable {
  /// Streams of a shard beyond this number are not inspected; a guard against a hostile index.
  static let maximumStreams = 1 << 24
  /// Streams that may stay open when the capture is over: so many cost less than putting them away.
  private static let streamsLeftOpen = 64
  /// The most bytes of a stream that is put away when there is no room.
  private static let maximumBytesWithoutRoom = 1_024
  /// Nanoseconds without a unit after which a stream is silent: live video has several in each
  /// second.
  private static let silence: Int64 = 1_000_000_000
  /// The place of a stream that is put away.
  private static let putAway = UInt32.max

  /// What is known of an open stream besides.
  private struct Owner {
    var stream: UInt32
    /// When its units were last counted, and how many they were.
    var seenAt: Int64
    var unitsSeen: UInt64
  }

  private let maximumOpen: Int
  private let maximumLive: Int
  private let maximumBytes: Int
  private var open: [StreamInspection] = []
  private var owners: [Owner] = []
  /// Place in `open` of each stream.
  private var places: [UInt32] = []
  /// What is put away of each stream; nothing of those that are open.
  private var stored: [[UInt8]] = []
  private(set) var storedByteCount = 0
  private var nextCompared = 0
  /// Time of the unit that a stream was last opened for.
  private var time: Int64 = 0
  /// Streams of which nothing more is known because there was no room to put them away.
  package private(set) var overflow = BoundCount()

  /// Makes an inspector without streams.
  package init(limits: MemoryLimits = .standard) {
    maximumOpen = limits.openStreams
    maximumLive = limits.liveStreams
    maximumBytes = limits.mediaBytes
  }

  /// Looks at the units of a batch, in capture order.
  package mutating func inspect(_ units: Span<PendingUnit>, in bytes: borrowing UnitBytes) {
    var index = 0
    while index < units.count {
      index = inspectOpen(units, from: index, in: bytes)
      guard index < units.count else { return }
      time = units[index].unit.packet.time
      if place(of: units[index].unit.stream) == nil { index &+= 1 }
    }
  }

  /// Looks at units until one of a stream comes that is not open; says which.
  ///
  /// Through a span: whether the array is shared need not be asked for every unit.
  private mutating func inspectOpen(
    _ units: Span<PendingUnit>, from first: Int, in bytes: borrowing UnitBytes
  ) -> Int {
    let places = places
    var known = open.mutableSpan
    var index = first
    while index < units.count {
      let stream = Int(units[index].unit.stream)
      guard stream < places.count else { return index }
      let place = Int(places[stream])
      guard place < known.count else { return index }
      if units[index].length > 0,
        !known[place].passes(units[index].unit.framing, units[index].unit.timestamp)
      {
        known[place].inspect(units[index].unit, bytes.payload(of: units[index]))
      }
      index &+= 1
    }
    return index
  }

  /// Looks at one unit; units of a stream must come in capture order.
  package mutating func inspect(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    time = unit.packet.time
    guard let place = place(of: unit.stream) else { return }
    open[place].inspect(unit, payload)
  }

  /// Says that signalling named `codec` for a stream.
  package mutating func setCodecHint(_ codec: Codec, forStream stream: UInt32) {
    guard let place = place(of: stream) else { return }
    open[place].setHint(codec)
  }

  /// Gives a parameter set that signalling carried (`sprop-parameter-sets`, `sprop-sps`, `config`).
  package mutating func setParameterSets(
    _ bytes: Span<UInt8>, codec: Codec, forStream stream: UInt32
  ) {
    guard let place = place(of: stream) else { return }
    open[place].setParameterSets(bytes, codec)
  }

  /// What the bitstream of `stream` shows; nil when none of its units came.
  package func proof(ofStream stream: UInt32) -> MediaProof? {
    let index = Int(stream)
    guard index < places.count else { return nil }
    let place = Int(places[index])
    if place < open.count { return open[place].proof() }
    return stored[index].isEmpty ? nil : StreamInspection(stored: stored[index]).proof()
  }

  /// Puts the streams away when they are many: no more units come.
  package mutating func close() {
    guard open.count > Self.streamsLeftOpen else { return }
    for place in open.indices { putAway(place) }
    open = []
    owners = []
  }

  /// Number of streams that are open.
  var openCount: Int { open.count }

  /// The place of a stream in `open`; nil when its number is absurd.
  private mutating func place(of stream: UInt32) -> Int? {
    let index = Int(stream)
    guard index < Self.maximumStreams else { return nil }
    while places.count <= index {
      places.append(Self.putAway)
      stored.append([])
    }
    let known = Int(places[index])
    return known < open.count ? known : open(index)
  }

  /// Opens a stream, in the place of a silent one when too many are open.
  @inline(never)
  private mutating func open(_ index: Int) -> Int {
    storedByteCount &-= stored[index].count
    let inspection = StreamInspection(stored: stored[index])
    stored[index] = []
    let owner = Owner(
      stream: UInt32(truncatingIfNeeded: index), seenAt: time, unitsSeen: inspection.units)
    let place = placeToGive() ?? open.count
    if place < open.count {
      putAway(place)
      open[place] = inspection
      owners[place] = owner
    } else {
      open.append(inspection)
      owners.append(owner)
    }
    places[index] = UInt32(truncatingIfNeeded: place)
    return place
  }

  /// The place of a stream that is to be put away for another; nil where there is room for one more.
  private mutating func placeToGive() -> Int? {
    if open.count < maximumOpen { return nil }
    for _ in open.indices {
      advance()
      guard time &- owners[nextCompared].seenAt >= Self.silence else { continue }
      if owners[nextCompared].unitsSeen == open[nextCompared].units { return nextCompared }
      owners[nextCompared].seenAt = time
      owners[nextCompared].unitsSeen = open[nextCompared].units
    }
    if open.count < maximumOpen &+ maximumLive,
      open.count(where: { $0.phase == .detecting }) < maximumOpen
    {
      return nil
    }
    advance()
    return nextCompared
  }

  private mutating func advance() {
    nextCompared = nextCompared &+ 1 < open.count ? nextCompared &+ 1 : 0
  }

  private mutating func putAway(_ place: Int) {
    let index = Int(owners[place].stream)
    var bytes = open[place].stored()
    if storedByteCount &+ bytes.count > maximumBytes {
      open[place].thin()
      bytes = open[place].stored()
      if bytes.count > Self.maximumBytesWithoutRoom {
        overflow.note(at: open[place].firstPacket?.time ?? 0)
        bytes = []
      }
    }
    storedByteCount &+= bytes.count
    stored[index] = bytes
    places[index] = Self.putAway
  }
}
