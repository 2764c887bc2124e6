// SPDX-License-Identifier: Apache-2.0

/// Where the parts of a flow out of the ordinary lie: the index of each plus one, 0 for none.
///
/// In parts, because one copied packet, the commonest of them, is a quarter of what a hole needs.
struct FlowDetail: BitwiseCopyable {
  /// In `FlowTable.copies`.
  var copies: UInt32 = 0
  /// In `FlowTable.disorders`.
  var disorder: UInt32 = 0
}

/// Packets of a flow that were copies of others.
struct FlowCopies: BitwiseCopyable {
  var packets = Directions<UInt64>(0)
  var wireBytes = Directions<UInt64>(0)
  var payloadBytes = Directions<UInt64>(0)
}
