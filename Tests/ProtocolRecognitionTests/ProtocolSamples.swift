// SPDX-License-Identifier: Apache-2.0

import FlowTracking

@testable import ProtocolRecognition

/// One flow of each protocol, written from its specification.
struct ProtocolSample: Sendable, CustomStringConvertible {
  var service: Service
  var isDatagram: Bool
  var port: UInt16
  var pieces: [(direction: FlowDirection, bytes: [UInt8])]

  var description: String { "\(service) on \(port)" }

  init(
    _ service: Service, datagrams: Bool, port: UInt16,
    _ pieces: [(direction: FlowDirection, bytes: [UInt8])]
  ) {
    self.service = service
    isDatagram = datagrams
    self.port = port
    self.pieces = pieces
  }

  /// Sends the flow, each stream piece cut into parts of at most `size` bytes.
  func send(into traffic: inout Traffic, size: Int = .max) {
    traffic.addFlow(
      Traffic.camera, 40_000, Traffic.viewer, port, protocolNumber: isDatagram ? 17 : 6)
    for piece in pieces {
      var offset = 0
      while offset < piece.bytes.count {
        let end =
          isDatagram ? piece.bytes.count : min(piece.bytes.count, offset &+ min(size, 1 << 30))
        traffic.send(
          Array(piece.bytes[offset..<end]), from: piece.direction, isDatagram: isDatagram)
        offset = end
      }
    }
  }
}

func ascii(_ text: String) -> [UInt8] { Array(text.utf8) }

func littleEndian<Number: FixedWidthInteger>(_ value: Number) -> [UInt8] {
  bigEndian(value).reversed()
}

/// A ClientHello for `name` as RFC 8446 §4.1.2 lays it out.
func clientHello(
  _ name: String, protocols: [String] = [], extra: [UInt8] = [], isDatagram: Bool = false
)
  -> [UInt8]
{
  func vector8(_ bytes: [UInt8]) -> [UInt8] { [UInt8(bytes.count)] + bytes }
  func vector16(_ bytes: [UInt8]) -> [UInt8] { bigEndian(UInt16(bytes.count)) + bytes }
  var extensions: [UInt8] = []
  if !name.isEmpty {
    extensions += [0, 0] + vector16(vector16([0] + vector16(ascii(name))))
  }
  if !protocols.isEmpty {
    extensions += [0, 16] + vector16(vector16(protocols.flatMap { vector8(ascii($0)) }))
  }
  extensions += extra
  var body: [UInt8] = isDatagram ? [0xFE, 0xFD] : [3, 3]
  body += [UInt8](repeating: 7, count: 32) + vector8([])
  if isDatagram { body += vector8([]) }
  body += vector16([0x13, 1, 0x13, 2]) + vector8([0]) + vector16(extensions)
  return body
}

/// The hello as a handshake message in one TLS record.
func clientHelloRecord(_ name: String, protocols: [String] = []) -> [UInt8] {
  let body = clientHello(name, protocols: protocols)
  let message = [1, 0] + bigEndian(UInt16(body.count)) + body
  return [22, 3, 1] + bigEndian(UInt16(message.count)) + message
}

/// One transport stream packet.
func transportPacket(_ pid: UInt16, counter: UInt8) -> [UInt8] {
  [0x47] + bigEndian(pid) + [0x10 | counter & 15] + [UInt8](repeating: 0x55, count: 184)
}

/// A DNS answer: a CNAME to the name that has the address.
let dnsAnswer: [UInt8] =
  [0x12, 0x34, 0x81, 0x80, 0, 1, 0, 2, 0, 0, 0, 0]
  + [3] + ascii("Cam") + [7] + ascii("example") + [0] + [0, 1, 0, 1]
  + [0xC0, 12, 0, 5, 0, 1, 0, 0, 0, 60, 0, 6, 3] + ascii("cdn") + [0xC0, 16]
  + [0xC0, 41, 0, 1, 0, 1, 0, 0, 1, 0, 0, 4, 203, 0, 113, 9]

