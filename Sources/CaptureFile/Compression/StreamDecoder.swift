// SPDX-License-Identifier: Apache-2.0

/// Turns compressed bytes into the bytes they stand for, a piece at a time.
protocol StreamDecoder: AnyObject {
  /// Decodes as much as input and output allow.
  func decode(
    _ input: UnsafeRawBufferPointer, into output: UnsafeMutableRawBufferPointer
  ) -> DecodedPiece
  /// Gets ready for another member after the end of one; false where none may follow.
  func startsMember(_ input: UnsafeRawBufferPointer) -> Bool
}

/// What one step of a decoder did.
struct DecodedPiece {
  /// What holds after a step.
  enum State {
    /// Inside a member.
    case inside
    /// A member ended.
    case ended
    /// The bytes are not what they should be.
    case corrupt
  }

  var consumed: Int
  var produced: Int
  var state: State
}

/// The uncompressed bytes of a compressed source.
///
/// Members (frames) that follow one another are one stream. A stream that is cut or corrupt
/// gives what came before. What follows the last member is not read, and told unless it is zeros, as
/// tapes and disks pad with.
final class DecompressedByteSource: ByteSource {
  private let source: any ByteSource
  private let decoder: any StreamDecoder
  private let input = Block(byteCount: Block.standardByteCount)
  private var position = 0
  private var state = DecodedPiece.State.inside
  private var sourceEnded = false
  private var ended = false
  private(set) var failure: SourceFailure?

  init(_ source: any ByteSource, _ decoder: any StreamDecoder) {
    self.source = source
    self.decoder = decoder
  }

  var byteCount: UInt64? { nil }
  var isStopped: Bool { source.isStopped }

  func read(into buffer: UnsafeMutableRawBufferPointer) -> Int {
    var filled = 0
    while filled < buffer.count && !ended {
      let output = unsafe UnsafeMutableRawBufferPointer(rebasing: buffer[filled...])
      filled += unsafe step(into: output)
    }
    return filled
  }

  private func step(into output: UnsafeMutableRawBufferPointer) -> Int {
    if position == input.count && !sourceEnded { refill() }
    if position == input.count && state == .ended {
      ended = true
      return 0
    }
    let input = input
    let compressed = input.bytes
    let piece = unsafe compressed.extracting(position..<input.count).withUnsafeBytes { bytes in
      if state == .ended {
        guard unsafe decoder.startsMember(bytes) else {
          // What follows the last member is padding or foreign.
          return DecodedPiece(consumed: 0, produced: 0, state: .ended)
        }
      }
      return unsafe decoder.decode(bytes, into: output)
    }
    let isStuck = piece.consumed == 0 && piece.produced == 0
    position += piece.consumed
    if state == .ended && piece.state == .ended && isStuck {
      ended = true
      noteTrailingData()
      return 0
    }
    state = piece.state
    if state == .corrupt {
      fail(.corruptCompression, "the compressed data is corrupt")
    } else if isStuck && state == .inside {
      if sourceEnded {
        fail(.truncatedCompression, "the compressed data is cut")
      } else {
        carryOver()
      }
    }
    return piece.produced
  }

  private func fail(_ reason: CaptureDamage.Reason, _ text: String, byteCount: UInt64 = 0) {
    ended = true
    failure = source.failure ?? SourceFailure(reason: reason, text: text, byteCount: byteCount)
  }

  /// Reads what follows the last member to its end, to tell how much it is.
  private func noteTrailingData() {
    var count: UInt64 = 0
    var isPadding = true
    let input = input
    repeat {
      let bytes = input.bytes
      for index in position..<bytes.count where bytes[index] != 0 {
        isPadding = false
        break
      }
      count &+= UInt64(bytes.count - position)
      refill()
    } while input.count > 0
    guard !isPadding else { return }
    fail(.trailingData, "more data follows the compressed data", byteCount: count)
  }

  private func refill() {
    input.clear()
    position = 0
    input.append(from: source, to: input.capacity)
    sourceEnded = input.count < input.capacity
  }

  /// A decoder that neither takes nor gives needs more bytes than are left.
  private func carryOver() {
    let input = input
    let compressed = input.bytes
    let rest = Block(byteCount: input.count - position)
    rest.copy(from: compressed.extracting(position..<input.count))
    input.copy(from: rest.bytes)
    position = 0
    let before = input.count
    input.append(from: source, to: input.capacity)
    sourceEnded = input.count < input.capacity || input.count == before
  }
}
