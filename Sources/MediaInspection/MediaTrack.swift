// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// What the parameter sets or picture headers of a coded stream say.
struct PictureFacts: Sendable, Equatable {
  /// Width in pixels after cropping, 0 when unknown.
  var width = 0
  /// Height in pixels after cropping, 0 when unknown.
  var height = 0
  /// Frames per second as numerator and denominator, 0 when not stated.
  var frameRateNumerator: UInt64 = 0
  var frameRateDenominator: UInt64 = 0
  /// The codec's own numbers; the codec's file turns them into text.
  var profile = 0
  var level = 0
  var profileFlags = 0
  /// Bits before the field flags in slice headers of streams that may have fields, else 0.
  var frameNumberBits: UInt8 = 0
  /// Whether a parameter set was read to its last bit, stop bit included.
  var isExact = false

  /// The stated frame rate, nil when none or senseless (H.264 Annex E leaves it optional).
  var framesPerSecond: Double? {
    guard frameRateNumerator > 0, frameRateDenominator > 0 else { return nil }
    let rate = Double(frameRateNumerator) / Double(frameRateDenominator)
    return Self.frameRates.contains(rate) ? rate : nil
  }

  /// Smallest and largest frame rate believed: a picture in twenty seconds, and what the fastest
  /// cameras record.
  static let frameRates = 0.05...1_000

  /// Smallest and largest width or height believed.
  ///
  /// 16384 is the widest any camera codec level
  /// allows (H.265 level 6.2); below 16 no macroblock fits.
  static let dimensions = 16...16384

  /// Whether width and height are believable.
  var hasBelievableSize: Bool {
    Self.dimensions.contains(width) && Self.dimensions.contains(height)
  }
}

/// Which parameter sets were read.
struct ParameterSets: OptionSet, Sendable {
  let rawValue: UInt8
  static let video = ParameterSets(rawValue: 1)
  static let sequence = ParameterSets(rawValue: 2)
  static let picture = ParameterSets(rawValue: 4)
}

/// What one unit of an elementary stream is.
struct UnitReading: OptionSet, Sendable {
  let rawValue: UInt8
  /// The unit is allowed by its codec.
  static let plausible = UnitReading(rawValue: 1)
  /// It holds coded picture data.
  static let picture = UnitReading(rawValue: 2)
  /// It is the first of its picture.
  static let firstOfPicture = UnitReading(rawValue: 4)
  /// It belongs to a picture at which decoding can begin.
  static let keyFrame = UnitReading(rawValue: 8)
}

/// State of one elementary stream while it is read; no allocation once its key-frame log is full.
struct MediaTrack: Sendable {
  /// The codec as which the stream is being read.
  var codec: Codec
  /// Units looked at and those the codec allows.
  var unitsTested: UInt64 = 0
  var unitsPassed: UInt64 = 0
  /// Tests of how units follow each other: fragments of a unit in order and closed.
  var structureTested: UInt64 = 0
  var structurePassed: UInt64 = 0
  /// Access units whose first slice says that it is the first; ciphered slices say so by chance.
  var slicesTested: UInt64 = 0
  var slicesPassed: UInt64 = 0
  /// Bit n is set when a unit of type n passed.
  var unitTypes: UInt64 = 0
  /// Header of the fragmented unit that is open, nil between units.
  var openFragment: UInt8?
  /// Whether a slice of this access unit was seen, or one may be missing.
  var hasSliceOfAccessUnit = true
  /// Whether a container gave a presentation time.
  private var hasPresentationTime = false
  /// Pictures that began since then, at most 65,535.
  private var picturesSinceTime: UInt16 = 0
  /// Number that the codec's parts count on: byte offset (JPEG), picture number (VP8), fields of
  /// the frame so far (MPEG-2).
  var expectedOffset = 0
  /// Header fields that stay the same within a picture.
  var pictureHeader: UInt64 = 0
  var facts = PictureFacts()
  var parameterSets: ParameterSets = []
  /// Number of sequence parameter sets that were read, repeats included.
  var sequenceSetCount: UInt64 = 0
  /// Fingerprint of the last sequence parameter set, so that repeats are not parsed again.
  var sequenceSetFingerprint: UInt64 = 0
  var parameterSetPacket: PacketReference?
  var firstPacket: PacketReference?
  var keyFrames = KeyFrameLog()
  /// Pictures counted by their own headers; RTP counts access units by timestamp instead.
  var pictures: UInt64 = 0
  private var keyFrameTimestamp: UInt32 = 0
  /// The last presentation time of a container, of a 90 kHz clock.
  private var presentationTime: UInt32 = 0

  /// Starts the state of a stream read as `codec`.
  init(codec: Codec) { self.codec = codec }

  /// Counts one unit.
  @inline(__always)
  mutating func count(passed: Bool) {
    unitsTested &+= 1
    if passed { unitsPassed &+= 1 }
  }

  /// Counts one test of the order of units.
  @inline(__always)
  mutating func countStructure(passed: Bool) {
    structureTested &+= 1
    if passed { structurePassed &+= 1 }
  }

  /// Counts one test of the first slice of an access unit.
  @inline(__always)
  mutating func countSlice(passed: Bool) {
    slicesTested &+= 1
    if passed { slicesPassed &+= 1 }
  }