let sessionDescription = """
  v=0\r
  o=- 1 1 IN IP4 192.168.1.64\r
  s=Media Server\r
  c=IN IP4 0.0.0.0\r
  t=0 0\r
  a=Media_header:MEDIAINFO=494D4B48010100000400000100000000;\r
  m=video 0 RTP/AVP 96\r
  a=control:trackID=1\r
  a=rtpmap:96 H264/90000\r
  a=fmtp:96 packetization-mode=1; sprop-parameter-sets=Z00AKo2NQDwBE/LgLcBAQEC,aO44gA==\r
  m=audio 0 RTP/AVP 8\r
  a=control:trackID=2\r

  """

func rtspAnswer(_ sequence: Int, _ headers: String, body: String = "") -> [UInt8] {
  let length = body.isEmpty ? "" : "Content-Length: \(body.utf8.count)\r\n"
  return ascii("RTSP/1.0 200 OK\r\nCSeq: \(sequence)\r\n\(headers)\(length)\r\n\(body)")
}

func rtspRequest(_ method: String, _ uri: String, _ sequence: Int, _ headers: String = "")
  -> [UInt8]
{
  ascii("\(method) \(uri) RTSP/1.0\r\nCSeq: \(sequence)\r\n\(headers)\r\n")
}

/// DESCRIBE, SETUP and PLAY of a camera, up to the media.
func rtspDialogue(transport: String, answer: String) -> [(direction: FlowDirection, bytes: [UInt8])]
{
  let uri = "rtsp://admin:secret@192.168.1.64:554/Streaming/Channels/101"
  return [
    (.fromOriginator, rtspRequest("DESCRIBE", uri, 1, "User-Agent: viewer/1.0\r\n")),
    (
      .fromResponder,
      rtspAnswer(
        1, "Server: Dahua Rtsp Server\r\nContent-Type: application/sdp\r\n",
        body: sessionDescription)
    ),
    (
      .fromOriginator,
      rtspRequest(
        "SETUP", uri + "/trackID=1", 2,
        "Authorization: Digest username=\"operator\", realm=\"x\"\r\nTransport: \(transport)\r\n")
    ),
    (.fromResponder, rtspAnswer(2, "Transport: \(transport)\(answer)\r\n")),
    (.fromOriginator, rtspRequest("PLAY", uri, 3)),
    (.fromResponder, rtspAnswer(3, "")),
  ]
}

/// An interleaved frame.
func interleaved(_ channel: UInt8, _ packet: [UInt8]) -> [UInt8] {
  [0x24, channel] + bigEndian(UInt16(packet.count)) + packet
}

/// A video stream of `frames` frames in interleaved frames.
func interleavedVideo(_ frames: Int) -> [UInt8] {
  var bytes: [UInt8] = []
  for frame in 0..<frames {
    bytes += interleaved(
      0,
      rtpPacket(
        sequence: UInt16(frame), timestamp: UInt32(frame * 3_600), marker: true,
        payload: [0x41, 0x24] + [UInt8](repeating: UInt8(truncatingIfNeeded: frame), count: 100)))
  }
  return bytes
}

/// Handshake and `publish`, then one video message in chunks of 128 bytes.
let rtmpPublish: [UInt8] = {
  func text(_ value: String) -> [UInt8] { bigEndian(UInt16(value.utf8.count)) + ascii(value) }
  func chunked(_ type: UInt8, _ body: [UInt8]) -> [UInt8] {
    var bytes: [UInt8] =
      [3, 0, 0, 5] + [0, UInt8(body.count >> 8), UInt8(body.count & 255)] + [type, 1, 0, 0, 0]
    for offset in stride(from: 0, to: body.count, by: 128) {
      if offset > 0 { bytes.append(0xC3) }
      bytes += body[offset..<min(body.count, offset + 128)]
    }
    return bytes
  }
  let connect =
    [2] + text("connect") + [0, 0x3F, 0xF0, 0, 0, 0, 0, 0, 0] + [3] + text("app") + [2]
    + text("live") + text("tcUrl") + [2] + text("rtmp://media.example/live") + [0, 0, 9]
  let publish =
    [2] + text("publish") + [UInt8](repeating: 0, count: 9) + [5, 2] + text("secretkey")
  return [3] + [0, 0, 0, 1, 0, 0, 0, 0] + [UInt8](repeating: 0xA5, count: 1_528)
    + [UInt8](repeating: 0x5A, count: 1_536) + chunked(20, connect) + chunked(20, publish)
    + chunked(9, [0x17, 1, 0, 0, 0] + [UInt8](repeating: 0x11, count: 300))
}()

