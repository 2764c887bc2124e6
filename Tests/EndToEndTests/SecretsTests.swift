// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Foundation
import Reporting
import TestSupport
import Testing

/// Passwords, tokens and keys that stand in a capture are in no output.
struct SecretsTests {
  /// What must never be printed: as typed, and as the protocols carry it.
  private static let secrets = [
    "hunter2", "aHVudGVyMg", "admin:hunter2", "YWRtaW46aHVudGVyMg", "live_90210_StreamKey",
    "SessionTokenAbc", "0011223344556677889900", "CLIENT_RANDOM", "ffeeddccbbaa99887766",
    "DigestResponse42", "wsse-Secret", "QueryToken77", "SrtpInlineKey", "IcePassword",
    "WifiPhrase9",
    "SrtStreamSecret", "communityString7", "GVzdEtleQ",
  ]

  private static func text(_ lines: String...) -> [UInt8] {
    Array((lines.joined(separator: "\r\n") + "\r\n\r\n").utf8)
  }

  /// Streams that hold secrets: port, what the originator sends, what is answered.
  private static let streams: [(port: Int, request: [UInt8], answer: [UInt8])] = [
    (
      554,
      text(
        "DESCRIBE rtsp://admin:hunter2@192.0.2.9:554/live?token=QueryToken77 RTSP/1.0", "CSeq: 1",
        "Authorization: Basic YWRtaW46aHVudGVyMg==", "User-Agent: viewer"),
      text("RTSP/1.0 200 OK", "CSeq: 1", "Session: SessionTokenAbc", "Server: Hikvision")
    ),
    (
      8554,
      text(
        "PLAY rtsp://192.0.2.9/live RTSP/1.0", "CSeq: 2",
        "Authorization: Digest username=\"admin\", realm=\"x\", nonce=\"n\", "
          + "response=\"DigestResponse42\""),
      text("RTSP/1.0 200 OK", "CSeq: 2")
    ),
    (
      80,
      text(
        "GET http://admin:hunter2@camera.example/cgi?user=admin&password=hunter2&t=QueryToken77 "
          + "HTTP/1.1", "Host: admin:hunter2@camera.example", "Cookie: sid=SessionTokenAbc",
        "Authorization: Bearer SessionTokenAbc"),
      text("HTTP/1.1 200 OK", "Set-Cookie: sid=SessionTokenAbc", "Content-Length: 0")
    ),
    (
      8080,
      text("POST /login HTTP/1.1", "Host: camera.example", "Content-Length: 30")
        + Array("user=admin&password=hunter2&x=".utf8),
      text("HTTP/1.1 401 Unauthorized", "WWW-Authenticate: Basic realm=\"IP Camera\"")
    ),
    (
      8000,
      text("POST /onvif/device_service HTTP/1.1", "Host: c", "Content-Length: 120")
        + Array(
          "<s:Envelope><wsse:Password Type=\"x\">wsse-Secret</wsse:Password></s:Envelope>".utf8),
      text("HTTP/1.1 200 OK", "Content-Length: 0")
    ),
    (
      21, Array("USER admin\r\nPASS hunter2\r\n".utf8),
      Array("220 camera ftp\r\n331 Password required\r\n230 ok\r\n".utf8)
    ),
    (
      25, Array("EHLO x\r\nAUTH PLAIN AGFkbWluAGh1bnRlcjI=\r\nAUTH LOGIN\r\naHVudGVyMg==\r\n".utf8),
      Array("220 mail ESMTP\r\n250 ok\r\n235 ok\r\n".utf8)
    ),
    (
      5060,
      text(
        "REGISTER sip:gb.example SIP/2.0", "Via: SIP/2.0/TCP 10.0.0.1",
        "From: <sip:admin:hunter2@gb.example>", "To: <sip:34020000001320000001@gb.example>",
        "Call-ID: SessionTokenAbc@x", "CSeq: 1 REGISTER",
        "Authorization: Digest username=\"admin\", response=\"DigestResponse42\"",
        "Content-Length: 0"),
      text("SIP/2.0 200 OK", "CSeq: 1 REGISTER", "Content-Length: 0")
    ),
    (
      37_777,
      Array("DHIP".utf8)
        + Array("{\"method\":\"global.login\",\"params\":{\"password\":\"hunter2\"}}".utf8),
      Array("{\"session\":\"SessionTokenAbc\"}".utf8)
    ),
    (
      34_567,
      [0xFF, 1, 0, 0] + [UInt8](repeating: 0, count: 12) + [64, 0, 0, 0]
        + Array(
          "{ \"EncryptType\" : \"MD5\", \"PassWord\" : \"hunter2\", \"UserName\" : \"a\" }".utf8),
      [0xFF, 1, 0, 0] + [UInt8](repeating: 0, count: 16)
    ),
    (
      555,
      text(
        "DESCRIBE rtsp://192.0.2.9:554/user=admin_password=hunter2_channel=1_stream=0.sdp RTSP/1.0",
        "CSeq: 1", "Proxy-Authorization: Basic YWRtaW46aHVudGVyMg=="),
      description(
        "RTSP/1.0 200 OK", "CSeq: 1", "Content-Base: rtsp://admin:hunter2@192.0.2.9/live/")
    ),
    (
      5061,
      description(
        "INVITE sip:100@gb.example SIP/2.0", "Via: SIP/2.0/TCP 10.0.0.1", "CSeq: 2 INVITE",
        "From: <sip:100@gb.example>", "To: <sip:200@gb.example>", "Call-ID: 7"),
      text("SIP/2.0 200 OK", "CSeq: 2 INVITE", "Content-Length: 0")
    ),
    (
      81,
      text(
        "GET /web/live;jsessionid=SessionTokenAbc HTTP/1.1", "Host: camera.example",
        "Referer: http://camera.example/?token=QueryToken77", "X-Auth-Token: SessionTokenAbc",
        "Proxy-Authorization: Basic YWRtaW46aHVudGVyMg=="),
      text(
        "HTTP/1.1 302 Found", "Location: http://admin:hunter2@camera.example/x?token=QueryToken77",
        "Content-Length: 0")
    ),
    (
      82,
      text(
        "PUT /ISAPI/System/Network/WIFI?ssid=x&password=WifiPhrase9 HTTP/1.1", "Host: c",
        "Content-Length: 33") + Array("<sharedKey>WifiPhrase9</sharedKey>".utf8),
      text("HTTP/1.1 200 OK", "Content-Length: 0")
    ),
    (
      83,
      text(
        "GET /cgi-bin/configManager.cgi?action=setConfig&RTMP.URL=rtmp://a/live_90210_StreamKey "
          + "HTTP/1.1", "Host: c"),
      text("HTTP/1.1 200 OK", "Content-Length: 0")
    ),
    (
      84,
      text(
        "GET /ws?token=QueryToken77 HTTP/1.1", "Host: c", "Upgrade: websocket",
        "Connection: Upgrade", "Sec-WebSocket-Key: dGVzdEtleQ=="),
      text("HTTP/1.1 101 Switching Protocols", "Upgrade: websocket", "Connection: Upgrade")
    ),
    (
      110, Array("USER admin\r\nPASS hunter2\r\n".utf8),
      Array("+OK ready\r\n+OK\r\n+OK\r\n".utf8)
    ),
    (
      143, Array("a LOGIN admin hunter2\r\n".utf8),
      Array("* OK ready\r\na OK done\r\n".utf8)
    ),
    (23, Array("admin\r\nhunter2\r\n".utf8), Array("login: Password: ".utf8)),
    // CONNECT of MQTT with user and password, and of SOCKS.
    (
      1883,
      [0x10, 30, 0, 4] + Array("MQTT".utf8) + [4, 0xC2, 0, 60, 0, 2] + Array("id".utf8) + [0, 5]
        + Array("admin".utf8) + [0, 7] + Array("hunter2".utf8), [0x20, 2, 0, 0]
    ),
    (
      1080, [5, 1, 2, 1, 5] + Array("admin".utf8) + [7] + Array("hunter2".utf8), [5, 2, 1, 0]
    ),
    (1935, rtmp, [3] + [UInt8](repeating: 1, count: 1536) + [UInt8](repeating: 1, count: 1536)),
  ]

