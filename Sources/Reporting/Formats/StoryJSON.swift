// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import PacketDecoding

extension JSONWriter {
  mutating func value(_ story: Story) {
    object { json in
      json.member("id", story.id)
      json.member("kind", story.kind.rawValue)
      json.member("severity", story.severity.rawValue)
      json.member("devices", story.devices)
      json.member("destinations", story.destinations.map(\.description))
      json.member("findings", story.findings)
      json.member("bytes", story.bytes)
      json.member("first_time", time: story.firstTime)
      json.member("last_time", time: story.lastTime)
      json.member("facts", story.facts) { json, fact in
        json.object { json in
          json.member("kind", fact.kind)
          json.member("time", time: fact.time)
          json.member("text", fact.text)
          json.member("value", fact.value)
          json.member("threshold", fact.threshold)
          json.member("packets", fact.packets) { $0.value($1) }
        }
      }
      json.member("text", story.text)
    }
  }

  mutating func value(_ event: PriorEvent) {
    object { json in
      json.member("kind", event.kind.rawValue)
      json.member("time", time: event.time)
      json.member("text", event.text)
      json.member("peer_ip", event.peer?.description)
      json.member("name", event.name)
      json.member("bytes", event.bytes)
      json.member("packets", event.packets) { $0.value($1) }
    }
  }

  mutating func value(_ past: DevicePast) {
    object { json in
      json.member("seconds_observed", past.secondsObserved)
      json.member("earlier_bytes", past.earlierBytes)
      json.member("earlier_bits_per_second", past.earlierBitsPerSecond)
      json.member("bits_per_second", past.bitsPerSecond)
      json.member("rate_factor", past.rateFactor)
      json.key("new_destination")
      if let isNew = past.isNewDestination { json.value(isNew) } else { json.null() }
      switch past.night {
      case .notAssessed:
        json.member("night", "not_assessed")
        json.member("nights", Int?.none)
        json.member("night_share", Double?.none)
      case .assessed(let nights, let share):
        json.member("night", "assessed")
        json.member("nights", nights)
        json.member("night_share", share)
      }
    }
  }
}