  /// Adds a key frame, once per timestamp of a 90 kHz clock.
  mutating func noteKeyFrame(_ packet: PacketReference, timestamp: UInt32) {
    noteKeyFrame(packet, number: timestamp, time: timestamp)
  }

  /// Adds a key frame, once per number, shown at `time` of a 90 kHz clock where that is known.
  mutating func noteKeyFrame(_ packet: PacketReference, number: UInt32, time: UInt32?) {
    if keyFrames.count > 0, keyFrameTimestamp == number { return }
    keyFrameTimestamp = number
    keyFrames.add(packet, at: time)
  }

  /// Says when the next picture to begin is shown, by a 90 kHz clock.
  mutating func notePresentationTime(_ time: UInt32) {
    presentationTime = time
    hasPresentationTime = true
    picturesSinceTime = 0
  }

  /// Counts a picture by its own header.
  mutating func countPicture() {
    pictures &+= 1
    if picturesSinceTime < .max { picturesSinceTime += 1 }
  }

  /// Takes back the last picture, which was the second field of the one before.
  mutating func uncountPicture() {
    if pictures > 0 { pictures &-= 1 }
    if picturesSinceTime > 0 { picturesSinceTime -= 1 }
  }

  /// When the current or the next picture is shown; those without a time of their own come after
  /// the last that has one.
  func pictureTime(isNext: Bool) -> UInt32? {
    guard hasPresentationTime else { return nil }
    let number = Int(picturesSinceTime) &+ (isNext ? 1 : 0)
    guard number > 1, let rate = facts.framesPerSecond else { return presentationTime }
    // 65,536 pictures at 0.05 a second are 10^11 ticks at most.
    return presentationTime
      &+ UInt32(truncatingIfNeeded: Int(Double(number &- 1) * 90_000 / rate))
  }

  /// Whether a sequence parameter set with this fingerprint must be parsed.
  mutating func isNewSequenceSet(_ fingerprint: UInt64) -> Bool {
    sequenceSetCount &+= 1
    if parameterSets.contains(.sequence), sequenceSetFingerprint == fingerprint { return false }
    sequenceSetFingerprint = fingerprint
    return true
  }

  /// Whether at least `Plausibility.share` of the units passed.
  var isPlausible: Bool { Plausibility.holds(unitsPassed, of: unitsTested) }

  /// Whether fragments were in order often enough, and as often as units had the right form.
  var hasFragmentOrder: Bool {
    structureTested >= Plausibility.minimumFragments
      && Plausibility.holds(structurePassed, of: structureTested)
  }

  /// Whether first slices were first often enough, with three types of units: two fixed headers by
  /// turns, as games and telemetry have them, look like two types.
  var hasSliceOrder: Bool {
    slicesTested >= Plausibility.minimumFragments && unitTypeCount >= 3
      && Plausibility.holds(slicesPassed, of: slicesTested)
  }

  /// Number of different unit types that passed.
  var unitTypeCount: Int { unitTypes.nonzeroBitCount }
}

/// Thresholds of the plausibility test (reference/classifier.md 3.2 rules 6 and 7).
public enum Plausibility {
  /// Share of units that must be allowed by the codec, in per cent (classifier.md 3.2 rule 6).
  public static let percent: UInt64 = 98
  /// Units needed before plausibility alone counts (classifier.md 3.2 rule 7).
  public static let minimumUnits: UInt64 = 100
  /// Units needed beside parameter sets that were read without contradiction: below this one
  /// chance match in a short stream could decide (random payloads give one in about 10^6 units).
  public static let minimumUnitsWithParameterSets: UInt64 = 10
  /// Fragments needed before their order counts as structure.
  public static let minimumFragments: UInt64 = 20

  static func holds(_ passed: UInt64, of tested: UInt64) -> Bool {
    tested > 0 && passed &* 100 >= tested &* percent
  }
}

extension PictureFacts: StorableState {
  mutating func exchange(with port: inout StatePort) {
    port.pass(&width)
    port.pass(&height)
    port.pass(&frameRateNumerator)
    port.pass(&frameRateDenominator)
    port.pass(&profile)
    port.pass(&level)
    port.pass(&profileFlags)
    port.pass(&frameNumberBits)
    port.pass(&isExact)
  }
}

extension MediaTrack: StorableState {
  mutating func exchange(with port: inout StatePort) {
    port.pass(&codec)
    port.pass(&unitsTested)
    port.pass(&unitsPassed)
    port.pass(&firstPacket)
    port.pass(&structureTested)
    port.pass(&structurePassed)
    port.pass(&slicesTested)
    port.pass(&slicesPassed)
    port.pass(&unitTypes)
    port.pass(&openFragment)
    port.pass(&expectedOffset)
    port.pass(&pictureHeader)
    port.pass(&hasSliceOfAccessUnit)
    port.pass(&hasPresentationTime)
    port.pass(&picturesSinceTime)
    facts.exchange(with: &port)
    var sets = parameterSets.rawValue
    port.pass(&sets)
    parameterSets = ParameterSets(rawValue: sets)
    port.pass(&sequenceSetCount)
    port.pass(&sequenceSetFingerprint)
    port.pass(&parameterSetPacket)
    keyFrames.exchange(with: &port)
    port.pass(&pictures)
    port.pass(&keyFrameTimestamp)
    port.pass(&presentationTime)
  }
}
