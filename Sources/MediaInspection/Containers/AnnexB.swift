// SPDX-License-Identifier: Apache-2.0

internal import ProtocolRecognition

/// A byte stream with start codes outside any container (ITU-T H.264 Annex B, H.265 Annex B).
struct AnnexB: ContainerReader {
  static let container = Container.annexb
  static let framings = [MediaFraming.annexB]

  private(set) var track: MediaTrack?
  private var scanner = StartCodeScanner(stopsAtPicture: false)

  init() {}

  static func begins(_ payload: Span<UInt8>) -> Bool {
    payload.integer24(0) == 1 || payload.integer32(0) == 1
  }

  var facts: ContainerFacts {
    var facts = ContainerFacts()
    guard let track else { return facts }
    facts.tested = track.unitsTested
    facts.passed = track.unitsPassed
    facts.packet = track.firstPacket
    facts.saysVideo = track.parameterSets.contains(.sequence)
    return facts
  }

  mutating func read(_ unit: MediaUnit, _ payload: Span<UInt8>) {
    if unit.followsGap { scanner.noteGap() }
    scanner.feed(payload, unit, &track)
  }
}

extension AnnexB {
  mutating func exchange(with port: inout StatePort) {
    port.pass(&track)
    scanner.exchange(with: &port)
  }
}
