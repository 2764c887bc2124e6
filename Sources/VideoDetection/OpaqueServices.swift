// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import ProtocolRecognition

/// Which flows hide what they carry, so that only their rhythm could tell.
enum OpaqueServices {
  /// Services whose messages are read: what they carry is known.
  private static let readable: Set<Service> = [
    .rtp, .rtcp, .sip, .dns, .mdns, .llmnr, .nbns, .dhcp, .dhcpv6, .ntp, .ssdp, .wsDiscovery,
    .mpegts, .mpegps, .rtmp, .rtsp, .hikvisionDiscovery, .smtp, .ftp,
  ]

  /// Whether the contents of a flow cannot be read.
  static func hides(_ flow: Flow, _ recognition: FlowRecognition?) -> Bool {
    switch flow.protocolNumber {
    // ICMP and ICMPv6 carry no media but may carry a tunnel.
    case 0, 1, 6, 17, 50, 58, 132, 136: break
    default: return true
    }
    guard let service = recognition?.service else { return true }
    return !readable.contains(service)
  }
}
