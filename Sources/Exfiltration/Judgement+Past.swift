// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking
internal import HostInventory
internal import PacketDecoding
internal import VideoDetection

/// Findings against time: what came before, the device's own past, other devices.
extension Judgement {
  /// A device's first outbound video and what came before it.
  typealias Prelude = (time: Int64, before: [PriorEvent])

  /// Times since 1970 in seconds at which the source sent payload, as far as seconds were kept.
  func activeSeconds(_ channel: Channel) -> [Int64] {
    var seconds: [Int64] = []
    for id in [channel.firstFlow] + channel.laterFlows {
      let flow = flow(id)
      guard let bins = flow.timeBins else {
        if let time = flow.counters(channel.direction).firstTime {
          seconds.append(time / 1_000_000_000)
        }
        continue
      }
      for (index, bin) in bins.bins.enumerated() {
        let bytes =
          channel.direction == .fromOriginator
          ? bin.newPayloadBytes.originator : bin.newPayloadBytes.responder
        if bytes > 0 { seconds.append(bins.start &+ Int64(index) &* bins.width) }
      }
    }
    return seconds
  }

  /// Adds to each finding how it compares with its device's past, and to each device's first
  /// outbound video what came before it.
  func addPast(_ findings: inout [Finding], _ candidates: [Candidate]) -> [Int: Prelude] {
    var sent: [Int: [PastRule.Sent]] = [:]
    let wanted = Set(findings.compactMap { inventory.index(of: $0.sourceAddress) })
    if !wanted.isEmpty {
      survey.channels.visit { place, key, _ in
        guard let device = inventory.index(ofNumber: Int(key.source)), wanted.contains(device),
          inventory.index(ofNumber: Int(key.destination)) == nil
        else { return }
        let channel = survey.channels.channel(at: place)
        sent[device, default: []].append(channel.volume.sent(to: channel.key.destination))
      }
    }
    var firsts: [Int: (time: Int64, index: Int)] = [:]
    for (index, candidate) in candidates.enumerated() {
      guard let device = inventory.index(of: candidate.channel.key.source) else { continue }
      findings[index].past = PastRule.past(
        of: candidate.channel.volume.sent(to: candidate.channel.key.destination),
        others: sent[device] ?? [],
        since: inventory.observations[device].firstTime ?? candidate.channel.firstTime,
        night: NightRule.night(activeSeconds(candidate.channel), in: input.timeZone))
      guard candidate.exposure.level >= .outside else { continue }
      let time = videoStart(candidate.channel)
      if firsts[device].map({ time < $0.time }) ?? true { firsts[device] = (time, index) }
    }
    return addPreludes(firsts, &findings, candidates)
  }

  private func addPreludes(
    _ firsts: [Int: (time: Int64, index: Int)], _ findings: inout [Finding],
    _ candidates: [Candidate]
  ) -> [Int: Prelude] {
    let rule = PriorEventRule(
      survey.events, input.recognition,
      hosts: Set(firsts.keys.flatMap { inventory.devices[$0].addresses }))
    var preludes: [Int: Prelude] = [:]
    for (device, first) in firsts {
      let carriers = Set(carriers(candidates[first.index].channel))
      let events = rule.events(
        of: inventory.devices[device].addresses, before: first.time, without: carriers)
      findings[first.index].before = events
      preludes[device] = (first.time, events)
    }
    return preludes
  }

  /// Flows that carry what was called video, all where none was.
  private func carriers(_ channel: Channel) -> [Int] {
    channel.assessments.isEmpty
      ? [channel.firstFlow] + channel.laterFlows
      : channel.assessments.map { survey.detector.assessments[$0].flowID }
  }

  /// When the channel first carried what was called video.
  private func videoStart(_ channel: Channel) -> Int64 {
    let starts = streams(of: channel).filter { $0.media == .video }.compactMap { stream in
      flow(stream.flowID).counters(channel.direction).firstTime.map { max($0, stream.firstTime) }
    }
    if let first = starts.min() { return first }
    let times = carriers(channel).compactMap { flow($0).counters(channel.direction).firstTime }
    return times.min() ?? channel.firstTime
  }

  /// Findings that may belong to a story: outside, of a known device, above the volume floor.
  func members(_ findings: [Finding], _ candidates: [Candidate]) -> [StoryMember] {
    zip(findings, candidates).compactMap { finding, candidate in
      guard finding.exposure.level >= .outside,
        Double(finding.bytes) >= ExposureThresholds.volumeFloor.value,
        let device = inventory.index(of: finding.sourceAddress)
      else { return nil }
      return StoryMember(
        finding: finding, device: device, starts: starts(candidate.channel),
        packet: candidate.channel.firstPacket)
    }.sorted {
      ($0.finding.firstTime, $0.finding.id) < ($1.finding.firstTime, $1.finding.id)
    }
  }

  /// When the source began to send much, by its bursts, else by its flows.
  private func starts(_ channel: Channel) -> [Int64] {
    var times: [Int64] = []
    for id in [channel.firstFlow] + channel.laterFlows
    where times.count < CoincidenceRule.maximumStarts {
      let flow = flow(id)
      let counters = flow.counters(channel.direction)
      guard Double(counters.newPayloadBytes) >= ExposureThresholds.startVolume.value else {
        continue
      }
      let bursts = flow.bursts.filter {
        $0.direction == channel.direction
          && Double($0.bytes) >= ExposureThresholds.startVolume.value
      }
      if bursts.isEmpty {
        if let time = counters.firstTime { times.append(time) }
      } else {
        times += bursts.map(\.firstTime)
      }
    }
    return times.sorted()
  }
}

extension Channel {
  /// The direction of the source in the channel's flows.
  var direction: FlowDirection { key.isPulled ? .fromResponder : .fromOriginator }
}

extension ChannelVolume {
  fileprivate func sent(to destination: IPAddress) -> PastRule.Sent {
    PastRule.Sent(
      destination: destination, firstTime: firstTime, lastTime: lastTime, bytes: bytes)
  }
}
