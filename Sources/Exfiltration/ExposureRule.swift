// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import PacketDecoding
internal import VideoDetection

/// Facts beside the address that raise an exposure (classifier.md §3.7, X3 and X4).
struct ExposureContext {
  /// Whether any name was seen for the destination.
  var hasName = true
  /// Whether the capture shows the sender's name look-ups, so that a missing name means something.
  var showsLookUps = false
  /// Hours from the start of the capture to the first packet to the destination.
  var hoursAfterStart = 0.0
  /// The peers behind a relay, with their places.
  var relayedPeers: [AddressAttribution] = []
  /// What contacts with servers that introduce viewers say.
  var contacts: String?
  /// The maker's relay that the destination is.
  var relay: String?
  /// What the destination is in a peer-to-peer session.
  var peerRole: String?
  /// Whether it is part of a call and ours is no camera: calls have no names and several servers by
  /// their nature.
  var isCall = false
  /// Nights with traffic; `nil` where no zone was given.
  var activeNights: Int?
  /// The zone of the nights.
  var zone = ""
  /// Distinct hours and days (UTC) with traffic.
  var activeHours = 0
  var activeDays = 0
  /// Cameras that send to the same AS.
  var camerasToSameAS = 0
  var bytes: UInt64 = 0
  var seconds = 0.0
}

/// Decides how far something went.
enum ExposureRule {
  /// The exposure of what `source` sent to `destination`; `nil` where it did not leave: inbound,
  /// or between two places that are neither inside nor home.
  static func exposure(
    source: AddressAttribution, destination: AddressAttribution
  ) -> ExposureAssessment? {
    let to = destination.judgedAddress
    if to.isMulticastOrBroadcast {
      guard isOurs(source) else { return nil }
      var reasons = ["multicast and broadcast never count as outside"]
      if source.scope != .inside {
        reasons.append(
          "the sender \(source.address) has a public address: a broadcast that is received here, "
            + "unless its net is named with --home-net")
      }
      return ExposureAssessment(level: .inside, reasons: reasons)
    }
    if destination.scope == .inside {
      guard source.scope == .inside else { return nil }
      return ExposureAssessment(
        level: .inside, reasons: ["both ends are inside: \(destination.reason)"])
    }
    guard isOurs(source) else { return nil }
    var reasons: [String] = []
    if source.scope != .inside {
      reasons.append(
        "the sender \(source.address) has a public address: captured outside a NAT, or its net is "
          + "to be named with --home-net")
    }
    switch destination.scope {
    case .home:
      return ExposureAssessment(
        level: .outside, reasons: reasons + ["outside, at home: \(destination.reason)"])
    case .foreign where source.scope == .inside || source.scope == .home:
      return ExposureAssessment(
        level: .foreign, reasons: reasons + ["outside, not at home: \(destination.reason)"])
    case .foreign:
      return ExposureAssessment(
        level: .outside,
        reasons: reasons + ["not at home (\(destination.reason)), but neither is the sender known"])
    case .special:
      return ExposureAssessment(
        level: .outside, reasons: reasons + ["no public address: \(destination.reason)"])
    case .unknown, .inside:
      var text = "outside, place not decided: \(destination.reason)"
      if destination.listing?.isWatched ?? false { text += "; the destination is watched" }
      return ExposureAssessment(level: .outside, reasons: reasons + [text])
    }
  }

  /// Whether the place of a destination was decided, so that X1 means "at home".
  static func isPlaceKnown(_ destination: AddressAttribution) -> Bool {
    destination.scope == .home || destination.scope == .foreign || destination.scope == .inside
  }

