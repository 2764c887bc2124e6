// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import PacketDecoding

/// Where calls and conferences send their media, as the makers publish it for those who set up
/// firewalls.
///
/// Networks and ports move; a match is one more sign of a call and never hides a device that other
/// signs show to be a camera. Networks are here where a table of operators confirms them, ports where
/// they could be read at a source (Webex's could not, and are as commonly stated). TURN services for
/// rent (Twilio, Cloudflare, Amazon Kinesis, Xirsys) are left out, because cameras use them too.
enum ConferencingServices {
  /// One service.
  struct Service: Sendable {
    var name: String
    /// Ends of host names that are the service's alone.
    var domains: [String]
    /// Networks of its media servers.
    var networks: [AddressPrefix]
    /// UDP ports of its media.
    var ports: [ClosedRange<UInt16>]
    /// The page that states them.
    var source: String

    init(
      _ name: String, domains: [String], networks: [String] = [], ports: [ClosedRange<UInt16>],
      source: String
    ) {
      self.name = name
      self.domains = domains
      self.networks = networks.compactMap { AddressPrefix($0) }
      self.ports = ports
      self.source = source
    }
  }

  /// All of them, in the order in which they are tried.
  static let table: [Service] = [
    Service(
      "Zoom", domains: ["zoom.us", "zoomgov.com"], ports: [3_478...3_479, 8_801...8_810],
      source: "support.zoom.com KB0060561 and KB0065712, firewall configuration"),
    Service(
      "Microsoft Teams and Skype",
      domains: ["teams.microsoft.com", "teams.live.com", "skype.com", "lync.com"],
      networks: ["52.112.0.0/14", "52.122.0.0/15", "2603:1063::/38"], ports: [3_478...3_481],
      source: "learn.microsoft.com, Microsoft 365 URLs and IP address ranges, ID 11"),
    Service(
      "Google Meet", domains: ["meet.google.com"],
      networks: [
        "74.125.250.0/24", "142.250.82.0/24", "2001:4860:4864:5::/64", "2001:4860:4864:6::/64",
      ], ports: [443...443, 3_478...3_478, 19_302...19_309],
      source: "support.google.com/a/answer/1279090, prepare your network for Meet"),
    Service(
      "Webex", domains: ["webex.com", "wbx2.com", "ciscospark.com"],
      ports: [5_004...5_004, 9_000...9_000],
      source: "help.webex.com WBX000028782, network requirements for Webex services"),
    Service(
      "FaceTime", domains: ["facetime.apple.com"], networks: ["17.0.0.0/8"],
      ports: [3_478...3_497, 16_384...16_387, 16_393...16_402],
      source: "support.apple.com 103229, TCP and UDP ports used by Apple software"),
    Service(
      "WhatsApp and Messenger", domains: ["whatsapp.net", "whatsapp.com"],
      networks: [
        "31.13.24.0/21", "31.13.64.0/18", "157.240.0.0/16", "179.60.192.0/22",
        "185.60.216.0/22", "2a03:2880::/32",
      ], ports: [3_478...3_478],
      source: "networks that AS32934 announces; port of the calls in nDPI's wa_video.pcap"),
    Service(
      "Jitsi Meet", domains: ["jitsi.net", "meet.jit.si", "8x8.vc"],
      ports: [443...443, 3_478...3_478, 10_000...10_000],
      source: "jitsi.github.io handbook, self-hosting, ports of the video bridge"),
  ]

  /// The service that a destination is by one of its names, or by its network, where the port is
  /// one of the service's media too.
  static func service(
    _ address: IPAddress, port: UInt16?, protocolNumber: UInt8, names: [String]
  ) -> Service? {
    guard protocolNumber == 17, let port else { return nil }
    let lower = names.map { $0.lowercased() }
    return table.first { service in
      service.ports.contains { $0.contains(port) }
        && (service.networks.contains { $0.contains(address) }
          || service.domains.contains { domain in
            lower.contains { $0 == domain || $0.hasSuffix("." + domain) }
          })
    }
  }
}
