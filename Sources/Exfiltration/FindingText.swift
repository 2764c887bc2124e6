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
    var sourceScope: AddressAttribution.Scope
    var exposure: ExposureAssessment
    var verdict: VideoVerdict
    var isBulk: Bool
    var reasons: [Evidence]
    var counterReasons: [Evidence]
    /// How stored footage was taken.
    var storedFootage: String?
    /// How long the footage is and how long it was sent.
    var footage: FootagePace?
    /// Peers behind a relay.
    var relayedPeers: [Destination]
    /// The maker's relay that the destination is.
    var relay: String?
    /// The strongest video stream of the channel.
    var stream: MediaStream?
    var isHomeDeclared: Bool
  }

  static func text(_ facts: Facts) -> String {
    [what(facts), why(facts), whatIf(facts)].joined(separator: " ")
  }

  private static func what(_ facts: Facts) -> String {
    let channel = facts.channel
    var text =
      capitalized(sender(facts)) + " sent " + amount(facts) + " " + content(facts)
    text += span(channel) + " to " + place(facts)
    // A datagram from the other end may be no more than an opened path.
    let length = facts.footage.map { ", " + $0.text } ?? ""
    let stored = facts.storedFootage.map { " as stored footage (\($0)\(length))" }
    if channel.key.isPulled, channel.key.protocolNumber == 6 {
      text += ", pulled\(stored ?? "") by the other end, which opened the connection"
    } else if let stored {
      text += "," + stored
    }
    if !facts.relayedPeers.isEmpty {
      let peers = facts.relayedPeers.prefix(2).map { peer in
        peer.address.description + (peer.country.map { " (country \($0))" } ?? "")
      }
      text +=
        ", a relay that passed it on to " + peers.joined(separator: " and ")
        + ": the relay's country is not the viewer's"
    } else if let relay = facts.relay {
      text += ", a \(relay): the relay's country is not the viewer's"
    }
    return text + "."
  }

  /// Flows without a verdict in the channel are not counted to the video.
  private static func amount(_ facts: Facts) -> String {
    let channel = facts.channel
    let whole = NumberText.bytes(channel.bytes)
    guard facts.verdict >= .possible,
      Double(channel.verdictBytes) < wholeShare * Double(channel.bytes)
    else { return whole }
    return "\(whole), of which \(NumberText.bytes(channel.verdictBytes)) in flows"
  }

  /// Share of the channel from which on all of it is called by its verdict; the rest is set-up.
  private static let wholeShare = 0.9

  private static func span(_ channel: Channel) -> String {
    let text =
      channel.packets == 1 ? " in one packet" : " within " + NumberText.duration(channel.seconds)
    return channel.flowCount > 1 ? ", in \(channel.flowCount) flows" + text + "," : text
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
      return facts.verdict == .possible ? "that may be video" : "of \(sureness(facts))video"
    }
    var text = "of " + sureness(facts)
    if let codec = stream.codec { text += CodecNames.text(codec) + " " }
    text += "video"
    var notes: [String] = []
    if let width = stream.width, let height = stream.height { notes.append("\(width)x\(height)") }
    if let rate = stream.framesPerSecond {
      notes.append(NumberText.decimal(rate, 1) + " frames/s")
    }
    if !notes.isEmpty { text += " (" + notes.joined(separator: ", ") + ")" }
    return text
  }

  private static func sureness(_ facts: Facts) -> String {
    switch facts.verdict {
    case .certain: ""
    case .likely: "likely "
    case .possible, .noEvidence, .notAssessed: "possible "
    }
  }

  /// Whether the verdict rests on when packets came and on nothing read in them.
  private static func isByRhythm(_ facts: Facts) -> Bool {
    facts.stream == nil && facts.reasons.contains { $0.signal == "rhythm_gates" }
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
    case .inside where facts.isBroadcastReceived: text += ", a broadcast from a public address"
    case .inside: text += " inside the network"
    case .outside where destination.scope == .home: text += ", outside but at home"
    case .outside: text += ", outside the network"
    case .foreign, .foreignSuspicious, .foreignSustained: text += ", outside and not at home"
    }
    return text
  }

  private static func why(_ facts: Facts) -> String {
    let because = PlainReasons.text(
      facts.reasons, codec: facts.stream?.codec, isProved: facts.verdict == .certain)
    let doubt = PlainReasons.against(facts.counterReasons).map { "; but " + $0 } ?? ""
    switch facts.verdict {
    case .certain:
      // What is proved is not doubted, but a call is said to be one.
      let isBothWays = facts.counterReasons.contains { $0.signal == "interactive_video" }
      return "It is certainly video: " + because + (isBothWays ? doubt : "") + "."
    case .likely where isByRhythm(facts):
      return "It is likely video by its rhythm alone, which other regular uploads can have: "
        + because + doubt + "."
    case .likely: return "It is likely video, not proved: \(because)\(doubt)."
    case .possible:
      return "It may be video, but other uploads can look the same: \(because)\(doubt)."
    case .noEvidence, .notAssessed:
      return "Nothing shows that it is video; its volume and direction are why it is listed: "
        + because + "."
    }
  }

  /// What would tell whether the destination is at home.
  private static func open(_ facts: Facts) -> String? {
    let table =
      facts.destination.table == nil ? "a GeoIP table (--geoip) has its place" : nil
    let home = facts.isHomeDeclared ? nil : "--home is given"
    let missing = [table, home].compactMap(\.self)
    return missing.isEmpty ? nil : missing.joined(separator: " and ")
  }

  private static func whatIf(_ facts: Facts) -> String {
    let doubt =
      switch facts.verdict {
      case .certain: "Only forged packets would change that it is video"
      case .likely where isByRhythm(facts):
        "The sender's logs, or what it is known to run, would change that it is called video"
      case .likely:
        "Logs or signalling that name another content would change that it is called video"
      case .possible, .noEvidence, .notAssessed:
        "The sender's logs, or knowledge of what the destination serves, would tell whether it is "
          + "video"
      }
    switch facts.exposure.level {
    case .inside where facts.isBroadcastReceived:
      return doubt + "; whether the sender is part of this network is open."
    case .inside: return doubt + "; it did not leave the network."
    case .outside where facts.destination.scope != .home:
      guard let open = open(facts) else { return doubt + "." }
      return doubt + "; whether the destination is at home is open until \(open)."
    case .outside, .foreign, .foreignSuspicious, .foreignSustained:
      return facts.destination.table == nil
        ? doubt + "."
        : doubt + "; a wrong row of the GeoIP table for this address would change where it went."
    }
  }
}

extension FindingText.Facts {
  /// Whether a group was addressed by a sender that is not inside.
  fileprivate var isBroadcastReceived: Bool {
    destination.address.isMulticastOrBroadcast && sourceScope != .inside
  }
}
