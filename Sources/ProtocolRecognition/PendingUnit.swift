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

/// Who receives the media units of a batch; implemented by MediaInspection's inspector.
package protocol MediaUnitConsumer: ~Copyable {
  /// Looks at one unit; units of a stream come in capture order.
  mutating func inspect(_ unit: MediaUnit, _ payload: Span<UInt8>)
}
