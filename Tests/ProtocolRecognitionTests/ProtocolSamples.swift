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

  /// Every service that has a recognizer of its own.
  static let all: [ProtocolSample] = [
    ProtocolSample(
      .rtsp, datagrams: false, port: 554,
      rtspDialogue(transport: "RTP/AVP/TCP;unicast;interleaved=0-1", answer: ";ssrc=11223344")
        + [(.fromResponder, interleavedVideo(40))]),
    ProtocolSample(
      .sip, datagrams: true, port: 5_060,
      [
        (
          .fromOriginator,
          ascii(
            "INVITE sip:a@b SIP/2.0\r\nFrom: <sip:34020000001320000001@3402000000>\r\n"
              + "User-Agent: cam\r\nContent-Type: Application/MANSCDP+xml\r\n\r\n"
              + "v=0\r\ns=Playback\r\nc=IN IP4 192.0.2.9\r\nm=video 6000 RTP/AVP 96\r\n"
              + "a=rtpmap:96 PS/90000\r\ny=0100000001\r\n")
        )
      ]),
    ProtocolSample(
      .tls, datagrams: false, port: 443,
      [(.fromOriginator, clientHelloRecord("cloud.example", protocols: ["h2", "http/1.1"]))]),
    ProtocolSample(
      .dtls, datagrams: true, port: 5_000,
      [
        (
          .fromOriginator,
          {
            let body = clientHello(
              "", extra: [0, 14, 0, 5, 0, 2, 0, 1, 0], isDatagram: true)
            let message =
              [1] + [0] + bigEndian(UInt16(body.count)) + [0, 0, 0, 0, 0, 0]
              + bigEndian(UInt16(body.count)) + body
            return [22, 0xFE, 0xFD] + [UInt8](repeating: 0, count: 8)
              + bigEndian(UInt16(message.count)) + message
          }()
        )
      ]),
    ProtocolSample(
      .stun, datagrams: true, port: 3_478,
      [
        (.fromOriginator, stunMessage(0x0009, peerAttribute + [0, 12, 0, 4, 0x40, 1, 0, 0])),
        (.fromOriginator, [0x40, 1, 0, 12] + [UInt8](repeating: 1, count: 12)),
      ]),
    ProtocolSample(
      .http, datagrams: false, port: 80,
      [
        (
          .fromOriginator,
          ascii(
            "GET /snap?user=a&pwd=b HTTP/1.1\r\nHost: cam.example:80\r\nUser-Agent: x\r\n"
              + "Authorization: Basic YWRtaW46c2VjcmV0\r\n\r\n")
        ),
        (
          .fromResponder,
          ascii(
            "HTTP/1.1 401 Unauthorized\r\nServer: App-webs/\r\n"
              + "WWW-Authenticate: Digest realm=\"IP Camera(C2183)\"\r\nContent-Length: 4\r\n\r\nnope"
          )
        ),
      ]),
    ProtocolSample(.dns, datagrams: true, port: 53, [(.fromResponder, dnsAnswer)]),
    ProtocolSample(
      .dns, datagrams: false, port: 53,
      [(.fromResponder, bigEndian(UInt16(dnsAnswer.count)) + dnsAnswer)]),
    ProtocolSample(.mdns, datagrams: true, port: 5_353, [(.fromOriginator, dnsAnswer)]),
    ProtocolSample(.llmnr, datagrams: true, port: 5_355, [(.fromResponder, dnsAnswer)]),
    ProtocolSample(.rtmp, datagrams: false, port: 1_935, [(.fromOriginator, rtmpPublish)]),
    ProtocolSample(
      .srt, datagrams: true, port: 9_000,
      [
        (.fromOriginator, srtHandshake),
        (.fromOriginator, srtData(1_000, sevenPackets)),
        (.fromOriginator, srtData(1_002, sevenPackets)),
      ]),
    ProtocolSample(
      .mpegts, datagrams: true, port: 1_234,
      [(.fromOriginator, sevenPackets), (.fromOriginator, sevenPackets)]),
    ProtocolSample(
      .mpegts, datagrams: false, port: 1_234,
      [(.fromOriginator, sevenPackets), (.fromOriginator, sevenPackets)]),
    ProtocolSample(
      .dhcp, datagrams: true, port: 67,
      [
        (
          .fromOriginator,
          dhcp(
            false,
            [53, 1, 3, 50, 4, 192, 168, 1, 64, 12, 3] + ascii("cam") + [60, 2] + ascii("AX"))
        ),
        (.fromResponder, dhcp(true, [53, 1, 5], yours: [192, 168, 1, 64])),
      ]),
    ProtocolSample(
      .dhcpv6, datagrams: true, port: 547,
      [(.fromOriginator, [1, 1, 2, 3, 0, 1, 0, 4, 1, 2, 3, 4])]),
    ProtocolSample(
      .nbns, datagrams: true, port: 137,
      [
        (
          .fromOriginator,
          [0, 1, 0x29, 0x10, 0, 1, 0, 0, 0, 0, 0, 1, 32] + ascii("EDEBENCACACACACACACACACACACACACA")
            + [0, 0, 0x20, 0, 1, 0xC0, 12, 0, 0x20, 0, 1, 0, 0, 1, 0, 0, 6, 0, 0, 192, 168, 1, 64]
        )
      ]),
    ProtocolSample(
      .ntp, datagrams: true, port: 123,
      [(.fromOriginator, [0x23] + [UInt8](repeating: 0, count: 47))]),
    ProtocolSample(
      .ssdp, datagrams: true, port: 1_900,
      [
        (
          .fromOriginator,
          ascii(
            "NOTIFY * HTTP/1.1\r\nNT: urn:axis-com:service:NetworkCamera:1\r\n"
              + "SERVER: Linux/2.6 UPnP/1.0 Network Camera/1.0\r\n\r\n")
        )
      ]),
    ProtocolSample(
      .wsDiscovery, datagrams: true, port: 3_702,
      [
        (
          .fromResponder,
          ascii(
            "<?xml version=\"1.0\"?><s:Envelope><d:ProbeMatch><d:Types>dn:NetworkVideoTransmitter"
              + "</d:Types><d:Scopes>onvif://www.onvif.org/name/Front%20Door "
              + "onvif://www.onvif.org/hardware/DS-2CD2042 onvif://www.onvif.org/MAC/44:19:b6:01:02:03"
              + "</d:Scopes><d:XAddrs>http://192.168.1.64/onvif/device_service</d:XAddrs>"
              + "</d:ProbeMatch></s:Envelope>")
        )
      ]),
    ProtocolSample(
      .quic, datagrams: true, port: 443,
      [(.fromOriginator, [0xC3, 0, 0, 0, 1, 8] + [UInt8](repeating: 4, count: 1_194))]),
    ProtocolSample(
      .wireguard, datagrams: true, port: 51_820,
      [(.fromOriginator, [1, 0, 0, 0] + [UInt8](repeating: 4, count: 144))]),
    ProtocolSample(
      .ssh, datagrams: false, port: 22, [(.fromResponder, ascii("SSH-2.0-OpenSSH_9.2\r\n"))]),
    ProtocolSample(
      .smtp, datagrams: false, port: 25, [(.fromResponder, ascii("220 mail.example ESMTP\r\n"))]),
    ProtocolSample(
      .mpegps, datagrams: false, port: 15_000,
      [
        (
          .fromOriginator,
          [0, 0, 1, 0xBA, 0x44, 0, 4, 0, 4, 1, 0, 0, 3, 0xF8]
            + [UInt8](repeating: 0xAA, count: 200)
        )
      ]),
    ProtocolSample(
      .hikvision, datagrams: false, port: 8_000,
      [
        (
          .fromOriginator,
          bigEndian(0x20 as UInt32) + bigEndian(0x5A00_0000 as UInt32) + [0, 0, 0, 0]
            + bigEndian(0x0001_0000 as UInt32) + [UInt8](repeating: 1, count: 16)
        )
      ]),
    ProtocolSample(
      .hikvisionDiscovery, datagrams: true, port: 37_020,
      [
        (
          .fromResponder,
          ascii(
            "<?xml version=\"1.0\"?><ProbeMatch><Types>inquiry</Types>"
              + "<DeviceDescription>DS-7608NI</DeviceDescription><DeviceSN>DS-7608NI0820</DeviceSN>"
              + "<MAC>44-19-b6-01-02-03</MAC><SoftwareVersion>V3.4</SoftwareVersion></ProbeMatch>")
        )
      ]),
    ProtocolSample(
      .dahua, datagrams: false, port: 37_777,
      [
        (
          .fromResponder,
          [0xBC, 0, 0, 0] + littleEndian(100 as UInt32) + [UInt8](repeating: 0, count: 24)
            + ascii("DHAV") + [0xFD] + [UInt8](repeating: 1, count: 95)
        )
      ]),
    ProtocolSample(
      .dahua, datagrams: true, port: 37_810,
      [
        (
          .fromResponder,
          [0x20, 0, 0, 0] + ascii("DHIP") + [UInt8](repeating: 0, count: 24)
            + ascii(
              "{\"mac\":\"14:a7:8b:01:02:03\",\"method\":\"client.notifyDevInfo\",\"params\":"
                + "{\"deviceInfo\":{\"DeviceClass\":\"IPC\",\"DeviceType\":\"IPC-HFW\","
                + "\"SerialNo\":\"4E0\",\"Version\":\"2.8\"}}}")
        )
      ]),
    ProtocolSample(
      .xiongmai, datagrams: false, port: 34_567,
      [
        (
          .fromResponder,
          [0xFF, 1, 0, 0] + [UInt8](repeating: 0, count: 10) + littleEndian(1_412 as UInt16)
            + littleEndian(116 as UInt32) + [0, 0, 1, 0xFC, 2, 25, 240, 135]
            + [UInt8](repeating: 0, count: 8) + [0, 0, 0, 1, 0x67]
            + [UInt8](repeating: 2, count: 95)
        )
      ]),
    ProtocolSample(
      .reolink, datagrams: false, port: 9_000,
      [
        (
          .fromResponder,
          [0xF0, 0xDE, 0xBC, 0x0A] + littleEndian(3 as UInt32) + littleEndian(400 as UInt32)
            + [0, 0, 0, 0, 0, 0] + [0x14, 0x66] + [UInt8](repeating: 0x33, count: 40)
            + [0, 0, 0, 1, 0x67] + [UInt8](repeating: 2, count: 355)
        )
      ]),
    ProtocolSample(
      .reolink, datagrams: true, port: 2_018,
      [(.fromOriginator, [0x3A, 0xCF, 0x87, 0x2A] + [UInt8](repeating: 1, count: 20))]),
    ProtocolSample(
      .pppp, datagrams: true, port: 32_100,
      [
        (
          .fromOriginator,
          [0xF1, 0x10, 0, 20] + ascii("VSTB") + [0, 0, 0, 0] + bigEndian(12_345 as UInt32)
            + ascii("ABCDE") + [0, 0, 0]
        )
      ]),
    ProtocolSample(
      .tuya, datagrams: true, port: 6_667,
      [
        (
          .fromOriginator,
          bigEndian(0x55AA as UInt32) + [0, 0, 0, 0] + [0, 0, 0, 0x13] + bigEndian(40 as UInt32)
            + ascii("{\"gwId\":\"bf12\"}") + [UInt8](repeating: 0, count: 20)
        )
      ]),
    ProtocolSample(
      .tutk, datagrams: true, port: 10_001,
      [UInt8](0..<5).map {
        (
          .fromOriginator,
          [0x3E, 0x2F, 0x8D, 0xCC, 1, 2, 3, $0] + bigEndian(0x0D20_082D_00E6_0000 as UInt64) + [
            0, 0,
          ]
        )
      }),
    ProtocolSample(
      .tvt, datagrams: false, port: 6_036,
      [(.fromResponder, ascii("head") + [UInt8](repeating: 0, count: 60))]),
  ]
}
