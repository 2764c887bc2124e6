// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
public import VideoDetection

/// How long footage is by its own clock, against how long it took to send it.
public struct FootagePace: Sendable, Hashable {
  /// Length of what was filmed, in seconds of the media's own clock.
  public var footageSeconds: Double
  /// From the first to the last packet that carried it, in seconds.
  public var transferSeconds: Double

  /// Makes a pace.
  package init(footageSeconds: Double, transferSeconds: Double) {
    self.footageSeconds = footageSeconds
    self.transferSeconds = transferSeconds
  }

  /// Whether more was sent than can be filmed in the time, so that it had been recorded before.
  ///
  /// Packets that all have one time say nothing: a capture without times has them so.
  var isFasterThanFilmed: Bool {
    transferSeconds > 0
      && footageSeconds - transferSeconds >= ExposureThresholds.footageExcess.value
      && footageSeconds >= transferSeconds * ExposureThresholds.footagePace.value
  }

  /// The pace of streams that follow each other, or of the largest one where they overlap; `nil`
  /// where a length is not known.
  ///
  /// Live pictures are also uploaded in finished pieces of some seconds: one piece is fast, all of
  /// them together are not.
  init?(of streams: [MediaStream]) {
    let video = streams.filter { $0.media == .video && $0.verdict >= .possible }
      .sorted { ($0.firstTime, $0.lastTime) < ($1.firstTime, $1.lastTime) }
    guard let first = video.first, video.allSatisfy({ $0.footagePace != nil }) else { return nil }
    var last = first.lastTime
    var seconds = first.footageSeconds ?? 0
    for stream in video.dropFirst() {
      guard stream.firstTime >= last else {
        let largest = video.max { $0.bytes < $1.bytes }
        guard let pace = largest?.footagePace else { return nil }
        self = pace
        return
      }
      last = stream.lastTime
      seconds += stream.footageSeconds ?? 0
    }
    self.init(
      footageSeconds: seconds, transferSeconds: Double(max(0, last &- first.firstTime)) / 1e9)
  }

  /// The lengths in words.
  var text: String {
    NumberText.duration(footageSeconds) + " of footage in " + NumberText.duration(transferSeconds)
  }

  /// The reason to call it recorded, shown by packets of the streams.
  func evidence(_ streams: [MediaStream]) -> Evidence {
    var packets: [PacketReference] = []
    for packet in streams.flatMap(\.reasons).flatMap(\.packets) where packets.count < 3 {
      if !packets.contains(packet) { packets.append(packet) }
    }
    return Evidence(
      signal: "footage_pace", value: footageSeconds / max(transferSeconds, 0.001),
      threshold: ExposureThresholds.footagePace.value,
      text: text + ": recorded before, because so much cannot be filmed in the time",
      packets: packets)
  }
}

extension MediaStream {
  /// How fast the stream was sent; `nil` where its length is not known.
  public var footagePace: FootagePace? {
    footageSeconds.map {
      FootagePace(
        footageSeconds: $0, transferSeconds: Double(max(0, lastTime &- firstTime)) / 1e9)
    }
  }
}
