// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// The domain name system, [RFC 1035](https://www.rfc-editor.org/rfc/rfc1035), and its local
/// forms: multicast DNS (RFC 6762) and LLMNR (RFC 4795).
struct DNSRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = true

  /// Well-known ports of the three.
  static let port: UInt16 = 53
  static let multicastPort: UInt16 = 5_353
  static let localPort: UInt16 = 5_355

  private var waiting: InlineArray<2, [UInt8]> = .init(repeating: [])

  init() {}

  var heldByteCount: Int { waiting[0].count &+ waiting[1].count }

  /// What the ports say: names of the domain system, or of the link.
  static func source(_ first: UInt16, _ second: UInt16) -> NameSource? {
    if first == port || second == port { return .dns }
    if first == multicastPort || second == multicastPort { return .multicastDNS }
    return first == localPort || second == localPort ? .llmnr : nil
  }

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard hint.uses(port) || hint.uses(multicastPort) || hint.uses(localPort) else {
      return .notMine
    }
    if hint.isDatagram {
      return DNSMessage.isMessage(bytes, originalLength: hint.originalLength) ? .certain : .notMine
    }
    guard hint.uses(port), bytes.count >= 2 else { return .notMine }
    // Over TCP a 16-bit length precedes each message (RFC 1035 §4.2.2).
    guard bytes.count >= 19 else { return .unsure }
    let length = bytes.integer16(0)
    return DNSMessage.isMessage(bytes.extracting(2..<bytes.count), originalLength: length)
      ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    let hint = context.hint(chunk)
    let source = Self.source(hint.sourcePort, hint.destinationPort) ?? .dns
    if context.result == RecognitionContext.none || chunk.depth > 0 {
      context.setService(source.service, chunk)
    }
    if chunk.isDatagram {
      DNSMessage.announce(bytes, source: source, chunk, &context)
      return .more
    }
    let side = Int(chunk.direction.rawValue)
    guard waiting[side].count + bytes.count <= 65_537 else { return .directionDone }
    waiting[side].append(contentsOf: bytes)
    var offset = 0
    do {
      let span = waiting[side].span
      while offset &+ 2 <= span.count {
        let end = offset &+ 2 &+ span.integer16(offset)
        guard end <= span.count else { break }
        DNSMessage.announce(
          span.extracting(offset &+ 2..<end), source: source, chunk, &context)
        offset = end
      }
    }
    waiting[side].removeFirst(offset)
    return .more
  }

  mutating func skip(
    _ count: Int, _ direction: FlowDirection, _ context: inout RecognitionContext
  ) {
    waiting[Int(direction.rawValue)] = []
  }
}

extension NameSource {
  /// The service that gives names of this source.
  var service: Service {
    switch self {
    case .dns: .dns
    case .multicastDNS: .mdns
    case .llmnr: .llmnr
    case .netBIOS: .nbns
    case .dhcp: .dhcp
    }
  }
}
