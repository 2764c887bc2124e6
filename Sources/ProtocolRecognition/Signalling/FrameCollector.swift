// SPDX-License-Identifier: Apache-2.0

/// Puts the frames of one direction together: a fixed header that tells the length, then a body.
struct FrameCollector {
  /// Bytes kept of one frame; the first NAL units of a picture lie there.
  static let maximumKept = 65_536
  /// Longest frame: a key frame of an 8K camera has a few MB.
  static let maximumFrame = 16 << 20

  private var kept: [UInt8] = []
  private var left = 0
  private var isInBody = false
  /// Whether framing was lost; the owner decides what to do.
  private(set) var isLost = false
  private(set) var hasGap = false

  /// Bytes of the frame under way.
  var keptByteCount: Int { kept.count }

  /// Collects bytes and calls `frame` with every finished frame, header included, its body cut to
  /// what is kept.
  ///
  /// - Parameters:
  ///   - bytes: The next bytes of the direction.
  ///   - headerByteCount: Length of the header.
  ///   - length: Gives the length of the body after a header, or `nil` when it is none.
  ///   - frame: Takes a frame.
  mutating func feed(
    _ bytes: Span<UInt8>, headerByteCount: Int, length: (Span<UInt8>) -> Int?,
    frame: (Span<UInt8>) -> Void
  ) {
    var offset = 0
    while offset < bytes.count, !isLost {
      if !isInBody {
        let taken = min(headerByteCount - kept.count, bytes.count - offset)
        kept.append(contentsOf: bytes, in: offset..<offset + taken)
        offset += taken
        guard kept.count == headerByteCount else { return }
        guard let body = length(kept.span), body >= 0, body <= Self.maximumFrame else {
          isLost = true
          return
        }
        left = body
        isInBody = true
      }
      let taken = min(left, bytes.count - offset)
      let room = max(0, min(taken, Self.maximumKept - kept.count))
      kept.append(contentsOf: bytes, in: offset..<offset + room)
      left -= taken
      offset += taken
      if left == 0 {
        frame(kept.span)
        kept.removeAll(keepingCapacity: true)
        isInBody = false
        hasGap = false
      }
    }
  }

  /// `count` bytes are missing.
  mutating func skip(_ count: Int) {
    hasGap = true
    if isInBody, count < left {
      left -= count
    } else {
      isLost = true
      kept = []
    }
  }

  /// Starts afresh at a frame boundary.
  mutating func restart() { self = FrameCollector() }
}
