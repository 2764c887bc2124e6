// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// The `Transport` header, RFC 2326 §12.39.
struct TransportHeader {
  var clientPort: UInt16?
  var serverPort: UInt16?
  var multicastPort: UInt16?
  var interleaved: UInt8?
  var synchronizationSource: UInt32?
  var source: IPAddress?
  var destination: IPAddress?
  var isRecording = false

  init(parsing bytes: Span<UInt8>, _ range: Range<Int>) {
    var offset = range.lowerBound
    while offset < range.upperBound {
      let end =
        bytes.firstIndex(of: UInt8(ascii: ";"), in: offset..<range.upperBound)
        ?? range.upperBound
      let equals = bytes.firstIndex(of: UInt8(ascii: "="), in: offset..<end) ?? end
      let value = min(equals &+ 1, end)..<end
      let number = bytes.leadingDecimal(from: value.lowerBound, to: end)?.value
      let port = number.flatMap { UInt16(exactly: $0) }
      if bytes.hasCaseInsensitive("client_port=", at: offset) {
        clientPort = port
      } else if bytes.hasCaseInsensitive("server_port=", at: offset) {
        serverPort = port
      } else if bytes.hasCaseInsensitive("port=", at: offset) {
        multicastPort = port
      } else if bytes.hasCaseInsensitive("interleaved=", at: offset) {
        interleaved = number.flatMap { UInt8(exactly: $0) }
      } else if bytes.hasCaseInsensitive("ssrc=", at: offset) {
        synchronizationSource = UInt32(bytes.text(value, limit: 8), radix: 16)
      } else if bytes.hasCaseInsensitive("source=", at: offset), !value.isEmpty {
        source = IPAddress(parsing: bytes.extracting(value))
      } else if bytes.hasCaseInsensitive("destination=", at: offset), !value.isEmpty {
        destination = IPAddress(parsing: bytes.extracting(value))
      } else if bytes.hasCaseInsensitive("mode=", at: offset) {
        isRecording =
          bytes.firstIndex(of: "record", in: value) != nil
          || bytes.firstIndex(of: "receive", in: value) != nil
      }
      offset = end &+ 1
    }
  }
}