  /// Raises X2 to X3 and X4 where the context asks for it.
  static func raise(
    _ exposure: ExposureAssessment, _ destination: AddressAttribution, _ context: ExposureContext
  ) -> ExposureAssessment {
    var result = exposure
    if result.level == .outside, context.relayedPeers.contains(where: { $0.scope == .foreign }) {
      // The relay is a station; who gets the video is behind it.
      result.level = .foreign
    }
    guard result.level == .foreign else {
      result.reasons += context.relayedPeers.map(relayText)
      if let relay = context.relay { result.reasons.append(makersRelayText(relay)) }
      if let contacts = context.contacts { result.reasons.append(contacts) }
      if let role = context.peerRole { result.reasons.append(role) }
      return result
    }
    let suspicious = suspicions(destination, context)
    if !suspicious.isEmpty { result.level = .foreignSuspicious }
    let sustained = continuance(context)
    if !sustained.isEmpty { result.level = .foreignSustained }
    result.reasons += suspicious + hints(destination) + sustained
    if let role = context.peerRole { result.reasons.append(role) }
    return result
  }

  /// What is worth knowing and raises nothing by itself.
  private static func hints(_ destination: AddressAttribution) -> [String] {
    guard let name = destination.record?.asName, HostingNames.strength(name) == .suggested else {
      return []
    }
    return [
      "the operator's name, \(name), suggests that it rents out machines: a weak sign, which raises "
        + "nothing by itself"
    ]
  }

  /// Whether what an address sends is ours to judge: inside, home, or not known to be another's.
  private static func isOurs(_ source: AddressAttribution) -> Bool {
    switch source.scope {
    case .inside, .home, .unknown: true
    case .foreign, .special: false
    }
  }

  private static func suspicions(
    _ destination: AddressAttribution, _ context: ExposureContext
  ) -> [String] {
    var reasons: [String] = []
    if destination.notes.contains(.anonymousProxy) {
      reasons.append("the destination is an anonymising proxy, VPN or Tor exit")
    }
    if destination.notes.contains(.hostileNetwork) {
      reasons.append("the GeoIP table calls the destination's network hostile")
    }
    reasons += context.relayedPeers.map(relayText)
    if let relay = context.relay { reasons.append(makersRelayText(relay)) }
    if !context.isCall, let contacts = context.contacts { reasons.append(contacts) }
    if let name = destination.record?.asName, HostingNames.strength(name) == .known {
      reasons.append(
        "\(name) rents out machines to anyone: who is behind the address is not known")
    }
    if !context.isCall, context.showsLookUps, !context.hasName {
      reasons.append(
        "the device looked up names of other destinations, but none of this one, and sent none")
    }
    if context.hoursAfterStart >= ExposureThresholds.newAfterHours.value {
      reasons.append(
        "first seen " + NumberText.decimal(context.hoursAfterStart, 0)
          + " h after the capture begins")
    }
    return reasons
  }

  private static func relayText(_ peer: AddressAttribution) -> String {
    var place = peer.record?.country.map { "country \($0)" } ?? "country not known"
    if peer.scope == .inside { place = "inside" }
    return "relayed by TURN to \(peer.address) (\(place)): the relay's country is not the viewer's"
  }

  private static func makersRelayText(_ relay: String) -> String {
    "the destination is a \(relay): who watches behind it is not in the capture, and the relay's "
      + "country is not the viewer's"
  }

  private static func continuance(_ context: ExposureContext) -> [String] {
    var reasons: [String] = []
    if Double(context.activeHours) >= ExposureThresholds.sustainedHours.value,
      Double(context.activeDays) >= ExposureThresholds.sustainedDays.value
    {
      reasons.append(
        "active in \(context.activeHours) hours on \(context.activeDays) days (UTC)")
    }
    if let nights = context.activeNights,
      Double(nights) >= ExposureThresholds.sustainedNights.value
    {
      reasons.append("active in \(nights) nights (22 to 6 o'clock, \(context.zone))")
    }
    if Double(context.camerasToSameAS) >= ExposureThresholds.camerasToOneAS.value {
      reasons.append("\(context.camerasToSameAS) devices send video to the same AS")
    }
    if Double(context.bytes)
      >= ExposureThresholds.sustainedBytesPerDay.value * max(1, context.seconds / 86_400)
    {
      reasons.append("at least 1 GB a day")
    }
    return reasons
  }
}
