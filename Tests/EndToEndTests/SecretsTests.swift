// SPDX-License-Identifier: Apache-2.0

import Foundation
import TestSupport
import Testing

/// Passwords, tokens and keys that stand in a capture are in no output.
struct SecretsTests {
  /// What must never be printed: as typed, and as the protocols carry it.
  private static let secrets = [
    "hunter2", "aHVudGVyMg", "admin:hunter2", "YWRtaW46aHVudGVyMg", "live_90210_StreamKey",
    "SessionTokenAbc", "0011223344556677889900", "CLIENT_RANDOM", "ffeeddccbbaa99887766",
    "DigestResponse42", "wsse-Secret", "QueryToken77",
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
    (1935, rtmp, [3] + [UInt8](repeating: 1, count: 1536) + [UInt8](repeating: 1, count: 1536)),
  ]

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
    return file.bytes
  }

  @Test func noOutputTellsASecret() throws {
    try Tool.withFolder { folder in
      try Data(Self.capture).write(to: folder.appending(path: "secrets.pcapng"))
      let commands: [[String]] = [
        ["analyze", "--format", "text"],
        ["analyze", "--format", "json", "--include", "flows,timeline,names"],
        ["flows", "--format", "text", "--width", "240"], ["flows", "--format", "csv"],
        ["flows", "--format", "json"], ["flows", "--format", "ndjson"],
        ["devices", "--format", "text"], ["devices", "--format", "csv"],
        ["devices", "--format", "json"], ["timeline", "--format", "csv", "--by", "flow"],
        ["info", "--format", "text"], ["info", "--format", "json"],
      ]
      var isRecognised = false
      for command in commands {
        let run = try Tool.run(command + ["secrets.pcapng"], in: folder)
        #expect(run.status == 0)
        isRecognised = isRecognised || run.output.contains("rtsp")
        for secret in Self.secrets {
          let found = run.output.contains(secret) || run.errors.contains(secret)
          #expect(!found, "\(command.joined(separator: " ")): \(secret)")
        }
      }
      // The protocols were understood, so that there was something to tell.
      #expect(isRecognised)
    }
  }

  /// Carved packets are evidence as it is; the keys of the capture are no packets.
  @Test func carvedPacketsHoldNoKeys() throws {
    try Tool.withFolder { folder in
      try Data(Self.capture).write(to: folder.appending(path: "secrets.pcapng"))
      let out = folder.appending(path: "out")
      try FileManager.default.createDirectory(at: out, withIntermediateDirectories: true)
      let run = try Tool.run(
        ["carve", "secrets.pcapng", "--filter", "tcp", "--packets", "out/carved.pcapng"], in: folder
      )
      #expect(run.status == 0)
      let carved = try Data(contentsOf: out.appending(path: "carved.pcapng"))
      #expect(carved.range(of: Data("PASS hunter2".utf8)) != nil)
      #expect(carved.range(of: Data("CLIENT_RANDOM".utf8)) == nil)
    }
  }
}
