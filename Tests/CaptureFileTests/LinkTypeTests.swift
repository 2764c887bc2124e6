// SPDX-License-Identifier: Apache-2.0

import CaptureFile
import Testing

@Suite struct LinkTypeTests {
  @Test func namesWhatIsKnownAndNumbersTheRest() {
    #expect("\(LinkType.ethernet)" == "Ethernet")
    #expect(LinkType.linuxCookedV2.rawValue == 276)
    #expect("\(LinkType(rawValue: 9999))" == "LINKTYPE 9999")
  }
}
