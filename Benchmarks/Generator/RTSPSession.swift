// SPDX-License-Identifier: Apache-2.0

/// The signalling before an RTP stream: [RFC 2326](https://www.rfc-editor.org/rfc/rfc2326) with
/// SDP ([RFC 8866](https://www.rfc-editor.org/rfc/rfc8866)).
enum RTSPSession {
  /// Turns of a viewer (the originator) that asks a camera for video over UDP; the stream plays
  /// for `seconds` before TEARDOWN.
  static func turns(
    camera: Endpoint, viewer: Endpoint, parameters: H264Stream.ParameterSets, ssrc: UInt32,
    seconds: Int
  ) -> [TCPConversation.Turn] {
    let host = camera.address.isIPv6 ? "[\(camera.address.text)]" : camera.address.text
    let url = "rtsp://\(host):554/Streaming/Channels/101"
    let family = camera.address.isIPv6 ? "IP6" : "IP4"
    let sets = base64(parameters.sequence) + "," + base64(parameters.picture)
    let profile = parameters.sequence[1...3].map { byte in
      let text = String(byte, radix: 16, uppercase: true)
      return text.count == 1 ? "0" + text : text
    }.joined()
    let description =
      [
        "v=0", "o=- 1 1 IN \(family) \(camera.address.text)", "s=Media Presentation",
        "c=IN \(family) \(camera.address.isIPv6 ? "::" : "0.0.0.0")", "t=0 0", "a=control:*",
        "m=video 0 RTP/AVP \(H264Stream.payloadType)",
        "a=rtpmap:\(H264Stream.payloadType) H264/\(H264Stream.clockRate)",
        "a=fmtp:\(H264Stream.payloadType) packetization-mode=1;profile-level-id=\(profile);"
          + "sprop-parameter-sets=\(sets)",
        "a=framerate:\(H264Stream.framesPerSecond)", "a=control:trackID=1",
      ].joined(separator: "\r\n") + "\r\n"
    let transport =
      "RTP/AVP;unicast;client_port=\(viewer.port)-\(viewer.port + 1)"
    let session = String(ssrc ^ 0x5A5A_5A5A)

    var number = 0
    var result: [TCPConversation.Turn] = []
    func exchange(
      _ method: String, _ target: String, request: [String] = [], response: [String] = [],
      body: String = "", delay: Int = 3_000
    ) {
      number += 1
      let head = ["\(method) \(target) RTSP/1.0", "CSeq: \(number)", "User-Agent: viewer/1.0"]
      let answer = ["RTSP/1.0 200 OK", "CSeq: \(number)", "Server: camera/1.0"]
      let question = (head + request).joined(separator: "\r\n") + "\r\n\r\n"
      let reply = (answer + response).joined(separator: "\r\n") + "\r\n\r\n" + body
      result.append(
        .init(sender: .fromOriginator, content: .bytes(Array(question.utf8)), delay: delay))
      result.append(
        .init(sender: .fromResponder, content: .bytes(Array(reply.utf8)), delay: 1_500))
    }
    exchange(
      "OPTIONS", url,
      response: ["Public: OPTIONS, DESCRIBE, SETUP, PLAY, GET_PARAMETER, TEARDOWN"])
    exchange(
      "DESCRIBE", url, request: ["Accept: application/sdp"],
      response: [
        "Content-Type: application/sdp", "Content-Base: \(url)/",
        "Content-Length: \(description.utf8.count)",
      ], body: description)
    exchange(
      "SETUP", url + "/trackID=1", request: ["Transport: " + transport],
      response: [
        "Session: \(session);timeout=60",
        "Transport: \(transport);server_port=\(camera.port)-\(camera.port + 1);ssrc="
          + String(ssrc, radix: 16, uppercase: true),
      ])
    exchange(
      "PLAY", url + "/", request: ["Session: \(session)", "Range: npt=0.000-"],
      response: ["Session: \(session)", "RTP-Info: url=\(url)/trackID=1"])
    var elapsed = 0
    while elapsed + 25 < seconds {
      elapsed += 25
      exchange(
        "GET_PARAMETER", url + "/", request: ["Session: \(session)"],
        response: ["Session: \(session)"], delay: 25_000_000)
    }
    exchange(
      "TEARDOWN", url + "/", request: ["Session: \(session)"], response: ["Session: \(session)"],
      delay: max(seconds - elapsed, 1) * 1_000_000)
    return result
  }

  /// RFC 4648 section 4.
  private static func base64(_ bytes: [UInt8]) -> String {
    let alphabet = Array("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/")
    var text = ""
    var index = 0
    while index < bytes.count {
      let rest = bytes[index..<min(index + 3, bytes.count)]
      var word = 0
      for byte in rest { word = word << 8 | Int(byte) }
      word <<= 8 * (3 - rest.count)
      for position in 0..<4 {
        text.append(position <= rest.count ? alphabet[word >> (18 - 6 * position) & 63] : "=")
      }
      index += 3
    }
    return text
  }
}
