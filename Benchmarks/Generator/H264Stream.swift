// SPDX-License-Identifier: Apache-2.0

/// H.264 over RTP as cameras send it: [RFC 6184](https://www.rfc-editor.org/rfc/rfc6184)
/// packetization mode 1, 25 frames a second, a key frame every 50.
///
/// Parameter sets are real (written by x264); slices begin with a real slice header and go on with
/// random bytes that hold no start code.
final class H264Stream: Conversation {
  static let framesPerSecond = 25
  static let groupLength = 50
  static let clockRate = 90_000
  static let payloadType: UInt8 = 96
  private static let fragmentLength = 1_384
  /// The first packets are never lost, so that the stream's begin is known.
  private static let keptAtStart = 10
  /// No two zero bytes in a row, as emulation prevention (ITU-T H.264 7.4.1) makes sure.
  private static let emulationMask: UInt64 = 0x0001_0001_0001_0001

  struct ParameterSets {
    var width: Int
    var height: Int
    var sequence: [UInt8]
    var picture: [UInt8]
  }

  static let parameterSets: [ParameterSets] = [
    ParameterSets(
      width: 1920, height: 1080,
      sequence: [
        0x67, 0x64, 0x00, 0x28, 0xAC, 0xB4, 0x03, 0xC0, 0x11, 0x3F, 0x2E, 0x02, 0x20, 0x00, 0x00,
        0x03, 0x00, 0x20, 0x00, 0x00, 0x06, 0x41, 0xE3, 0x06, 0x54,
      ], picture: [0x68, 0xEF, 0x0F, 0xCB]),
    ParameterSets(
      width: 1280, height: 720,
      sequence: [
        0x67, 0x64, 0x00, 0x1F, 0xAC, 0xB4, 0x02, 0x80, 0x2D, 0xD8, 0x08, 0x80, 0x00, 0x00, 0x03,
        0x00, 0x80, 0x00, 0x00, 0x19, 0x07, 0x8C, 0x19, 0x50,
      ], picture: [0x68, 0xEF, 0x0F, 0xCB]),
    ParameterSets(
      width: 2560, height: 1440,
      sequence: [
        0x67, 0x64, 0x00, 0x32, 0xAC, 0xB4, 0x01, 0x40, 0x05, 0xAD, 0x80, 0x88, 0x00, 0x00, 0x03,
        0x00, 0x08, 0x00, 0x00, 0x03, 0x01, 0x90, 0x78, 0xC1, 0x95,
      ], picture: [0x68, 0xEF, 0x0F, 0xCB]),
  ]

  private let flow: Flow
  private let index: Int
  let ssrc: UInt32
  private let parameters: ParameterSets
  private let packetGoal: Int
  private let start: UInt64
  private var sequenceNumber: UInt16
  private var firstTimestamp: UInt32
  private(set) var sentPackets = 0
  private(set) var sentBytes = 0
  private(set) var isEnded = false
  private var frameNumber = 0
  private var packetOfFrame = 0
  private var packetsInFrame = 0
  private var isLastFrame = false

  /// A stream with its place (`index`) in the ground truth, which ends with the frame that reaches
  /// `packetGoal`.
  init(
    flow: Flow, index: Int, ssrc: UInt32, parameters: ParameterSets, packetGoal: Int,
    start: UInt64, random: inout SplitMix64
  ) {
    self.flow = flow
    self.index = index
    self.ssrc = ssrc
    self.parameters = parameters
    self.packetGoal = packetGoal
    self.start = start
    let word = random.next()
    sequenceNumber = UInt16(truncatingIfNeeded: word)
    firstTimestamp = UInt32(truncatingIfNeeded: word >> 32)
  }

  var timestamp: UInt32 {
    firstTimestamp
      &+ UInt32(truncatingIfNeeded: frameNumber * Self.clockRate / Self.framesPerSecond)
  }

  func step(at time: UInt64, _ network: Network) throws(FileError) -> UInt64? {
    let frame = network.frame
    let isKeyFrame = frameNumber % Self.groupLength == 0
    if packetOfFrame == 0 {
      packetsInFrame =
        isKeyFrame ? 2 + network.random.within(16...30) : network.random.within(1...7)
      isLastFrame = sentPackets + packetsInFrame >= packetGoal
    }
    let isFrameEnd = packetOfFrame == packetsInFrame - 1
    frame.beginUDP(flow, .fromOriginator)
    frame.append(0x80)
    frame.append(Self.payloadType | (isFrameEnd ? 0x80 : 0))
    frame.append16(sequenceNumber)
    frame.append32(timestamp)
    frame.append32(ssrc)
    appendPayload(frame, isKeyFrame: isKeyFrame, isFrameEnd: isFrameEnd, &network.random)
    let payloadBytes = frame.payloadLength - 12
    sequenceNumber &+= 1
    sentPackets += 1
    sentBytes += payloadBytes
    let fate = try network.send(
      flow, at: time, mayBeLost: sentPackets > Self.keptAtStart && !isLastFrame)
    network.truth.streams[index].count(fate, payloadBytes: payloadBytes, at: time)

    if !isFrameEnd {
      packetOfFrame += 1
      return time + UInt64(network.random.within(60...140))
    }
    guard !isLastFrame else {
      isEnded = true
      return nil
    }
    frameNumber += 1
    packetOfFrame = 0
    let due = start + UInt64(frameNumber * 1_000_000 / Self.framesPerSecond)
    return max(due + UInt64(network.random.below(3_000)), time + 60)
  }

  private func appendPayload(
    _ frame: FrameBuilder, isKeyFrame: Bool, isFrameEnd: Bool, _ random: inout SplitMix64
  ) {
    var fragment = packetOfFrame
    if isKeyFrame {
      if fragment == 0 { return frame.append(parameters.sequence) }
      if fragment == 1 { return frame.append(parameters.picture) }
      fragment -= 2
    }
    let nalHeader: UInt8 = isKeyFrame ? 0x65 : 0x41
    if fragment == 0 && isFrameEnd {
      frame.append(nalHeader)
    } else {
      // FU indicator keeps F and NRI, type 28; FU header has start, end and the type.
      frame.append(nalHeader & 0xE0 | 28)
      frame.append(nalHeader & 0x1F | (fragment == 0 ? 0x80 : 0) | (isFrameEnd ? 0x40 : 0))
    }
    // first_mb_in_slice 0, slice_type I or P (all slices of the picture alike), parameter set 0.
    if fragment == 0 { frame.append(isKeyFrame ? [0x88, 0x84] : [0x9A, 0x21]) }
    frame.appendRandom(
      isFrameEnd ? 80 + random.below(Self.fragmentLength - 80) : Self.fragmentLength,
      orMask: Self.emulationMask, random: &random)
  }
}

extension GroundTruth.Stream {
  mutating func count(_ fate: Network.Fate, payloadBytes count: Int, at time: UInt64) {
    guard fate != .lost else {
      lost += 1
      return
    }
    if packets == 0 { firstTime = time }
    packets += 1
    payloadBytes += count
    lastTime = time
    if fate == .capturedTwice { duplicates += 1 }
  }
}