  /// A message with a session description that holds keys.
  private static func description(_ lines: String...) -> [UInt8] {
    let body = text(
      "v=0", "o=- 0 0 IN IP4 192.0.2.9", "s=live", "c=IN IP4 192.0.2.9", "k=clear:hunter2",
      "a=ice-ufrag:abcd", "a=ice-pwd:IcePassword", "m=video 5004 RTP/SAVP 96",
      "a=crypto:1 AES_CM_128_HMAC_SHA1_80 inline:SrtpInlineKey", "a=rtpmap:96 H264/90000",
      "a=control:rtsp://admin:hunter2@192.0.2.9/live?token=QueryToken77")
    let head = lines + ["Content-Type: application/sdp", "Content-Length: \(body.count)", "", ""]
    return Array(head.joined(separator: "\r\n").utf8) + body
  }

  /// Datagrams that hold secrets: port and payload.
  private static let datagrams: [(port: Int, bytes: [UInt8])] = [
    // SNMP with its community, the setting of a camera's wireless network, a relay's credentials.
    (
      161,
      [0x30, 0x25, 2, 1, 1, 4, 16] + Array("communityString7".utf8)
        + [0xA0, 14, 2, 1, 1, 2, 1, 0, 2, 1, 0, 0x30, 3, 0x30, 1, 5]
    ),
    (
      6667,
      Array(
        "{\"ssid\":\"x\",\"passwd\":\"WifiPhrase9\",\"token\":\"QueryToken77\"}".utf8)
    ),
    (
      34_569,
      [0xFF, 0, 0, 0] + [UInt8](repeating: 0, count: 10) + [0xFA, 5, 60, 0, 0, 0]
        + Array("{ \"NetWork.Wifi\" : { \"Keys\" : \"WifiPhrase9\", \"SSID\" : \"x\" } }".utf8)
    ),
    (
      3_478,
      [0, 3, 0, 24, 0x21, 0x12, 0xA4, 0x42] + [UInt8](repeating: 7, count: 12) + [0, 6, 0, 7]
        + Array("hunter2".utf8) + [0] + [0, 0x14, 0, 4] + Array("home".utf8) + [0, 0x15, 0, 0]
    ),
    (9_000, streamIdentifier("#!::r=camera,u=admin,s=SrtStreamSecret")),
    (9_001, streamIdentifier("SrtStreamSecret")),
    (
      1_900,
      text(
        "NOTIFY * HTTP/1.1", "HOST: 239.255.255.250:1900", "NT: upnp:rootdevice",
        "LOCATION: http://admin:hunter2@192.168.1.64/desc.xml?token=QueryToken77",
        "SERVER: Linux UPnP/1.0 IPCamera")
    ),
    (
      5_062,
      text(
        "REGISTER sip:gb.example SIP/2.0", "Via: SIP/2.0/UDP 10.0.0.1", "CSeq: 1 REGISTER",
        "From: <sip:admin:hunter2@gb.example>", "To: <sip:x@gb.example>", "Call-ID: 8",
        "Authorization: Digest username=\"admin\", response=\"DigestResponse42\"",
        "Content-Length: 0")
    ),
  ]

