// SPDX-License-Identifier: Apache-2.0

/// What a TLS or DTLS ClientHello tells in the clear,
/// [RFC 8446 §4.1.2](https://www.rfc-editor.org/rfc/rfc8446#section-4.1.2).
struct ClientHello {
  /// Server name indication (RFC 6066 §3), empty when absent.
  var serverName = ""
  /// Application protocols offered (RFC 7301).
  var applicationProtocols: [String] = []
  /// Whether `use_srtp` (RFC 5764) is offered: media follows.
  var offersSRTP = false
  /// Whether the true name is hidden (encrypted client hello).
  var isEncrypted = false

  /// Extensions read at most.
  static let maximumExtensions = 64

  /// Reads the body of a ClientHello, as much of it as is there.
  init(parsing body: Span<UInt8>, isDatagram: Bool) {
    var offset = 34
    offset &+= 1 &+ Int(body.byte(offset))
    if isDatagram { offset &+= 1 &+ Int(body.byte(offset)) }
    offset &+= 2 &+ body.integer16(offset)
    offset &+= 1 &+ Int(body.byte(offset))
    let end = min(body.count, offset &+ 2 &+ body.integer16(offset))
    offset &+= 2
    var number = 0
    while offset &+ 4 <= end, number < Self.maximumExtensions {
      let type = body.integer16(offset)
      let start = offset &+ 4
      let stop = min(start &+ body.integer16(offset &+ 2), end)
      switch type {
      case 0 where stop &- start >= 5 && body[start &+ 2] == 0:
        let length = body.integer16(start &+ 3)
        if start &+ 5 &+ length <= stop {
          serverName = body.text(start &+ 5..<start &+ 5 &+ length)
        }
      case 16:
        var position = start &+ 2
        while position < stop, applicationProtocols.count < 8 {
          let length = Int(body[position])
          guard length > 0, position &+ 1 &+ length <= stop else { break }
          applicationProtocols.append(body.text(position &+ 1..<position &+ 1 &+ length))
          position &+= 1 &+ length
        }
      case 14: offersSRTP = true
      case 0xFE0D: isEncrypted = true
      default: break
      }
      offset = stop
      number &+= 1
    }
  }
}

extension RecognitionContext {
  /// Notes what a ClientHello told of the current flow.
  mutating func note(_ hello: ClientHello, _ chunk: Chunk) {
    setServerName(hello.serverName)
    for name in hello.applicationProtocols { addDetail(.applicationProtocol, name, chunk) }
    if hello.isEncrypted { addDetail(.note, "encrypted client hello", chunk) }
    if hello.offersSRTP { setWebRTC(chunk) }
  }

  /// Notes that the current flow sets up media by ICE or DTLS-SRTP.
  mutating func setWebRTC(_ chunk: Chunk) {
    let index = resultIndex()
    results[index].isWebRTC = true
  }
}