func stunMessage(_ type: UInt16, _ attributes: [UInt8]) -> [UInt8] {
  bigEndian(type) + bigEndian(UInt16(attributes.count)) + bigEndian(0x2112_A442 as UInt32)
    + [UInt8](repeating: 9, count: 12) + attributes
}

/// XOR-PEER-ADDRESS 198.51.100.7:5000.
let peerAttribute: [UInt8] =
  [0, 0x12, 0, 8, 0, 1] + bigEndian(5_000 ^ 0x2112 as UInt16)
  + bigEndian(0xC633_6407 ^ 0x2112_A442 as UInt32)

func dhcp(_ isReply: Bool, _ options: [UInt8], yours: [UInt8] = [0, 0, 0, 0]) -> [UInt8] {
  [isReply ? 2 : 1, 1, 6, 0] + [UInt8](repeating: 0, count: 12) + yours
    + [UInt8](repeating: 0, count: 8) + [0x44, 0x19, 0xB6, 1, 2, 3]
    + [UInt8](repeating: 0, count: 202) + [0x63, 0x82, 0x53, 0x63] + options + [255]
}

let srtHandshake: [UInt8] =
  bigEndian(0x8000_0000 as UInt32) + [UInt8](repeating: 0, count: 12)
  + bigEndian(5 as UInt32) + bigEndian(0 as UInt32) + bigEndian(1_000 as UInt32)
  + bigEndian(1_500 as UInt32) + bigEndian(8_192 as UInt32) + bigEndian(1 as UInt32)
  + [UInt8](repeating: 1, count: 24)

func srtData(_ sequence: UInt32, _ payload: [UInt8]) -> [UInt8] {
  bigEndian(sequence) + bigEndian(0xC000_0001 as UInt32) + bigEndian(7 as UInt32)
    + bigEndian(9 as UInt32) + payload
}

extension ProtocolSample {
  static let sevenPackets = (0..<7).flatMap { transportPacket(0x100, counter: UInt8($0)) }

  /// The samples of every recognizer, from their test files.
  static let all: [ProtocolSample] = [
    BannerTests.samples,
    FTPTests.samples,
    GigEVisionTests.samples,
    DHCPTests.samples,
    DHCPv6Tests.samples,
    DNSTests.samples,
    DTLSTests.samples,
    DahuaTests.samples,
    DahuaDatagramsTests.samples,
    EdimaxTests.samples,
    FramedRTPTests.samples,
    HTTPTests.samples,
    HikConnectTests.samples,
    HikvisionTests.samples,
    HikvisionDiscoveryTests.samples,
    MPEGTransportStreamTests.samples,
    NBNSTests.samples,
    NTPTests.samples,
    PPPPTests.samples,
    QUICTests.samples,
    RTMPTests.samples,
    RTSPTests.samples,
    RawMediaTests.samples,
    ReolinkTests.samples,
    ReolinkDatagramsTests.samples,
    SIPTests.samples,
    SRTTests.samples,
    SSDPTests.samples,
    STUNTests.samples,
    TLSTests.samples,
    TUTKTests.samples,
    TVTTests.samples,
    TuyaTests.samples,
    UniFiTests.samples,
    WSDiscoveryTests.samples,
    WireGuardTests.samples,
    XiongmaiTests.samples,
  ].flatMap(\.self)
}

/// What is recognised in the samples of a service.
func recognise(_ service: Service, isDatagram: Bool = true) -> RecognitionResult {
  var traffic = Traffic()
  for sample in ProtocolSample.all
  where sample.service == service && sample.isDatagram == isDatagram {
    sample.send(into: &traffic)
  }
  return traffic.finish()
}

