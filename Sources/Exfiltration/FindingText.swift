// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import VideoDetection

/// Says a finding in three sentences for a reader who is no specialist: what, how sure and why,
/// what would change that.
enum FindingText {
  /// What the sentences are made of.
  struct Facts {
    var device: Device?
    var channel: Channel
    var destination: Destination
    var exposure: ExposureAssessment
    var verdict: VideoVerdict
    var isBulk: Bool
    var reasons: [Evidence]
    var counterReasons: [Evidence]
    /// How stored footage was taken.
    var storedFootage: String?
    /// Peers behind a relay.
    var relayedPeers: [Destination]
    /// The strongest video stream of the channel.
    var stream: MediaStream?
  }

  static func text(_ facts: Facts) -> String {
    [what(facts), why(facts), whatIf(facts)].joined(separator: " ")
  }

  private static func what(_ facts: Facts) -> String {
    let channel = facts.channel
    var text =
      capitalized(sender(facts)) + " sent " + NumberText.bytes(channel.bytes) + " " + content(facts)
    text += " within " + NumberText.duration(channel.seconds) + " to " + place(facts)
    // A datagram from the other end may be no more than an opened path.
    let stored = facts.storedFootage.map { " as stored footage (\($0))" }
    if channel.key.isPulled, channel.key.protocolNumber == 6 {
      text += ", pulled\(stored ?? "") by the other end, which opened the connection"
    } else if let stored {
      text += "," + stored
    }
    if !facts.relayedPeers.isEmpty {
      let peers = facts.relayedPeers.prefix(2).map { peer in
        peer.address.description + (peer.country.map { " (country \($0))" } ?? "")
      }
      text += ", a relay that passed it on to " + peers.joined(separator: " and ")
    }
    if channel.flowCount > 1 { text += " (\(channel.flowCount) flows)" }
    return text + "."
  }

  private static func sender(_ facts: Facts) -> String {
    let address = facts.channel.key.source.description
    guard let device = facts.device else { return address }
    var text = ""
    if let vendor = device.vendor { text += "\(vendor) " }
    let role = device.roles.first?.role ?? .unknown
    text += role == .unknown ? "device " : "\(role.rawValue) "
    return text + "\(device.id) (\(address))"
  }

  private static func capitalized(_ text: String) -> String {
    text.prefix(1).uppercased() + text.dropFirst()
  }

  private static func content(_ facts: Facts) -> String {
    if facts.isBulk, facts.verdict < .possible { return "of unknown content in bulk" }
    guard let stream = facts.stream, stream.media == .video else {
      return facts.verdict == .possible ? "in a way that video may take" : "of video"
    }
    var text = "of"
    if let codec = stream.codec { text += " \(codec.uppercased())" }
    text += " video"
    if let width = stream.width, let height = stream.height { text += " (\(width)x\(height)" }
    if let rate = stream.framesPerSecond {
      text += stream.width == nil ? " (" : ", "
      text += NumberText.decimal(rate, 1) + " frames/s"
    }
    if text.contains("(") { text += ")" }
    return text
  }

  private static func place(_ facts: Facts) -> String {
    let destination = facts.destination
    var text = destination.address.description
    if destination.address.isMulticastOrBroadcast { text = "the group " + text }
    if let port = destination.port { text += " port \(port)" }
    var notes: [String] = []
    if let name = destination.names.first { notes.append(name) }
    if let asn = destination.asn {
      notes.append("AS\(asn)" + (destination.asName.map { " \($0)" } ?? ""))
    }
    if let country = destination.country { notes.append("country \(country)") }
    if !notes.isEmpty { text += " (" + notes.joined(separator: ", ") + ")" }
    switch facts.exposure.level {
    case .inside: text += " inside the network"
    case .outside where destination.scope == .home: text += ", outside but at home"
    case .outside: text += ", outside"
    case .foreign, .foreignSuspicious, .foreignSustained: text += ", outside and not at home"
    }
    return text
  }

  private static func why(_ facts: Facts) -> String {
    let shown = facts.reasons.prefix(3).map(\.text).joined(separator: "; ")
    let because = shown.isEmpty ? "" : ": " + shown
    switch facts.verdict {
    case .certain: return "That it is video is certain, proved by protocol or bitstream\(because)."
    case .likely: return "It is likely video, consistent with live coded video\(because)."
    case .possible:
      return "It is possibly video and cannot be told from other uploads of this shape\(because)."
    case .noEvidence, .notAssessed:
      return
        "Nothing shows that it is video; the volume and its direction are the finding\(because)."
    }
  }

  private static func whatIf(_ facts: Facts) -> String {
    let doubt: String
    switch facts.verdict {
    case .certain:
      doubt = "Only forged packets"
    case .likely:
      doubt = "Signalling that names another content"
    case .possible, .noEvidence, .notAssessed:
      doubt = "The sender's log, knowledge of what the destination serves"
    }
    switch facts.exposure.level {
    case .inside: return doubt + " would change this; it did not leave the network."
    case .outside where facts.destination.scope != .home:
      return doubt
        + " or knowing the place of this address (--geoip, --home) would change this."
    case .outside, .foreign, .foreignSuspicious, .foreignSustained:
      return doubt + " or a wrong GeoIP row for this address would change this."
    }
  }
}
