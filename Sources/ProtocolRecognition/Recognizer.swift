// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// What a recognizer says of bytes it has not seen before.
enum ProbeAnswer {
  /// The bytes are its protocol; it takes the flow.
  case certain
  /// They may be; more bytes, or more datagrams like this, will tell.
  case unsure
  /// They are not.
  case notMine
}

/// What a recognizer wants after it followed a piece of a flow.
enum FollowResult {
  /// Go on.
  case more
  /// Nothing more is wanted of this direction.
  case directionDone
  /// Nothing more is wanted of the flow.
  case done
  /// This datagram is not the protocol's, though the flow is.
  case foreignDatagram
  /// The flow is not the protocol's after all; the other recognizers try again.
  case notMine
}

/// What is known besides the bytes when a recognizer probes.
struct ProbeHint {
  var isDatagram: Bool
  var direction: FlowDirection
  var sourcePort: UInt16
  var destinationPort: UInt16
  /// Length on the wire, at least that of the bytes.
  var originalLength: Int
  /// Nesting: 0 for the flow itself.
  var depth: Int

  /// Whether either end uses `port`.
  func uses(_ port: UInt16) -> Bool { sourcePort == port || destinationPort == port }
}

/// Where the bytes of a chunk lie.
struct ByteRegion: BitwiseCopyable {
  var source: MediaSource
  var offset: Int

  func advanced(by count: Int) -> ByteRegion {
    ByteRegion(source: source, offset: offset &+ count)
  }
}

/// One piece of a flow as handed to a recognizer, besides its bytes.
struct Chunk: BitwiseCopyable {
  var direction: FlowDirection
  var isDatagram: Bool
  /// Whether bytes are missing directly before.
  var followsGap: Bool
  var depth: UInt8
  /// Length on the wire, at least that of the bytes.
  var originalLength: Int
  /// Where the bytes lie; `nil` when they must be copied to outlive the call.
  var region: ByteRegion?
  /// The packet that brought the (last of the) bytes.
  var packet: PacketReference
  /// Its running number over all inputs.
  var number: UInt64

  /// The part of the chunk from `offset` on, `count` bytes long.
  func part(_ offset: Int, _ count: Int) -> Chunk {
    var part = self
    part.region = region?.advanced(by: offset)
    part.originalLength = count
    return part
  }
}

/// A protocol that can be told from others by its bytes.
///
/// One protocol, one file in `Recognizers/`, one line in `Recognizers.all`. The state of a
/// recognizer belongs to one flow and is bounded. Everything it reads is hostile.
protocol Recognizer: SendableMetatype {
  /// Whether it is tried on datagrams.
  static var readsDatagrams: Bool { get }
  /// Whether it is tried on ordered bytes (TCP, and tunnels inside it).
  static var readsStreams: Bool { get }

  /// What its messages can begin with: `probe` answers `notMine` to all else, and is not asked.
  static var firstBytes: FirstBytes { get }

  /// Judges the first bytes of a direction, or a datagram; there is at least one.
  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer

  /// Whether `resume` may find something.
  static var joinsMidStream: Bool { get }

  /// Finds where the protocol's framing starts in bytes from the middle of a stream.
  static func resume(_ bytes: Span<UInt8>) -> Int?

  /// Starts following a flow.
  init()

  /// Whether media may follow on the five-tuple, as after STUN or DTLS.
  var mediaMayFollow: Bool { get }

  /// Bytes of messages kept until their ends come, against `MemoryLimits.recognitionBytes`.
  var heldByteCount: Int { get }

  /// Reads the next piece of the flow.
  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult

  /// Bytes of a direction are missing from the capture.
  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  )

  /// The flow ended.
  mutating func end(_ context: inout RecognitionContext)

  /// Makes the recognizer as new, for another flow.
  mutating func restart()

  /// The flow ended, and another one may follow.
  mutating func endAndRestart(_ context: inout RecognitionContext)
}

extension Recognizer {
  static var firstBytes: FirstBytes { .any }
  static var joinsMidStream: Bool { false }
  static func resume(_ bytes: Span<UInt8>) -> Int? { nil }
  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {}
  mutating func end(_ context: inout RecognitionContext) {}
  mutating func restart() { self = Self() }
  mutating func endAndRestart(_ context: inout RecognitionContext) {
    end(&context)
    restart()
  }
  var mediaMayFollow: Bool { false }
  var heldByteCount: Int { 0 }
}