/// The envelope of Hikvision's cloud around XML, with the digest that follows it.
func hikvisionEnvelope(_ command: UInt32, _ body: String) -> [UInt8] {
  bigEndian(0x9EBA_ACE9 as UInt32) + bigEndian(0x0100_0000 as UInt32) + bigEndian(1 as UInt32)
    + bigEndian(0 as UInt32) + bigEndian(command) + bigEndian(0 as UInt32)
    + bigEndian(UInt32(body.utf8.count)) + bigEndian(0 as UInt32) + ascii(body)
    + ascii("0123456789abcdef0123456789abcdef")
}

/// `$` frames of a local stream of EZVIZ: RTP, its payload led by 1C80 or 1C00, program stream.
func localStream(_ frames: Int) -> [UInt8] {
  (0..<frames).flatMap { number in
    interleaved(
      0,
      rtpPacket(
        sequence: UInt16(number), timestamp: UInt32(number * 3_600), marker: true,
        payload: [0x1C, 0x80, 0, 0, 1, 0xBA] + [UInt8](repeating: 0x44, count: 200)))
  }
}

/// A frame of the relay of EZVIZ.
func relayFrame(_ channel: UInt8, _ code: UInt16, _ body: [UInt8]) -> [UInt8] {
  [0x24, channel] + bigEndian(UInt16(body.count)) + [0, 1] + bigEndian(code) + body
}

/// The pieces of a TCP dialogue as a PTCP tunnel carries them, each in packets of 1,000 bytes.
func phonyTunnel(
  _ pieces: [(direction: FlowDirection, bytes: [UInt8])]
) -> [(direction: FlowDirection, bytes: [UInt8])] {
  var sent: [FlowDirection: UInt32] = [:]
  var packets: [(direction: FlowDirection, bytes: [UInt8])] = []
  for piece in pieces {
    for start in stride(from: 0, to: piece.bytes.count, by: 1_000) {
      let data = Array(piece.bytes[start..<min(start + 1_000, piece.bytes.count)])
      let count = sent[piece.direction, default: 0]
      packets.append(
        (
          piece.direction,
          ascii("PTCP") + bigEndian(count) + [UInt8](repeating: 0, count: 16)
            + bigEndian(0x1000_0000 | UInt32(data.count)) + bigEndian(0x1234_5678 as UInt32)
            + bigEndian(0 as UInt32) + data
        ))
      sent[piece.direction] = count + 12 + UInt32(data.count)
    }
  }
  return packets
}

/// One interleaved frame of `interleavedVideo`.
func interleavedFrame(_ number: Int) -> [UInt8] {
  interleaved(
    0,
    rtpPacket(
      sequence: UInt16(number), timestamp: UInt32(number * 3_600), marker: true,
      payload: [0x41, 0x24] + [UInt8](repeating: UInt8(truncatingIfNeeded: number), count: 100)))
}

/// A final binary frame, RFC 6455 §5.2.
func webSocketFrame(_ payload: [UInt8], mask: [UInt8]) -> [UInt8] {
  let flag: UInt8 = mask.isEmpty ? 0 : 0x80
  let length: [UInt8] =
    payload.count < 126
    ? [flag | UInt8(payload.count)] : [flag | 126] + bigEndian(UInt16(payload.count))
  let body = mask.isEmpty ? payload : payload.enumerated().map { $1 ^ mask[$0 & 3] }
  return [0x82] + length + mask + body
}

/// RFC 4648 §4.
func base64(_ bytes: [UInt8]) -> [UInt8] {
  let alphabet = ascii("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
  var text: [UInt8] = []
  for start in stride(from: 0, to: bytes.count, by: 3) {
    let count = min(3, bytes.count - start)
    var group: UInt32 = 0
    for index in 0..<3 { group = group << 8 | (index < count ? UInt32(bytes[start + index]) : 0) }
    for index in 0..<4 {
      text.append(index <= count ? alphabet[Int(group >> UInt32(18 - 6 * index)) & 63] : 0x3D)
    }
  }
  return text
}
