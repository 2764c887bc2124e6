// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import PacketDecoding

/// Ubiquiti discovery (UDP 10001, group 233.89.188.1): addresses, model and firmware of UniFi
/// devices, cameras among them (camera-protocols.md B12, media-magics.tsv `ubiquiti-discovery`).
///
/// UniFi Protect itself is TLS on port 7442; its video (`extendedFlv`, TCP 7550) is read as FLV.
struct UniFiRecognizer: Recognizer {
  static let readsDatagrams = true
  static let readsStreams = false

  static let port: UInt16 = 10_001
  static let headerByteCount = 4
  /// Fields read of one answer.
  static let maximumFields = 64

  /// Whether the fields of an answer (type, 16-bit length, value) fill it exactly.
  static func isAnswer(_ bytes: Span<UInt8>) -> Bool {
    guard bytes.count > headerByteCount, bytes[0] == 2, bytes[1] == 6 || bytes[1] == 0,
      bytes.integer16(2) &+ headerByteCount == bytes.count
    else { return false }
    var offset = headerByteCount
    var number = 0
    while offset < bytes.count, number < maximumFields {
      guard offset &+ 3 <= bytes.count else { return false }
      offset &+= 3 &+ bytes.integer16(offset &+ 1)
      number &+= 1
    }
    return offset == bytes.count && number > 1
  }

  static func probe(_ bytes: Span<UInt8>, _ hint: ProbeHint) -> ProbeAnswer {
    guard hint.uses(port) else { return .notMine }
    if bytes.count == headerByteCount, bytes.integer32(0) == 0x0100_0000 { return .certain }
    return isAnswer(bytes) ? .certain : .notMine
  }

  mutating func follow(
    _ bytes: Span<UInt8>, _ chunk: Chunk, _ context: inout RecognitionContext
  ) -> FollowResult {
    guard Self.isAnswer(bytes) else {
      guard bytes.integer32(0) == 0x0100_0000 else { return .foreignDatagram }
      context.setService(.ubiquitiDiscovery, chunk)
      return .more
    }
    context.setService(.ubiquitiDiscovery, chunk)
    var offset = Self.headerByteCount
    var macAddress: MACAddress?
    var firmware = ""
    var model = ""
    var name = ""
    while offset &+ 3 <= bytes.count {
      let start = offset &+ 3
      let end = start &+ bytes.integer16(offset &+ 1)
      guard end <= bytes.count else { break }
      switch bytes[offset] {
      case 0x01, 0x02:
        if end &- start >= 6, macAddress == nil {
          macAddress = MACAddress(
            bits: UInt64(bytes.integer32(start)) << 16 | UInt64(bytes.integer16(start &+ 4)))
        }
      case 0x03: firmware = bytes.text(start..<end)
      case 0x0B: name = bytes.text(start..<end)
      case 0x0C: model = bytes.text(start..<end)
      default: break
      }
      offset = end
    }
    context.addMark(
      "ubiquiti_discovery", vendor: "ubiquiti", model: model, firmware: firmware,
      macAddress: macAddress, role: model.hasPrefix("UVC") ? "camera" : "", text: name,
      confidence: .strong, chunk)
    return .more
  }
}
