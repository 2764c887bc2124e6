// SPDX-License-Identifier: Apache-2.0

/// What a flow speaks, by the lower-case name printed in the column `service`.
public enum Service: String, Sendable, CaseIterable, BitwiseCopyable {
  /// Real-time media, [RFC 3550](https://www.rfc-editor.org/rfc/rfc3550).
  case rtp
  /// Control of real-time media on its own port.
  case rtcp
  /// Streaming control, [RFC 2326](https://www.rfc-editor.org/rfc/rfc2326).
  case rtsp
  /// Session set-up, [RFC 3261](https://www.rfc-editor.org/rfc/rfc3261).
  case sip
  /// MPEG transport stream, ISO/IEC 13818-1.
  case mpegts
  /// MPEG program stream, ISO/IEC 13818-1.
  case mpegps
  /// Adobe's Real-Time Messaging Protocol.
  case rtmp
  /// Secure Reliable Transport.
  case srt
  /// HTTP/1, [RFC 9112](https://www.rfc-editor.org/rfc/rfc9112).
  case http
  /// HTTP/2 with prior knowledge, [RFC 9113](https://www.rfc-editor.org/rfc/rfc9113).
  case http2
  /// WebSocket, [RFC 6455](https://www.rfc-editor.org/rfc/rfc6455).
  case websocket
  /// TLS over TCP, [RFC 8446](https://www.rfc-editor.org/rfc/rfc8446).
  case tls
  /// DTLS, [RFC 9147](https://www.rfc-editor.org/rfc/rfc9147).
  case dtls
  /// QUIC, [RFC 9000](https://www.rfc-editor.org/rfc/rfc9000).
  case quic
  /// STUN and TURN, [RFC 8489](https://www.rfc-editor.org/rfc/rfc8489).
  case stun
  /// STUN or DTLS with media on the same five-tuple.
  case webrtc
  /// Domain names, [RFC 1035](https://www.rfc-editor.org/rfc/rfc1035).
  case dns
  /// Multicast DNS, [RFC 6762](https://www.rfc-editor.org/rfc/rfc6762).
  case mdns
  /// Link-local multicast name resolution, [RFC 4795](https://www.rfc-editor.org/rfc/rfc4795).
  case llmnr
  /// NetBIOS name service, [RFC 1002](https://www.rfc-editor.org/rfc/rfc1002).
  case nbns
  /// Host configuration, [RFC 2131](https://www.rfc-editor.org/rfc/rfc2131).
  case dhcp
  /// Host configuration for IPv6, [RFC 8415](https://www.rfc-editor.org/rfc/rfc8415).
  case dhcpv6
  /// Network time, [RFC 5905](https://www.rfc-editor.org/rfc/rfc5905).
  case ntp
  /// Simple Service Discovery Protocol (UPnP).
  case ssdp
  /// WS-Discovery as ONVIF uses it.
  case wsDiscovery = "ws_discovery"
  /// WireGuard.
  case wireguard
  /// Secure Shell, [RFC 4253](https://www.rfc-editor.org/rfc/rfc4253).
  case ssh
  /// File transfer, [RFC 959](https://www.rfc-editor.org/rfc/rfc959).
  case ftp
  /// Mail transfer, [RFC 5321](https://www.rfc-editor.org/rfc/rfc5321).
  case smtp
  /// Hikvision discovery (SADP).
  case hikvisionDiscovery = "hikvision_sadp"
  /// Ubiquiti discovery, which UniFi cameras answer.
  case ubiquitiDiscovery = "ubiquiti_discovery"
  /// Reliable Internet Stream Transport, by its requests for retransmission.
  case rist
  /// Hikvision device SDK, media stream or relay.
  case hikvision
  /// Dahua discovery, control or media (DHIP, DVRIP, DHAV, PTCP).
  case dahua
  /// Xiongmai DVRIP ("Sofia").
  case xiongmai
  /// Reolink Baichuan.
  case reolink
  /// CS2 Network PPPP.
  case pppp
  /// Tuya.
  case tuya
  /// ThroughTek Kalay.
  case tutk
  /// TVT recorder protocol.
  case tvt
  /// GigE Vision, control and pictures of industrial cameras.
  case gigEVision = "gige_vision"
  /// Edimax's commands between its cameras, plugs and cloud.
  case edimax
}
