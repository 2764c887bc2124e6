// SPDX-License-Identifier: Apache-2.0

/// Where the bytes of a media unit lie until the batch was handled.
package enum MediaSource: UInt8, Sendable, BitwiseCopyable {
  /// In the batch's block.
  case block
  /// In the batch's joined datagrams.
  case joined
  /// In the flow table's arena.
  case arena
  /// In the engine's own copy, for bytes put together from several packets.
  case copied
}

/// A media unit and where its bytes lie.
package struct PendingUnit: Sendable, BitwiseCopyable {
  package var unit: MediaUnit
  package var source: MediaSource
  package var offset: UInt32
  package var length: UInt32
}

/// Where the bytes of a batch's media units lie.
package struct UnitBytes: ~Escapable {
  @usableFromInline let block: Span<UInt8>
  @usableFromInline let joined: Span<UInt8>
  @usableFromInline let arena: Span<UInt8>
  @usableFromInline let copied: Span<UInt8>

  @_lifetime(copy block, copy joined, copy arena, copy copied)
  init(block: Span<UInt8>, joined: Span<UInt8>, arena: Span<UInt8>, copied: Span<UInt8>) {
    self.block = block
    self.joined = joined
    self.arena = arena
    self.copied = copied
  }

  /// The bytes of a unit.
  @inlinable
  @inline(__always)
  @_lifetime(copy self)
  package func payload(of pending: PendingUnit) -> Span<UInt8> {
    let start = Int(pending.offset)
    let range = start..<start &+ Int(pending.length)
    switch pending.source {
    case .block: return block.extracting(range)
    case .joined: return joined.extracting(range)
    case .arena: return arena.extracting(range)
    case .copied: return copied.extracting(range)
    }
  }
}

/// Who receives the media units of a batch; implemented by MediaInspection's inspector.
package protocol MediaUnitConsumer: ~Copyable {
  /// Looks at the units of a batch, in capture order.
  ///
  /// All at once, because a call from module to module costs as much as looking at a unit.
  mutating func inspect(_ units: Span<PendingUnit>, in bytes: borrowing UnitBytes)
}
