// SPDX-License-Identifier: Apache-2.0

import Foundation
import LensTrace
import Testing

private let captures = ProcessInfo.processInfo.environment["LENSTRACE_CAPTURES"]

/// What the README says of protocols, codecs and containers is what is tested.
///
/// A row of its tables stands for recognizers, a star in it for a capture or a stream of another
/// program: both are listed here, so that a row cannot promise more than there is.
@Suite struct ProtocolEvidenceTests {
  private static let root = URL(filePath: #filePath)
    .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

  /// Words of the README's first columns by which each recognizer is found there.
  static let rows: [String: [String]] = [
    "Banner": ["SSH", "SMTP"], "DHCP": ["DHCP"], "DHCPv6": ["DHCPv6"],
    "DNS": ["DNS", "mDNS", "LLMNR"], "DTLS": ["DTLS"], "Dahua": ["DHIP, DVRIP, DHAV"],
    "DahuaDatagrams": ["P2P directory (8800), PTCP"], "Edimax": ["Edimax"],
    "FTP": ["FTP"], "FramedRTP": ["RFC 4571"], "GigEVision": ["GigE Vision"],
    "HTTP": ["HTTP/1", "HTTP-FLV", "HLS upload", "WebSocket"],
    "HikConnect": ["Hik-Connect P2P"], "Hikvision": ["device SDK (8000)", "IMKH"],
    "HikvisionDiscovery": ["SADP"], "MPEGTransportStream": ["MPEG-TS"], "NBNS": ["NetBIOS"],
    "NTP": ["NTP"], "PPPP": ["CS2 PPPP"], "QUIC": ["QUIC"], "RTMP": ["RTMP"], "RTSP": ["RTSP"],
    "RawMedia": ["MPEG-PS", "FLV", "fragmented MP4", "DHAV"], "Reolink": ["Reolink (TCP"],
    "ReolinkDatagrams": ["Reolink (UDP)"], "SIP": ["SIP", "GB/T 28181"], "SRT": ["SRT"],
    "SSDP": ["SSDP"],
    "STUN": ["STUN", "TURN"], "TLS": ["TLS"], "TUTK": ["ThroughTek"], "TVT": ["TVT"],
    "Tuya": ["Tuya"], "UniFi": ["Ubiquiti discovery (10001)"],
    "WSDiscovery": ["ONVIF: WS-Discovery"], "WireGuard": ["WireGuard"], "Xiongmai": ["Xiongmai"],
  ]

  /// Words for each codec and container.
  static let media: [String: String] = [
    "AV1": "AV1", "H263": "H.263", "H264": "H.264", "H265": "H.265", "JPEGXS": "JPEG XS",
    "MPEG2Video": "MPEG-2", "MPEG4Part2": "MPEG-4 part 2", "MotionJPEG": "Motion JPEG",
    "VP8": "VP8", "VP9": "VP9", "AnnexB": "Annex B", "DHAV": "DHAV", "FlashVideo": "FLV",
    "ISOBaseMedia": "fragmented MP4", "JPEGImages": "JPEG sequences",
    "GigEVision": "GigE Vision", "UncompressedVideo": "RFC 4175", "ProgramStream": "MPEG-PS",
    "TransportStream": "MPEG-TS", "Xiongmai": "Xiongmai",
  ]

  /// A starred word of the README, and what proves it.
  struct Star: Sendable, CustomTestStringConvertible {
    var word: String
    /// The service, or the kind of the media stream, that must be found in a capture.
    var service = ""
    var capture = ""
    /// The name of a stream in `Tests/Streams/check-streams`.
    var stream = ""
    var testDescription: String { "\(word) \(capture)\(stream)" }
  }

  static let stars: [Star] = [
    Star(word: "RTP", service: "rtp", capture: "video_rtp/ndpi__rtp.pcapng"),
    Star(word: "RTCP", service: "rtcp", capture: "rtsp/2ic80__rtsp.pcapng"),
    Star(word: "RTSP", service: "rtsp", capture: "rtsp/ndpi__rtsp.pcap"),
    Star(word: "SIP and SDP", service: "sip", capture: "neg_voip_audio/ndpi__sip.pcap"),
    Star(word: "MPEG-TS", service: "mpegts", capture: "mpegts/ndpi__mpegts.pcap"),
    Star(word: "fragmented MP4", stream: "fmp4-http"),
    Star(word: "HLS upload", stream: "hls-put"),
    Star(word: "RTMP", service: "rtmp", capture: "rtmp/ndpi__rtmp.pcap"),
    Star(word: "HTTP-FLV", stream: "http-flv"),
    Star(word: "SRT", service: "srt", capture: "srt_rist/pi-list__srt_stream.pcap"),
    Star(word: "STUN", service: "stun", capture: "webrtc/ndpi__telegram_videocall.pcapng"),
    Star(
      word: "TURN", service: "stun",
      capture: "webrtc/testbench__messenger_case_7_packets_caller.pcapng"),
    Star(word: "DTLS", service: "webrtc", capture: "webrtc/ndpi__stun_dtls_rtp.pcapng"),
    Star(word: "WebRTC", service: "webrtc", capture: "webrtc/urjc__video.pcap"),
    Star(
      word: "Reolink (TCP)", service: "reolink",
      capture: "camera_device/neolink__e1_firmwareupgrade.pcapng"),
    Star(word: "CS2 PPPP", service: "pppp", capture: "camera_device/mudproject__camera.pcap"),
    Star(
      word: "Edimax", service: "edimax",
      capture: "camera_device/iot_sentinel__EdimaxCam1_Setup-A-1-STA.pcap"),
    Star(word: "TLS", service: "tls", capture: "video_call/ndpi__webex.pcap"),
    Star(word: "QUIC", service: "quic", capture: "neg_quic/ndpi__quic-28.pcap"),
    Star(word: "HTTP/1", service: "http", capture: "stream_download/ndpi__1kxun.pcap"),
    Star(word: "WebSocket", service: "websocket", capture: "stream_download/ndpi__1kxun.pcap"),
    Star(word: "DNS", service: "dns", capture: "camera_device/iotlabeled__blink-cam-01.pcap"),
    Star(word: "mDNS", service: "mdns", capture: "camera_device/u61w__udirc_drone_cap.pcapng"),
    Star(word: "LLMNR", service: "llmnr", capture: "camera_device/u61w__udirc_drone_cap.pcapng"),
    Star(word: "NetBIOS", service: "nbns", capture: "stream_download/ndpi__1kxun.pcap"),
    Star(word: "DHCP", service: "dhcp", capture: "camera_device/iotlabeled__blink-cam-01.pcap"),
    Star(word: "DHCPv6", service: "dhcpv6", capture: "pppoe_ppp/zeek__pppoe.pcap"),
    Star(word: "SSDP", service: "ssdp", capture: "camera_device/u61w__udirc_drone_cap.pcapng"),
    Star(word: "NTP", service: "ntp", capture: "gre_erspan/zeek__gre-sample.pcap"),
    Star(word: "SSH", service: "ssh", capture: "neg_bulk_upload/ja4__ssh-scp-1050.pcap"),
    Star(
      word: "SMTP", service: "smtp",
      capture: "neg_bulk_upload/suricata__mime-stream-depth_input.pcap"),
    Star(word: "WireGuard", service: "wireguard", capture: "neg_vpn/ndpi__wireguard.pcap"),
  ]

  private static func names(_ folder: String) throws -> [String] {
    let path = root.appending(path: folder).path
    let files = try FileManager.default.contentsOfDirectory(atPath: path)
    return Set(
      files.filter { $0.hasSuffix(".swift") }.compactMap {
        $0.dropLast(6).split(separator: "+").first.map(String.init)
      }
    ).sorted()
  }

  private static func readme() throws -> [Substring] {
    try String(contentsOf: root.appending(path: "README.md"), encoding: .utf8)
      .split(separator: "\n", omittingEmptySubsequences: false)
  }

  /// First cells of the tables whose head begins with a word.
  private static func cells(ofTable head: String, column: Int = 1) throws -> [String] {
    let lines = try readme()
    let start = try #require(lines.firstIndex { $0.hasPrefix("| \(head) |") }, "no table \(head)")
    return lines[(start + 2)...].prefix { $0.hasPrefix("|") }.map {
      String($0.split(separator: "|", omittingEmptySubsequences: false)[column])
    }
  }

  private static func protocolCells() throws -> [String] {
    try cells(ofTable: "media and signalling") + cells(ofTable: "camera makers")
      + cells(ofTable: "carriers and names")
  }

  @Test func everyRecognizerHasARow() throws {
    let files = try Self.names("Sources/ProtocolRecognition/Recognizers")
    #expect(Self.rows.keys.sorted() == files)
    let cells = try Self.protocolCells()
    for (recognizer, words) in Self.rows {
      for word in words {
        #expect(cells.contains { $0.contains(word) }, "\(recognizer): no row names \(word)")
      }
    }
  }

  @Test func everyCodecAndContainerIsNamed() throws {
    let files =
      try Self.names("Sources/MediaInspection/Codecs")
      + Self.names("Sources/MediaInspection/Containers")
    #expect(Self.media.keys.sorted() == files.sorted())
    let cells = try Self.cells(ofTable: "proof of video", column: 2).joined(separator: ", ")
    for (name, word) in Self.media { #expect(cells.contains(word), "\(name): \(word)") }
  }

  /// The words before the stars: behind a comma, a colon or the cell's beginning.
  @Test func everyStarIsProved() throws {
    let words = try Self.protocolCells().flatMap { cell in
      cell.split(separator: "*", omittingEmptySubsequences: false).dropLast().map { part in
        let word = part.split(separator: ", ").last.map(String.init) ?? ""
        return word.trimmingCharacters(in: .whitespaces)
      }
    }
    #expect(words.sorted() == Self.stars.map(\.word).sorted())
    let script = try String(
      contentsOf: Self.root.appending(path: "Tests/Streams/check-streams"), encoding: .utf8)
    for star in Self.stars where !star.stream.isEmpty {
      #expect(script.contains("add(\"\(star.stream)\""), "\(star)")
    }
  }

  @Test(
    .enabled(if: captures != nil, "set LENSTRACE_CAPTURES to the folder of the captures"),
    arguments: stars.filter { !$0.capture.isEmpty })
  func isFoundInItsCapture(star: Star) throws {
    var configuration = Analyzer.Configuration()
    configuration.computesHashes = false
    let path = try #require(captures) + "/" + star.capture
    let analysis = try Analyzer(configuration).analyze(CaptureSet([path]))
    #expect(
      analysis.flows.contains { analysis.flowLabels[$0.id].service == star.service })
  }
}
