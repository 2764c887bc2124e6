// SPDX-License-Identifier: Apache-2.0

package import ProtocolRecognition

/// Proves video from its bitstream: takes the media units of one shard in capture order and answers
/// what each stream is.
///
/// - Complexity: O(1) a unit of a settled RTP stream, no allocation (about 220 instructions by
///   callgrind for a fragment of H.264); O(bytes) while a stream is being recognised and for
///   containers. Memory is about 640 bytes a stream, 3 KiB more while several codecs are possible,
///   and at most 64 KiB while tables of a container are put together.
package struct MediaInspector: MediaUnitConsumer, Sendable {
  /// Streams of a shard beyond this number are not inspected; a guard against a hostile index.
  static let maximumStreams = 1 << 24

  private var streams: [StreamInspection] = []

  /// Makes an inspector without streams.
  package init() {}

  /// Looks at the units of a batch, in capture order.
  package mutating func inspect(_ units: Span<PendingUnit>, in bytes: borrowing UnitBytes) {
    var index = 0
    while index < units.count {
      index = inspectKnown(units, from: index, in: bytes)
      if index < units.count, !grow(to: Int(units[index].unit.stream)) { index &+= 1 }
    }
  }

  /// Looks at units until one of a stream comes that is not known yet; says which.
  ///
  /// Through a span: whether the array is shared need not be asked for every unit.
  private mutating func inspectKnown(
    _ units: Span<PendingUnit>, from first: Int, in bytes: borrowing UnitBytes
  ) -> Int {
    var known = streams.mutableSpan
    var index = first
    while index < units.count {
      let stream = Int(units[index].unit.stream)
      guard stream < known.count else { return index }
      if units[index].length > 0,
        !known[stream].passes(units[index].unit.framing, units[index].unit.timestamp)
      {
        known[stream].inspect(units[index].unit, bytes.payload(of: units[index]))
      }
      index &+= 1
    }
    return index
  }

  /// Looks at one unit; units of a stream must come in capture order.
  package mutating func inspect(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    let index = Int(unit.stream)
    if index >= streams.count, !grow(to: index) { return }
    streams[index].inspect(unit, payload)
  }

  /// Says that signalling named `codec` for a stream.
  package mutating func setCodecHint(_ codec: Codec, forStream stream: UInt32) {
    let index = Int(stream)
    if index >= streams.count, !grow(to: index) { return }
    streams[index].setHint(codec)
  }

  /// Gives a parameter set that signalling carried (`sprop-parameter-sets`, `sprop-sps`, `config`).
  package mutating func setParameterSets(
    _ bytes: Span<UInt8>, codec: Codec, forStream stream: UInt32
  ) {
    let index = Int(stream)
    if index >= streams.count, !grow(to: index) { return }
    streams[index].setParameterSets(bytes, codec)
  }

  /// What the bitstream of `stream` shows; nil when none of its units came.
  package func proof(ofStream stream: UInt32) -> MediaProof? {
    let index = Int(stream)
    guard index < streams.count else { return nil }
    return streams[index].proof()
  }

  private mutating func grow(to index: Int) -> Bool {
    guard index < Self.maximumStreams else { return false }
    while streams.count <= index { streams.append(StreamInspection()) }
    return true
  }
}
