// SPDX-License-Identifier: Apache-2.0

/// What a flow carries, as the ground truth counts it.
enum Service: Int, CaseIterable {
  case rtp
  case rtcp
  case rtsp
  case tls
  case http
  case dns

  var name: String {
    switch self {
    case .rtp: "rtp"
    case .rtcp: "rtcp"
    case .rtsp: "rtsp"
    case .tls: "tls"
    case .http: "http"
    case .dns: "dns"
    }
  }
}

/// An IPv4 address (the low 32 bits, `high` zero) or an IPv6 address.
struct Address: Equatable {
  var high: UInt64
  var low: UInt64
  var isIPv6: Bool

  static func ipv4(_ value: UInt32) -> Address {
    Address(high: 0, low: UInt64(value), isIPv6: false)
  }

  static func ipv6(_ high: UInt64, _ low: UInt64) -> Address {
    Address(high: high, low: low, isIPv6: true)
  }

  /// Text as RFC 5952 asks (the longest run of two or more zero groups is cut) or dotted decimal.
  var text: String {
    guard isIPv6 else {
      return (0..<4).map { String((low >> (24 - 8 * UInt64($0))) & 0xFF) }.joined(separator: ".")
    }
    let groups = (0..<8).map { index -> UInt64 in
      ((index < 4 ? high : low) >> (48 - 16 * UInt64(index & 3))) & 0xFFFF
    }
    var longest = 0..<0
    var start = 0
    while start < 8 {
      var end = start
      while end < 8, groups[end] == 0 { end += 1 }
      if end - start > max(1, longest.count) { longest = start..<end }
      start = end + 1
    }
    let hexadecimal = groups.map { String($0, radix: 16) }
    guard !longest.isEmpty else { return hexadecimal.joined(separator: ":") }
    return hexadecimal[..<longest.lowerBound].joined(separator: ":") + "::"
      + hexadecimal[longest.upperBound...].joined(separator: ":")
  }
}

struct Endpoint {
  /// 48 bits.
  var mac: UInt64
  var address: Address
  var port: UInt16
}

/// One five-tuple: who speaks, over which VLAN, and what of it reached the capture.
final class Flow {
  let service: Service
  let isTCP: Bool
  /// Index 0 is the originator, 1 the responder.
  let endpoints: [Endpoint]
  /// 0 stands for no tag.
  let vlan: UInt16
  /// IPv4 Identification of the next packet in each direction.
  var identifications: (UInt16, UInt16)
  /// IPv6 flow label, 20 bits.
  let flowLabel: UInt32
  var capturedPackets = 0

  init(
    service: Service, isTCP: Bool, originator: Endpoint, responder: Endpoint, vlan: UInt16,
    random: inout SplitMix64
  ) {
    self.service = service
    self.isTCP = isTCP
    self.endpoints = [originator, responder]
    self.vlan = vlan
    let word = random.next()
    identifications = (UInt16(truncatingIfNeeded: word), UInt16(truncatingIfNeeded: word >> 16))
    flowLabel = UInt32(truncatingIfNeeded: word >> 32) & 0xF_FFFF
  }
}

enum Direction: Int {
  case fromOriginator = 0
  case fromResponder = 1

  var reversed: Direction { self == .fromOriginator ? .fromResponder : .fromOriginator }
}
