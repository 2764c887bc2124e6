// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import VideoDetection

/// The same event on several devices before each first sent video out.
enum CommonEventRule {
  /// Facts for events that most of the devices have in common, in order of time.
  ///
  /// `first` gives each device's first outbound video and what came before it.
  static func facts(_ first: [(device: Int, time: Int64, before: [PriorEvent])]) -> [Story.Fact] {
    struct Key: Hashable {
      var kind: PriorEvent.Kind
      var what: String
    }
    struct Common {
      var devices: Set<Int> = []
      var bytes: UInt64 = 0
      var first: Int64 = .max
      var leastDelay: Int64 = .max
      var mostDelay: Int64 = .min
      var packets: [PacketReference] = []
    }
    var order: [Key] = []
    var common: [Key: Common] = [:]
    for entry in first {
      for event in entry.before {
        let key = Key(kind: event.kind, what: what(event))
        if common[key] == nil { order.append(key) }
        var value = common[key] ?? Common()
        guard value.devices.insert(entry.device).inserted else { continue }
        value.bytes &+= event.bytes ?? 0
        value.first = min(value.first, event.time)
        value.leastDelay = min(value.leastDelay, entry.time &- event.time)
        value.mostDelay = max(value.mostDelay, entry.time &- event.time)
        value.packets += event.packets
        common[key] = value
      }
    }
    let needed = max(
      StoryThresholds.devices.value,
      StoryThresholds.commonEventShare.value * Double(first.count))
    return order.compactMap { key in common[key].map { (key, $0) } }
      .filter { Double($0.1.devices.count) >= needed }
      .sorted { ($0.1.first, $0.0.what) < ($1.1.first, $1.0.what) }
      .map { key, value in
        let least = NumberText.duration(Double(value.leastDelay) / 1e9)
        let most = NumberText.duration(Double(value.mostDelay) / 1e9)
        var text = "\(value.devices.count) of \(first.count) devices \(verb(key.kind)) \(key.what)"
        if value.bytes > 0 { text += " (\(NumberText.bytes(value.bytes)) in all)" }
        text += ", " + (least == most ? most : "\(least) to \(most)")
        return Story.Fact(
          kind: "common_event", time: value.first,
          text: text + " before each first sent video out", value: Double(value.devices.count),
          threshold: needed, packets: value.packets)
      }
  }

  private static func what(_ event: PriorEvent) -> String {
    let peer = event.peer?.description ?? ""
    switch event.kind {
    case .inboundConnection: return peer
    case .configurationWrite: return (event.name ?? "") + " by " + peer
    case .download, .firmwareDownload, .newName: return event.name ?? peer
    }
  }

  private static func verb(_ kind: PriorEvent.Kind) -> String {
    switch kind {
    case .inboundConnection: "answered a connection from outside:"
    case .download: "loaded data from"
    case .firmwareDownload: "loaded firmware:"
    case .newName: "asked for the first time for"
    case .configurationWrite: "were changed:"
    }
  }
}
