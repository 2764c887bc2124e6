// SPDX-License-Identifier: Apache-2.0

/// The wire and the capture point: packets sent here are lost, doubled, counted and written.
final class Network {
  /// Share of packets that the capture point misses (0.1 %).
  static let lossPartsPerMillion = 1_000
  /// Share of packets seen twice (2 %).
  static let duplicatePartsPerMillion = 20_000
  /// A mirror port's second copy comes within this many microseconds, far below the 200 ms in
  /// which an analyzer should look for it.
  static let duplicateDelay = 20...900

  let frame = FrameBuilder()
  var random: SplitMix64
  var truth = GroundTruth()
  var scheduler = Scheduler()
  private let writer: CaptureWriter

  init(writer: CaptureWriter, seed: UInt64) {
    self.writer = writer
    random = SplitMix64(seed: seed)
  }

  /// Finishes the frame under construction, puts it on the wire and says what became of it.
  ///
  /// `mayBeLost` is false where a loss could not be known from what remains, as with the first and
  /// last packets of an RTP stream.
  @discardableResult
  func send(_ flow: Flow, at time: UInt64, mayBeLost: Bool = true) throws(FileError) -> Fate {
    frame.finish()
    if mayBeLost, random.chance(partsPerMillion: Self.lossPartsPerMillion) {
      truth.lostPackets += 1
      return .lost
    }
    try record(frame.bytes, count: frame.length, flow: flow, at: time)
    guard random.chance(partsPerMillion: Self.duplicatePartsPerMillion) else { return .captured }
    // Every fourth copy is taken behind a router, where MACs, TTL and IP checksum differ.
    if random.below(4) == 0 { frame.reroute() }
    let copy = Array(UnsafeBufferPointer(start: frame.bytes, count: frame.length))
    scheduler.add(
      DuplicateFrame(bytes: copy, flow: flow),
      at: time + UInt64(random.within(Self.duplicateDelay)))
    return .capturedTwice
  }

  enum Fate {
    case lost
    case captured
    case capturedTwice
  }

  fileprivate func record(
    _ bytes: UnsafePointer<UInt8>, count: Int, flow: Flow, at time: UInt64
  ) throws(FileError) {
    try writer.write(bytes, count: count, time: time)
    truth.count(flow, wireBytes: count, at: time)
  }
}

/// The second copy of a frame, waiting for its time.
private final class DuplicateFrame: Conversation {
  private let bytes: [UInt8]
  private let flow: Flow

  init(bytes: [UInt8], flow: Flow) {
    self.bytes = bytes
    self.flow = flow
  }

  func step(at time: UInt64, _ network: Network) throws(FileError) -> UInt64? {
    network.truth.duplicatePackets += 1
    network.truth.duplicateWireBytes += bytes.count
    let result = bytes.withUnsafeBufferPointer { buffer -> Result<Void, FileError> in
      guard let base = buffer.baseAddress else { return .success(()) }
      return Result { () throws(FileError) in
        try network.record(base, count: buffer.count, flow: flow, at: time)
      }
    }
    try result.get()
    return nil
  }
}
