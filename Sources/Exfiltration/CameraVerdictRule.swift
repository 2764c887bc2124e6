// SPDX-License-Identifier: Apache-2.0

internal import HostInventory
internal import PacketDecoding
internal import VideoDetection

/// The one answer per camera or recorder (CONTRACT.md, Values).
enum CameraVerdictRule {
  /// What a device sent outside, over all its channels.
  struct Outward {
    var bytes: UInt64 = 0
    var cipheredBytes: UInt64 = 0
    var tunnels = 0
    /// Directions over the volume floor that could not be assessed.
    var notAssessed = 0
  }

  static func verdict(
    _ device: Device, _ observation: HostObservation, findings: [Finding], outward: Outward,
    scope: CaptureScope
  ) -> CameraVerdict {
    let (sent, notAssessed) = (findings, outward.notAssessed)
    let outside = sent.filter {
      $0.device == device.id && $0.exposure.level >= .outside && $0.video.verdict >= .possible
    }
    var observed = CameraVerdict.Observed(
      firstTime: observation.firstTime, lastTime: observation.lastTime,
      secondsCovered: scope.secondsCovered, directionSeen: directionSeen(observation),
      dropped: scope.droppedPackets, flowsNotAssessed: notAssessed)
    let packets = observation.sentPackets &+ observation.receivedPackets
    if packets > 0 { observed.truncatedShare = share(observation.truncatedPackets, packets) }
    let whole = observation.sentBytes &+ observation.missingBytes
    if whole > 0 { observed.missingShare = share(observation.missingBytes, whole) }
    if outward.bytes > 0 { observed.cipheredShare = share(outward.cipheredBytes, outward.bytes) }
    observed.opaqueTunnels = outward.tunnels
    let strongest = outside.map(\.video.verdict).max()
    let obstacles = obstacles(observed, observation, scope)
    let outcome: CameraVerdict.Outcome
    if strongest == .certain {
      outcome = .left
    } else if strongest != nil {
      outcome = .consistent
    } else {
      outcome = obstacles.isEmpty ? .noSign : .cannotTell
    }
    return CameraVerdict(
      device: device.id, outcome: outcome, text: text(outcome, outside, observed, obstacles),
      observed: observed)
  }

  private static func directionSeen(
    _ observation: HostObservation
  ) -> CameraVerdict.DirectionSeen {
    switch (observation.sentPackets > 0, observation.receivedPackets > 0) {
    case (true, true): .both
    case (true, false): .sent
    case (false, true): .received
    case (false, false): .none
    }
  }

  /// What kept the capture from showing video that leaves.
  private static func obstacles(
    _ observed: CameraVerdict.Observed, _ observation: HostObservation, _ scope: CaptureScope
  ) -> [String] {
    var result: [String] = []
    if observed.flowsNotAssessed > 0 {
      result.append(
        NumberText.count(observed.flowsNotAssessed, "outbound flow") + " of more than "
          + NumberText.bytes(UInt64(ExposureThresholds.volumeFloor.value))
          + " could not be assessed")
    }
    let unread = scope.bounds.flows.count
    if unread > 0 {
      result.append(
        NumberText.count(Int(clamping: unread), "packet")
          + " of later flows, perhaps its own, could not be looked at within --memory")
    }
    if scope.undecodedPackets > 0 {
      result.append(
        NumberText.count(Int(clamping: scope.undecodedPackets), "packet")
          + " of link types that are not decoded, perhaps its own")
    }
    if scope.cipheredFrames > 0 {
      result.append(
        NumberText.count(Int(clamping: scope.cipheredFrames), "ciphered Wi-Fi frame")
          + ", perhaps its own, could not be looked at")
    }
    if observed.directionSeen != .both {
      result.append("only one direction of its traffic was captured")
    }
    let lost = share(observation.missingBytes, observation.sentBytes &+ observation.missingBytes)
    if lost > ExposureThresholds.lossShare.value {
      result.append(NumberText.decimal(lost * 100, 1) + " % of its bytes are missing")
    }
    let dropped = scope.droppedPackets ?? 0
    let droppedShare = share(dropped, scope.packets &+ dropped)
    if droppedShare > ExposureThresholds.lossShare.value {
      result.append(
        "the capture lost " + NumberText.decimal(droppedShare * 100, 1) + " % of packets")
    }
    let packets = observation.sentPackets &+ observation.receivedPackets
    if share(observation.truncatedPackets, packets) > Thresholds.truncatedShare.value {
      result.append("most of its packets were cut by the snapshot length")
    }
    return result
  }

  private static func share(_ part: UInt64, _ whole: UInt64) -> Double {
    whole == 0 ? 0 : Double(part) / Double(whole)
  }

  /// Findings that a verdict names.
  private static let findingsNamed = 3

  private static func text(
    _ outcome: CameraVerdict.Outcome, _ findings: [Finding], _ observed: CameraVerdict.Observed,
    _ obstacles: [String]
  ) -> String {
    let time = NumberText.duration(observed.secondsCovered)
    let floor = NumberText.bytes(UInt64(ExposureThresholds.volumeFloor.value))
    switch outcome {
    case .left:
      let proved = findings.filter { $0.video.verdict == .certain }
      let others = findings.filter { $0.video.verdict < .certain }
      var text = "Video left the network: \(volume(proved))"
      if !others.isEmpty { text += "; beside it what may be video: \(volume(others))" }
      return text + ". That it is video was read in the packets themselves, as each finding says. "
        + "Only forged packets would change this."
    case .consistent:
      let isLikely = findings.contains { $0.video.verdict == .likely }
      return "Traffic consistent with video left the network: \(volume(findings)). It is "
        + "\(isLikely ? "likely" : "possibly") video and not proved, for the reasons that each "
        + "finding gives. The device's own logs, or what the destinations serve, would decide it."
    case .noSign:
      var text =
        "No sign that video left the network in the \(time) that were captured. What the device "
        + "sent and received was seen, and every outbound flow of more than \(floor) was assessed"
      let ciphered = observed.cipheredShare ?? 0
      if ciphered > 0 {
        text +=
          "; of what it sent outside, \(NumberText.decimal(ciphered * 100, 0)) % was ciphered and "
          + "judged by rhythm and volume only"
      }
      return text + ". Would have been missed: video before or after, under \(floor), or on a path "
        + "that was not captured\(ciphered > 0 ? ", and recordings sent ciphered in one piece" : "")."
    case .cannotTell:
      return "Cannot tell whether video left the network: " + obstacles.joined(separator: "; ")
        + ". Nothing was found in the part that could be assessed. A capture without this gap would "
        + "tell."
    }
  }

  /// Bytes, destinations and names of findings.
  private static func volume(_ findings: [Finding]) -> String {
    let bytes = findings.reduce(0) { $0 &+ $1.bytes }
    let places = NumberText.count(Set(findings.map(\.destination.address)).count, "destination")
    let names =
      findings.prefix(findingsNamed).map(\.id).joined(separator: ", ")
      + (findings.count > findingsNamed ? " and \(findings.count - findingsNamed) more" : "")
    return "\(NumberText.bytes(bytes)) to \(places) outside (\(names))"
  }
}
