// SPDX-License-Identifier: Apache-2.0

internal import Crypto
public import PacketDecoding

/// The flow hash that Zeek, Suricata and Arkime share
/// ([Community ID](https://github.com/corelight/community-id-spec), version 1, seed 0).
public enum CommunityID {
  /// The identifier of a flow, for example `1:wCb3OG7yAFWelaUydu0D+125CLM=`.
  ///
  /// For ICMP the ports are type and code of a message; see `communityID` of a flow. Other protocols
  /// without ports are hashed without them; 802.11 (protocol 0) has no identifier.
  ///
  /// - Parameters:
  ///   - protocolNumber: IP protocol number.
  ///   - source: Address of the sender.
  ///   - sourcePort: Port of the sender; type of an ICMP message.
  ///   - destination: Address of the receiver.
  ///   - destinationPort: Port of the receiver; code of an ICMP message.
  /// - Returns: The identifier, the same for both directions; `nil` without one.
  public static func text(
    protocolNumber: UInt8, source: IPAddress, sourcePort: UInt16, destination: IPAddress,
    destinationPort: UInt16
  ) -> String? {
    guard protocolNumber != 0 else { return nil }
    var first = (address: source, port: sourcePort)
    var second = (address: destination, port: destinationPort)
    var isOneWay = false
    if let answers = answers[protocolNumber] {
      if let answer = answers[sourcePort] { second.port = answer } else { isOneWay = true }
    }
    if !isOneWay, (second.address, second.port) < (first.address, first.port) {
      swap(&first, &second)
    }
    var input: [UInt8] = [0, 0]
    input.append(address: first.address)
    input.append(address: second.address)
    input.append(protocolNumber)
    input.append(0)
    if [1, 6, 17, 58, 132].contains(protocolNumber) {
      for port in [first.port, second.port] {
        input.append(UInt8(port >> 8))
        input.append(UInt8(truncatingIfNeeded: port))
      }
    }
    return "1:" + base64(Array(Insecure.SHA1.hash(data: input)))
  }

  /// ICMP and ICMPv6 types with the type that answers them; all others go one way (as in the
  /// reference implementation, [pycommunityid](https://github.com/corelight/pycommunityid)).
  private static let answers: [UInt8: [UInt16: UInt16]] = [
    1: both([(0, 8), (9, 10), (13, 14), (15, 16), (17, 18)]),
    58: both([(128, 129), (130, 131), (133, 134), (135, 136), (139, 140), (144, 145)]),
  ]

  private static func both(_ pairs: [(UInt16, UInt16)]) -> [UInt16: UInt16] {
    var result: [UInt16: UInt16] = [:]
    for (one, other) in pairs {
      result[one] = other
      result[other] = one
    }
    return result
  }

  /// Base64 with padding ([RFC 4648 §4](https://www.rfc-editor.org/rfc/rfc4648#section-4)).
  private static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/".utf8)
    var text: [UInt8] = []
    for start in stride(from: 0, to: bytes.count, by: 3) {
      let count = min(3, bytes.count - start)
      var group: UInt32 = 0
      for index in 0..<3 {
        group = group << 8 | (index < count ? UInt32(bytes[start + index]) : 0)
      }
      for index in 0..<4 {
        let sextet = Int(group >> UInt32(18 - 6 * index)) & 63
        text.append(index <= count ? alphabet[sextet] : UInt8(ascii: "="))
      }
    }
    return String(decoding: text, as: UTF8.self)
  }
}

extension [UInt8] {
  /// Appends the four or sixteen bytes of an address in network order.
  fileprivate mutating func append(address: IPAddress) {
    if let bits = address.v4 {
      for shift in stride(from: 24, through: 0, by: -8) {
        append(UInt8(truncatingIfNeeded: bits >> UInt32(shift)))
      }
      return
    }
    for word in [address.high, address.low] {
      for shift in stride(from: 56, through: 0, by: -8) {
        append(UInt8(truncatingIfNeeded: word >> UInt64(shift)))
      }
    }
  }
}

extension Flow {
  /// The flow's Community ID, or `nil` for protocols that have none and for unknown ports.
  ///
  /// An ICMP flow holds messages of all types between two hosts; the identifier is that of its
  /// first message.
  public var communityID: String? {
    guard !lacksPorts else { return nil }
    let isICMP = protocolNumber == 1 || protocolNumber == 58
    return CommunityID.text(
      protocolNumber: protocolNumber, source: originatorAddress,
      sourcePort: isICMP ? firstMessage >> 8 : originatorPort, destination: responderAddress,
      destinationPort: isICMP ? firstMessage & 0xFF : responderPort)
  }
}
