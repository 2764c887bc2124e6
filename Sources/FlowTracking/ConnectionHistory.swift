// SPDX-License-Identifier: Apache-2.0

/// What happened to a connection, as Zeek's `history` letters
/// ([conn.log](https://docs.zeek.org/en/current/scripts/base/protocols/conn/main.zeek.html#type-Conn::Info)):
/// upper case from the originator, lower case from the responder.
///
/// Twelve letters of five bits each; later ones are dropped, as each letter (but for Zeek's
/// logarithmic repeats) is noted once a direction.
package struct ConnectionHistory: Sendable, BitwiseCopyable, Equatable {
  /// The letters noted, by what they mean.
  package enum Letter: UInt8, Sendable, BitwiseCopyable, CaseIterable {
    /// SYN without ACK.
    case syn = 1
    /// SYN with ACK.
    case synAck
    /// ACK without payload.
    case acknowledgment
    /// Packet with payload.
    case data
    /// FIN.
    case fin
    /// RST.
    case reset
    /// Content gap.
    case gap
    /// Retransmitted payload.
    case retransmission
    /// Zero window.
    case zeroWindow
    /// Inconsistent packet: SYN and RST.
    case inconsistent
    /// Multi-flag packet: SYN and FIN.
    case multipleFlags
    /// Originator and responder were exchanged.
    case flipped

    /// Zeek's letter for the originator's side.
    var character: UInt8 {
      switch self {
      case .syn: UInt8(ascii: "S")
      case .synAck: UInt8(ascii: "H")
      case .acknowledgment: UInt8(ascii: "A")
      case .data: UInt8(ascii: "D")
      case .fin: UInt8(ascii: "F")
      case .reset: UInt8(ascii: "R")
      case .gap: UInt8(ascii: "G")
      case .retransmission: UInt8(ascii: "T")
      case .zeroWindow: UInt8(ascii: "W")
      case .inconsistent: UInt8(ascii: "I")
      case .multipleFlags: UInt8(ascii: "Q")
      case .flipped: UInt8(ascii: "^")
      }
    }
  }

  /// Number of letters (4) | five bits a letter (60): four of `Letter`, one for the responder; the
  /// first in the low bits.
  private var letters: UInt64 = 0

  package init() {}

  /// The bit that tells whether a letter was noted in a direction.
  @inline(__always)
  static func bit(_ letter: Letter, _ direction: FlowDirection) -> UInt32 {
    1 &<< (UInt32(letter.rawValue) &* 2 &+ UInt32(direction.rawValue))
  }

  /// The bits of payload in either direction.
  static var dataBits: UInt32 { bit(.data, .fromOriginator) | bit(.data, .fromResponder) }

  /// Appends a letter; the caller has checked that it is the direction's first of its kind.
  @inline(__always)
  mutating func append(_ letter: Letter, _ direction: FlowDirection) {
    let count = letters &>> 60
    guard count < 12 else { return }
    let code = UInt64(letter.rawValue &<< 1 | direction.rawValue)
    letters = (letters | code &<< (count &* 5)) &+ 1 &<< 60
  }

  /// Whether a letter was noted in a direction, and not dropped.
  package func holds(_ letter: Letter, _ direction: FlowDirection) -> Bool {
    let code = UInt64(letter.rawValue &<< 1 | direction.rawValue)
    return stride(from: 0 as UInt64, to: 60, by: 5).contains { letters &>> $0 & 0x1F == code }
  }

  /// Reads what `text` gives; other letters are left out.
  package init(text: String) {
    for character in text.utf8 {
      for letter in Letter.allCases where letter.character == character & 0xDF {
        append(letter, character & 0x20 != 0 ? .fromResponder : .fromOriginator)
      }
    }
  }

  /// The letters in order of their first occurrence.
  package var text: String {
    var rest = letters & (1 << 60 - 1)
    var bytes: [UInt8] = []
    while rest != 0 {
      if let letter = Letter(rawValue: UInt8(truncatingIfNeeded: rest & 0x1F) >> 1) {
        let isLowerCase = rest & 1 == 1 && letter != .flipped
        bytes.append(isLowerCase ? letter.character | 0x20 : letter.character)
      }
      rest >>= 5
    }
    return String(decoding: bytes, as: UTF8.self)
  }
}
