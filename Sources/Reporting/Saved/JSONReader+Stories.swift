// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import PacketDecoding

extension JSONReader {
  mutating func story() throws -> Story {
    var story = Story(
      id: "", kind: .chain, severity: .info, devices: [], destinations: [], findings: [], bytes: 0,
      firstTime: 0, lastTime: 0, facts: [], text: "")
    try object { key, reader in
      switch key {
      case "id": story.id = try reader.text()
      case "kind": story.kind = try reader.word()
      case "severity": story.severity = try reader.word()
      case "devices": story.devices = try reader.strings()
      case "destinations": story.destinations = try reader.list { try $0.address() }
      case "findings": story.findings = try reader.strings()
      case "bytes": story.bytes = try reader.number()
      case "first_time": story.firstTime = try reader.time()
      case "last_time": story.lastTime = try reader.time()
      case "facts": story.facts = try reader.list { try $0.fact() }
      case "text": story.text = try reader.text()
      default: try reader.skip()
      }
    }
    return story
  }

  private mutating func fact() throws -> Story.Fact {
    var fact = Story.Fact(kind: "", text: "")
    try object { key, reader in
      switch key {
      case "kind": fact.kind = try reader.text()
      case "time": fact.time = try reader.optional { try $0.time() }
      case "text": fact.text = try reader.text()
      case "value": fact.value = try reader.optional { try $0.decimal() }
      case "threshold": fact.threshold = try reader.optional { try $0.decimal() }
      case "packets": fact.packets = try reader.list { try $0.packet() }
      default: try reader.skip()
      }
    }
    return fact
  }

  mutating func priorEvent() throws -> PriorEvent {
    var event = PriorEvent(kind: .newName, time: 0, text: "")
    try object { key, reader in
      switch key {
      case "kind": event.kind = try reader.word()
      case "time": event.time = try reader.time()
      case "text": event.text = try reader.text()
      case "peer_ip": event.peer = try reader.optional { try $0.address() }
      case "name": event.name = try reader.optional { try $0.text() }
      case "bytes": event.bytes = try reader.optional { try $0.number() }
      case "packets": event.packets = try reader.list { try $0.packet() }
      default: try reader.skip()
      }
    }
    return event
  }

  mutating func devicePast() throws -> DevicePast {
    var past = DevicePast(
      secondsObserved: 0, earlierBytes: 0, earlierBitsPerSecond: nil, bitsPerSecond: nil,
      isNewDestination: nil, night: .notAssessed)
    var isNightAssessed = false
    var nights: Int?
    var share: Double?
    try object { key, reader in
      switch key {
      case "seconds_observed": past.secondsObserved = try reader.decimal()
      case "earlier_bytes": past.earlierBytes = try reader.number()
      case "earlier_bits_per_second":
        past.earlierBitsPerSecond = try reader.optional { try $0.decimal() }
      case "bits_per_second": past.bitsPerSecond = try reader.optional { try $0.decimal() }
      case "new_destination": past.isNewDestination = try reader.optional { try $0.flag() }
      case "night": isNightAssessed = try reader.text() == "assessed"
      case "nights": nights = try reader.optional { try $0.number() }
      case "night_share": share = try reader.optional { try $0.decimal() }
      default: try reader.skip()
      }
    }
    if isNightAssessed { past.night = .assessed(nights: nights ?? 0, share: share ?? 0) }
    return past
  }
}
