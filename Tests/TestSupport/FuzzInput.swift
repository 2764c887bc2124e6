// SPDX-License-Identifier: Apache-2.0

/// Inputs of the fuzz targets that take several pieces: a head, then for each piece a control
/// byte, its length in 16 bits, and its bytes.
package enum FuzzInput {
  /// One piece: a packet, a segment, a datagram, a unit.
  package struct Piece {
    package var control: UInt8
    package var bytes: [UInt8]

    /// Makes a piece.
    package init(control: UInt8, bytes: [UInt8]) {
      self.control = control
      self.bytes = bytes
    }
  }

  /// The bytes of an input; pieces beyond 65,535 bytes are cut.
  package static func bytes(head: [UInt8], _ pieces: [Piece]) -> [UInt8] {
    head
      + pieces.flatMap { piece in
        let bytes = piece.bytes.prefix(65_535)
        return [piece.control, UInt8(bytes.count >> 8), UInt8(bytes.count & 255)] + bytes
      }
  }

  /// The link types that the target `decoding` knows; its head is an index of this list.
  package static let linkTypes: [UInt32] = [
    1, 113, 276, 101, 228, 229, 12, 14, 0, 108, 9, 50, 204, 166, 51, 104, 105, 127, 119, 163, 192,
    239, 258, 149, 65_535,
  ]

  /// The responder's ports that the target `recognizers` knows; its head holds twice the index in
  /// this list, plus one for TCP.
  package static let ports: [UInt16] = [
    40_002, 53, 80, 443, 554, 1935, 3478, 5060, 5353, 5355, 8000, 37_777, 34_567, 9000, 123, 137,
    67, 547, 1900, 3702, 37_020, 5004, 4500, 51_820, 37_810, 32_100, 10_001, 6667, 8554, 8080, 21,
    22, 25, 34_569, 6036, 2015,
  ]

  /// Head of the target `recognizers`.
  package static func recognizerHead(port: UInt16, isDatagram: Bool) -> UInt8 {
    UInt8((ports.firstIndex(of: port) ?? 0) * 2 + (isDatagram ? 0 : 1))
  }

  /// The piece runs from the responder to the originator.
  package static let fromResponder: UInt8 = 1
  /// Bytes are missing before the piece.
  package static let followsGap: UInt8 = 2
  /// A minute passes before the piece.
  package static let afterPause: UInt8 = 4
  /// The capture cut the piece's packet.
  package static let isCut: UInt8 = 8
}