  /// Conclusion of an SRT handshake with a stream identifier, four bytes reversed in each word.
  private static func streamIdentifier(_ name: String) -> [UInt8] {
    var text = Array(name.utf8)
    while text.count % 4 != 0 { text.append(0) }
    let words = stride(from: 0, to: text.count, by: 4).flatMap { text[$0..<$0 + 4].reversed() }
    return [0x80, 0, 0, 0] + [UInt8](repeating: 0, count: 12)
      + Packet.long(5) + [0, 0, 0, 4] + Packet.long(7) + Packet.long(1_500) + Packet.long(8_192)
      + [0xFF, 0xFF, 0xFF, 0xFF] + Packet.long(77) + Packet.long(9)
      + [UInt8](repeating: 0, count: 16) + [0, 5] + Packet.word(words.count / 4) + words
  }

  /// A handshake and `publish` of a stream whose name is its key.
  private static var rtmp: [UInt8] {
    func string(_ text: String) -> [UInt8] { [2] + Packet.word(text.utf8.count) + Array(text.utf8) }
    func message(_ body: [UInt8]) -> [UInt8] {
      [3, 0, 0, 0] + Packet.long(body.count)[1...] + [20, 0, 0, 0, 0] + body
    }
    let number: [UInt8] = [0] + [0x3F, 0xF0, 0, 0, 0, 0, 0, 0]
    let connect =
      string("connect") + number + [3] + Packet.word(3) + Array("app".utf8) + string("live")
      + Packet.word(5) + Array("tcUrl".utf8) + string("rtmp://u:hunter2@203.0.113.9/live")
      + [0, 0, 9]
    let publish =
      string("publish") + number + [5] + string("live_90210_StreamKey") + string("live")
    return [3] + [UInt8](repeating: 1, count: 1536) + [UInt8](repeating: 1, count: 1536)
      + message(connect) + message(publish)
  }

