// SPDX-License-Identifier: Apache-2.0

import Testing

@testable import MediaInspection

@Suite struct H263Tests {
  /// Pictures of two packets, source format 3 (352x288), as RFC 4629 §6.1.1 packs them.
  static func units(pictures: Int) -> [SampleUnit] {
    var units: [SampleUnit] = []
    var random = SeededGenerator(seed: 263)
    for picture in 0..<pictures {
      let isKey = picture % 12 == 0
      // 100000, time 8, 1 0 0 0 0, format 011, coding type.
      let header: [UInt8] = [0x80, 0x02, isKey ? 0x0C : 0x0E]
      let payloads = [
        [0x04, 0] + header + random.bytes(500), [0, 0, 0x7F] + random.bytes(300),
      ]
      for payload in payloads {
        units.append(
          SampleUnit(
            payload: payload, timestamp: UInt32(picture) * 3600, seconds: Double(picture) / 25))
      }
    }
    return units
  }

  @Test func streamIsProvedOnlyWhenSignalled() throws {
    let units = Self.units(pictures: 60)
    #expect(inspect(units)?.isBitstreamProved == false)
    let proof = try #require(inspect(units, hint: .h263))
    #expect(proof.isBitstreamProved)
    #expect(proof.codec == .h263)
    #expect(proof.codecsAgree == true)
    #expect(proof.width == 352)
    #expect(proof.height == 288)
    #expect(proof.keyFrames == 5)
  }

  /// PLUSPTYPE with a custom size (§5.1.4 and §5.1.5), made by hand: 640x360, intra.
  @Test func extendedHeader() {
    // Code 100000, time 8, 1 0 000 111; UFEP 001, format 110, 15 others; type 000, 6 others, CPM 0;
    // aspect 0001, width 640/4-1, 1, height 360/4.
    let bits =
      "100000" + "00000001" + "10000111" + "001" + "110" + "000000000001000" + "000" + "000001"
      + "0" + "0001" + "010011111" + "1" + "001011010" + "0000000000"
    var payload: [UInt8] = [0x04, 0]
    var rest = Substring(bits)
    while rest.count >= 8 {
      payload.append(UInt8(rest.prefix(8), radix: 2) ?? 0)
      rest = rest.dropFirst(8)
    }
    var track = MediaTrack(codec: .h263)
    #expect(H263.reads(payload + [0, 0, 0], &track))
    #expect(track.facts.width == 640)
    #expect(track.facts.height == 360)
    #expect(track.keyFrames.count == 1)
  }
}
