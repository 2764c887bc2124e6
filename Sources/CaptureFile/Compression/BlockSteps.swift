// SPDX-License-Identifier: Apache-2.0

/// Feeds a decoder at most one compressed block a call.
///
/// libzstd and liblz4 do not say what a call produced before it met corrupt input. Given one block
/// at a time, all blocks before the corrupt one are kept, whatever the sizes of input and output.
struct BlockSteps {
  /// What one call of the library did.
  struct Step {
    var consumed = 0
    var produced = 0
    /// Bytes that the library wants next, those of the following block's header included; 0 at the
    /// end of a member, `nil` where the input is corrupt.
    var wanted: Int?
  }

  /// Bytes of a block's header, which would bring the next block into the same call.
  private let blockHeaderByteCount: Int
  /// Bytes that the library wants at the start of a member.
  private let startByteCount: Int
  private var wanted: Int
  /// Whether the library may still hold output of the last block, because there was no more room;
  /// it must hand that out before it sees the next block.
  private var mayHoldOutput = false

  init(blockHeaderByteCount: Int, startByteCount: Int) {
    self.blockHeaderByteCount = blockHeaderByteCount
    self.startByteCount = startByteCount
    wanted = startByteCount
  }

  /// Calls `step` until the input is used up, the output full, or the member over.
  mutating func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer,
    _ step: (UnsafeRawBufferPointer, UnsafeMutableRawBufferPointer) -> Step
  ) -> DecodedPiece {
    var piece = DecodedPiece(consumed: 0, produced: 0, state: .inside)
    while true {
      let limit = wanted > blockHeaderByteCount ? wanted - blockHeaderByteCount : max(wanted, 1)
      let count = mayHoldOutput ? 0 : min(limit, input.count - piece.consumed)
      let room = output.count - piece.produced
      let done = unsafe step(
        UnsafeRawBufferPointer(rebasing: input[piece.consumed..<piece.consumed + count]),
        UnsafeMutableRawBufferPointer(rebasing: output[piece.produced...]))
      guard let next = done.wanted else {
        piece.state = .corrupt
        return piece
      }
      let hasEmptied = mayHoldOutput && done.produced < room
      mayHoldOutput = done.produced == room
      piece.consumed += done.consumed
      piece.produced += done.produced
      guard next > 0 else {
        wanted = startByteCount
        mayHoldOutput = false
        piece.state = .ended
        return piece
      }
      wanted = next
      if piece.consumed == input.count || mayHoldOutput
        || (done.consumed + done.produced == 0 && !hasEmptied)
      {
        return piece
      }
    }
  }
}