  /// The streams as a capture, with the keys of a TLS session in it.
  private static var capture: [UInt8] {
    var file = CaptureBuilder.pcapng()
    file.interface()
    file.block(
      10,
      [0x4B, 0x53, 0x4C, 0x54, 64, 0, 0, 0]
        + Array("CLIENT_RANDOM 0011223344556677889900 ffeeddccbbaa99887766\n      ".utf8.prefix(64))
    )
    var ticks: UInt64 = 1_700_000_000_000_000
    func add(_ port: Int, _ bytes: [UInt8], _ flags: UInt8, _ isAnswer: Bool, _ sequence: Int) {
      let layer =
        isAnswer
        ? Packet.tcp(from: port, to: 40_000, bytes, sequence: sequence, flags: flags)
        : Packet.tcp(from: 40_000, to: port, bytes, sequence: sequence, flags: flags)
      ticks += 1_000
      file.enhancedPacket(
        ticks: ticks,
        Packet.ethernet(
          Packet.ipv4(
            from: isAnswer ? "203.0.113.9" : "192.168.1.64",
            to: isAnswer ? "192.168.1.64" : "203.0.113.9", layer)))
    }
    for stream in streams {
      add(stream.port, [], 2, false, 0)
      add(stream.port, [], 0x12, true, 0)
      for start in stride(from: 0, to: stream.request.count, by: 1_400) {
        let end = min(start + 1_400, stream.request.count)
        add(stream.port, Array(stream.request[start..<end]), 0x18, false, 1 + start)
      }
      add(stream.port, Array(stream.answer.prefix(1_400)), 0x18, true, 1)
      add(stream.port, Array(stream.answer.dropFirst(1_400).prefix(1_400)), 0x18, true, 1_401)
    }
    for datagram in datagrams {
      ticks += 1_000
      file.enhancedPacket(
        ticks: ticks,
        Packet.ethernet(
          Packet.ipv4(
            from: "192.168.1.64", to: "203.0.113.9",
            Packet.udp(from: 40_000, to: datagram.port, datagram.bytes))))
    }
    return file.bytes
  }

  private static func expectNoSecret(_ bytes: Data, _ what: String) {
    for secret in secrets {
      #expect(bytes.range(of: Data(secret.utf8)) == nil, "\(what): \(secret)")
    }
  }

