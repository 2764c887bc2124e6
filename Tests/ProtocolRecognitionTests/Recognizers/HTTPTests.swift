// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import Testing

@testable import ProtocolRecognition

struct HTTPTests {
  static let samples: [ProtocolSample] = [
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
      ])
  ]

  static let request = ascii("GET /live HTTP/1.1\r\nHost: cam.example\r\n\r\n")

  static func answer(_ headers: String, _ body: [UInt8], size: Int = 100) -> Traffic {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 80, protocolNumber: 6)
    traffic.send(request, isDatagram: false)
    let bytes = ascii("HTTP/1.1 200 OK\r\n\(headers)\r\n\r\n") + body
    for start in stride(from: 0, to: bytes.count, by: size) {
      traffic.send(
        Array(bytes[start..<min(start + size, bytes.count)]), from: .fromResponder,
        isDatagram: false)
    }
    return traffic
  }

  static let image: [UInt8] =
    [0xFF, 0xD8, 0xFF, 0xE0] + [UInt8](repeating: 0x20, count: 300) + [0xFF, 0xD9]

  @Test func namesOfHostAndDevice() {
    guard let sample = ProtocolSample.all.first(where: { $0.service == .http }) else { return }
    var traffic = Traffic()
    sample.send(into: &traffic)
    let result = traffic.finish()
    #expect(result.flows[0].serverName == "cam.example")
    let facts = result.flows[0].details.map { "\($0.kind.rawValue)=\($0.text)" }
    #expect(facts.contains("path=/snap"))
    #expect(facts.contains("user_name=a****"))
    #expect(facts.contains("realm=IP Camera(C2183)"))
    #expect(!facts.contains { $0.contains("pwd") || $0.contains("secret") })
    #expect(result.marks.map(\.source) == ["http_server", "http_realm"])
  }

  @Test func multipartImages() {
    var body: [UInt8] = []
    for _ in 0..<5 {
      body += ascii(
        "--frame\r\nContent-Type: image/jpeg\r\nContent-Length: \(Self.image.count)\r\n\r\n")
      body += Self.image + ascii("\r\n")
    }
    var traffic = Self.answer("Content-Type: multipart/x-mixed-replace; boundary=frame", body)
    let result = traffic.finish()
    #expect(traffic.log.units.count == 5)
    #expect(
      traffic.log.units.allSatisfy { $0.unit.framing == .jpegImage && $0.bytes == Self.image })
    #expect(result.streams.count == 1)
    #expect(result.streams.first?.isReportable == true)
  }

  @Test func multipartWithoutLengths() {
    var body: [UInt8] = []
    for _ in 0..<4 {
      body += ascii("--b\r\nContent-Type: image/jpeg\r\n\r\n") + Self.image + ascii("\r\n")
    }
    body += ascii("--b--\r\n")
    var traffic = Self.answer(
      "Content-Type: multipart/x-mixed-replace;boundary=--b", body, size: 61)
    _ = traffic.finish()
    #expect(traffic.log.units.count == 4)
    #expect(traffic.log.units.allSatisfy { $0.bytes.starts(with: Self.image) })
  }

  @Test func oneImageOfAPageIsNoStream() {
    var traffic = Self.answer(
      "Content-Type: image/jpeg\r\nContent-Length: \(Self.image.count)", Self.image)
    let result = traffic.finish()
    #expect(traffic.log.units.count == 1)
    #expect(result.streams.first?.isReportable == false)
  }

  @Test func flvTags() {
    func tag(_ type: UInt8, _ body: [UInt8], at time: UInt32) -> [UInt8] {
      [type, 0] + bigEndian(UInt16(body.count)) + [UInt8(time >> 16 & 255), UInt8(time >> 8 & 255)]
        + [UInt8(time & 255), UInt8(time >> 24), 0, 0, 0] + body
        + bigEndian(UInt32(body.count + 11))
    }
    let video = [UInt8](repeating: 0x17, count: 200)
    let body =
      ascii("FLV") + [1, 5, 0, 0, 0, 9, 0, 0, 0, 0] + tag(18, [2, 0, 1], at: 0)
      + tag(9, video, at: 40) + tag(8, [0xAF, 1], at: 41)
    // Chunked, as HTTP-FLV servers send it.
    let chunked =
      ascii("\(String(body.count, radix: 16))\r\n") + body + ascii("\r\n0\r\n\r\n")
    var traffic = Self.answer("Content-Type: video/x-flv\r\nTransfer-Encoding: chunked", chunked)
    _ = traffic.finish()
    #expect(traffic.log.units.map(\.unit.subtype) == [9, 8])
    #expect(traffic.log.units.first?.bytes == video)
    #expect(traffic.log.units.first?.unit.timestamp == 40)
  }

  @Test func transportStreamBody() {
    let body = ProtocolSample.sevenPackets + ProtocolSample.sevenPackets
    var traffic = Self.answer("Content-Length: \(body.count)", body, size: 333)
    let result = traffic.finish()
    #expect(traffic.log.units.reduce(0) { $0 + $1.bytes.count } == body.count)
    #expect(traffic.log.units.allSatisfy { $0.bytes.count % 188 == 0 })
    #expect(result.streams.first?.kind == .http)
    #expect(result.flows.first?.service == .http)
    #expect(result.flows.first?.innerServices == [.mpegts])
  }

  @Test func uploadOfFragmentedMP4() {
    let body =
      [0, 0, 0, 16] + ascii("ftypiso5") + [0, 0, 0, 0] + [UInt8](repeating: 3, count: 500)
    var traffic = Traffic()
    traffic.send(
      ascii("PUT /clip.mp4 HTTP/1.1\r\nHost: c\r\nContent-Length: \(body.count)\r\n\r\n") + body,
      isDatagram: false)
    let result = traffic.finish()
    #expect(result.streams.first?.direction == .fromOriginator)
    #expect(traffic.log.units.first?.unit.framing == .isoBaseMedia)
  }

  @Test func rtspTunnelledThroughHTTP() {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 80, protocolNumber: 6)
    traffic.send(
      ascii(
        "GET /s HTTP/1.0\r\nAccept: application/x-rtsp-tunnelled\r\nx-sessioncookie: a\r\n\r\n"),
      isDatagram: false)
    var bytes = ascii("HTTP/1.0 200 OK\r\nContent-Type: application/x-rtsp-tunnelled\r\n\r\n")
    for piece in rtspDialogue(transport: RTSPTests.interleavedTransport, answer: "")
    where piece.direction == .fromResponder {
      bytes += piece.bytes
    }
    bytes += interleavedVideo(40)
    traffic.send(bytes, from: .fromResponder, isDatagram: false)
    let result = traffic.finish()
    #expect(result.streams.first?.rtp?.stream.uniquePackets == 40)
    #expect(result.streams.first?.codecHint?.name == "H264")
    #expect(result.flows.first?.innerServices == [.rtsp])
  }

  static let deviceInformation = ascii(
    "<?xml version=\"1.0\"?><s:Envelope xmlns:tds=\"http://www.onvif.org/ver10/device/wsdl\">"
      + "<s:Body><tds:GetDeviceInformationResponse><tds:Manufacturer>HIKVISION</tds:Manufacturer>"
      + "<tds:Model>DS-2CD2042WD-I</tds:Model><tds:FirmwareVersion>V5.4.5</tds:FirmwareVersion>"
      + "<tds:SerialNumber>DS-2CD2042WD-I20160101</tds:SerialNumber>"
      + "<tds:HardwareId>88</tds:HardwareId></tds:GetDeviceInformationResponse></s:Body>"
      + "</s:Envelope>")

  @Test func deviceInformationOfONVIF() {
    for size in [20, 100, 5_000] {
      var traffic = Self.answer(
        "Content-Type: application/soap+xml; charset=utf-8\r\n"
          + "Content-Length: \(Self.deviceInformation.count)", Self.deviceInformation, size: size)
      let mark = traffic.finish().marks.first
      #expect(mark?.source == "onvif_device")
      #expect(mark?.vendor == "hikvision")
      #expect(mark?.model == "DS-2CD2042WD-I")
      #expect(mark?.firmware == "V5.4.5")
      #expect(mark?.serial == "DS-2CD2042WD-I20160101")
      #expect(mark?.confidence == .definite)
      #expect(mark?.address == Traffic.viewer)
    }
  }

  /// The user name and digest of a request are not read; what it asks for is.
  @Test func replayByONVIFIsStoredFootage() {
    let body =
      "<s:Envelope><s:Header><Username>secretuser</Username><Password>c2VjcmV0</Password>"
      + "</s:Header><s:Body><trp:GetReplayUri/></s:Body></s:Envelope>"
    var traffic = Traffic()
    traffic.send(
      ascii(
        "POST /onvif/replay HTTP/1.1\r\nHost: c\r\nContent-Type: application/soap+xml\r\n"
          + "Content-Length: \(body.utf8.count)\r\n\r\n" + body), isDatagram: false)
    let flow = traffic.finish().flows.first
    #expect(flow?.storedFootage != nil)
    #expect(flow?.details.contains { $0.text.contains("secret") } == false)
  }

  /// GET with the media, POST with the requests in base64, joined by the cookie.
  @Test func tunnelHalvesAreJoined() {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 80, protocolNumber: 6)
    traffic.addFlow(Traffic.camera, 40_001, Traffic.viewer, 80, protocolNumber: 6)
    traffic.addFlow(Traffic.camera, 40_002, Traffic.viewer, 80, protocolNumber: 6)
    let cookie = "x-sessioncookie: 7f31\r\n"
    traffic.send(
      ascii("GET /s HTTP/1.0\r\nAccept: application/x-rtsp-tunnelled\r\n\(cookie)\r\n"), flow: 0,
      isDatagram: false)
    let dialogue = rtspDialogue(transport: RTSPTests.interleavedTransport, answer: "")
    let requests = dialogue.filter { $0.direction == .fromOriginator }.flatMap(\.bytes)
    traffic.send(
      ascii(
        "POST /s HTTP/1.0\r\nContent-Type: application/x-rtsp-tunnelled\r\n"
          + "Content-Length: 32767\r\n\(cookie)\r\n") + base64(requests), flow: 1,
      isDatagram: false)
    traffic.send(
      ascii("POST /s HTTP/1.0\r\nx-sessioncookie: other\r\n\r\n"), flow: 2, isDatagram: false)
    let answers = dialogue.filter { $0.direction == .fromResponder }.flatMap(\.bytes)
    traffic.send(
      ascii("HTTP/1.0 200 OK\r\nContent-Type: application/x-rtsp-tunnelled\r\n\r\n") + answers
        + interleavedVideo(40), flow: 0, from: .fromResponder, isDatagram: false)
    let result = traffic.finish()
    let media = result.flows.first { $0.flow == 0 }
    #expect(media?.intent == .responderSends)
    let texts = media?.details.map(\.text) ?? []
    #expect(texts.contains("viewer/1.0"))
    #expect(texts.contains("/Streaming/Channels/101"))
    #expect(!texts.contains { $0.contains("7f31") || $0.contains("secret") })
    #expect(result.streams.first?.rtp?.stream.uniquePackets == 40)
    #expect(result.flows.first { $0.flow == 2 }?.intent == nil)
  }

  /// ONVIF Streaming: RTSP in WebSocket frames, those of the client masked.
  @Test func rtspOverWebSocket() {
    var traffic = Traffic()
    traffic.addFlow(Traffic.camera, 40_000, Traffic.viewer, 80, protocolNumber: 6)
    traffic.send(
      ascii(
        "GET /rtsp HTTP/1.1\r\nHost: c\r\nUpgrade: websocket\r\n"
          + "Sec-WebSocket-Protocol: rtsp.onvif.org\r\n\r\n"), isDatagram: false)
    traffic.send(
      ascii("HTTP/1.1 101 Switching Protocols\r\nUpgrade: websocket\r\n\r\n"),
      from: .fromResponder, isDatagram: false)
    let dialogue = rtspDialogue(transport: RTSPTests.interleavedTransport, answer: "")
    for piece in dialogue + [(.fromResponder, interleavedVideo(40))] {
      let isMasked = piece.direction == .fromOriginator
      traffic.send(
        webSocketFrame(piece.bytes, mask: isMasked ? [1, 2, 3, 4] : []), from: piece.direction,
        isDatagram: false)
    }
    let result = traffic.finish()
    #expect(result.flows.first?.service == .websocket)
    #expect(result.flows.first?.innerServices == [.rtsp])
    #expect(result.flows.first?.intent == .responderSends)
    #expect(result.streams.first?.rtp?.stream.uniquePackets == 40)
    #expect(result.streams.first?.codecHint?.name == "H264")
  }
}