  @Test func noOutputTellsASecret() throws {
    try Tool.withFolder { folder in
      try Data(Self.capture).write(to: folder.appending(path: "secrets.pcapng"))
      let commands: [[String]] = [
        ["analyze", "--format", "text"],
        ["flows", "--format", "text", "--width", "240"], ["flows", "--format", "csv"],
        ["flows", "--format", "json"], ["flows", "--format", "ndjson"],
        ["devices", "--format", "text"], ["devices", "--format", "csv"],
        ["devices", "--format", "json"], ["timeline", "--format", "csv", "--by", "flow"],
        ["timeline", "--format", "json"], ["timeline", "--format", "text"],
        ["info", "--format", "text"], ["info", "--format", "json"],
        ["diff", "secrets.pcapng", "--format", "text"],
        ["diff", "secrets.pcapng", "--format", "json"],
      ]
      var isRecognised = false
      for command in commands {
        let run = try Tool.run(command + ["secrets.pcapng"], in: folder)
        #expect(run.status == 0)
        isRecognised = isRecognised || run.output.contains("rtsp")
        Self.expectNoSecret(run.bytes, command.joined(separator: " "))
        Self.expectNoSecret(Data(run.errors.utf8), command.joined(separator: " "))
      }
      // The protocols were understood, so that there was something to tell.
      #expect(isRecognised)
    }
  }

  /// Every format that an analysis is written in, with all optional parts, and the log of the run.
  @Test func noReportTellsASecret() throws {
    try Tool.withFolder { folder in
      try Data(Self.capture).write(to: folder.appending(path: "secrets.pcapng"))
      let formats = ReportFormats.all.map(\.name)
      let outputs = formats.flatMap { ["--output", "\($0):report.\($0)"] }
      let run = try Tool.run(
        ["analyze", "secrets.pcapng", "--include", "flows,timeline,names", "--log", "log.txt"]
          + outputs, in: folder)
      #expect(run.status == 0)
      for name in formats.map({ "report.\($0)" }) + ["log.txt"] {
        let path = folder.appending(path: name)
        #expect(try !Data(contentsOf: path).isEmpty)
        // A saved analysis is compressed.
        let source = try DecompressingSource(CaptureInput(path.path))
        var content = Data()
        while let block = source.next(byteCount: 1 << 16) {
          for index in block.bytes.indices { content.append(block.bytes[index]) }
        }
        #expect(source.failureText == nil)
        #expect(!content.isEmpty)
        Self.expectNoSecret(content, name)
      }
      let again = try Tool.run(
        ["analyze", "report.lenstrace", "--format", "json", "--include", "flows,names"], in: folder)
      #expect(again.status == 0)
      Self.expectNoSecret(again.bytes, "of a saved analysis")
      // What each protocol tells beside its secrets is there, so that each was read.
      for told in ["rtsp", "rtmp", "sip", "ftp", "srt", "stun", "/ISAPI/System/Network/WIFI"] {
        #expect(again.output.contains(told), "\(told)")
      }
    }
  }

  /// Carved packets are evidence as it is; the keys of the capture are no packets.
  @Test func carvedPacketsHoldNoKeys() throws {
    try Tool.withFolder { folder in
      try Data(Self.capture).write(to: folder.appending(path: "secrets.pcapng"))
      let out = folder.appending(path: "out")
      try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
      let run = try Tool.run(
        [
          "carve", "secrets.pcapng", "--filter", "tcp", "--annotate", "--packets",
          "out/carved.pcapng",
        ], in: folder)
      #expect(run.status == 0)
      Self.expectNoSecret(Data(run.errors.utf8), "carve")
      let carved = try Data(contentsOf: out.appending(path: "carved.pcapng"))
      #expect(carved.range(of: Data("PASS hunter2".utf8)) != nil)
      #expect(carved.range(of: Data("CLIENT_RANDOM".utf8)) == nil)
    }
  }
}
