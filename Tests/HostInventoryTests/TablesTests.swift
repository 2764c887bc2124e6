// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import Testing

@testable import HostInventory

@Suite struct HardwareVendorsTests {
  /// What is looked at before the table is asked must lose no prefix.
  @Test func everyPrefixOfTheTableIsFound() throws {
    for row in VendorTable.rows(of: cameraOuisTable) {
      for prefix in row[2].split(separator: " ") {
        let bits = try #require(UInt64(prefix, radix: 16)) << UInt64(48 - 4 * prefix.utf8.count)
        let address = MACAddress(bits: bits)
        guard !address.isLocallyAdministered, !address.isGroup else { continue }
        #expect(vendor(bits) != nil, "\(prefix)")
      }
    }
  }

  private func vendor(_ bits: UInt64) -> HardwareVendors.Vendor? {
    HardwareVendors.shared.vendor(of: MACAddress(bits: bits))
  }

  @Test func allRowsAreEmbedded() {
    #expect(HardwareVendors.shared.count == 1_153)
  }

  @Test func prefixesOfAllThreeLengthsAreFound() {
    #expect(vendor(0x0403_1200_0001)?.name == "hikvision")
    #expect(vendor(0x0403_1200_0001)?.category == .camera)
    // MA-M, 28 bits: the rest of the block belongs to others.
    #expect(vendor(0xF0AC_D741_2345)?.category == .module)
    #expect(vendor(0xF0AC_D741_2345 ^ 0x10_0000)?.name == "PAVO TASARIM URETIM TICARET A.S.")
  }

  /// Names of those who make something else, from all three lists of the IEEE; blocks that are
  /// given out in parts name nobody themselves.
  @Test(
    arguments: [
      (0x287F_CF76_D824, "Intel Corporate"),
      (0x84EA_9763_CCA2, "Shenzhen iComm Semiconductor CO.,LTD"),
      (0x0000_0000_0001, "XEROX CORPORATION"),
      (0xFCFE_C200_0000, "Invensys Controls UK Limited"), (0xF0AC_D7F0_0000, nil),
    ] as [(UInt64, String?)]) func otherRegistrantsAreNamed(bits: UInt64, name: String?)
  {
    #expect(vendor(bits)?.name == name)
    if name != nil { #expect(vendor(bits)?.category == .other) }
  }

  @Test func registrantsAreSortedAndWhole() {
    let rows = "\(hardwareRegistrantPrefixes)".split(separator: "\n")
    #expect(rows.count == HardwareRegistrants.shared.count)
    #expect(rows.count > 38_000)
    #expect(rows.allSatisfy { $0.utf8.count == 16 })
    #expect(zip(rows, rows.dropFirst()).allSatisfy { $0 < $1 })
    // A maker of cameras is in its own table only.
    for prefix in [0x0403_12, 0x4419_B6] as [UInt64] {
      #expect(HardwareRegistrants.shared.name(ofPrefix: prefix, length: 24) == nil)
    }
  }

  @Test(arguments: [0x0603_1200_0001, 0x0503_1200_0001, 0x0000_0000_0000, 0xFFFF_FFFF_FFFF])
  func localGroupAndUnknownAddressesNameNoMaker(bits: UInt64) {
    #expect(vendor(bits) == nil)
  }
}

@Suite struct CameraDomainsTests {
  @Test(arguments: [
    ("api.hik-connect.com", "hikvision"), ("HIK-CONNECT.COM", "hikvision"),
    ("webapi.camera.home.nest.com", "nest"), ("s-1.kinesisvideo.eu-west-1.amazonaws.com", "aws"),
    ("p2p3.reolink.com.", "reolink"),
  ])
  func suffixesMatchWholeLabels(name: String, vendor: String) {
    #expect(CameraDomains.shared.domain(of: name)?.vendor == vendor)
  }

  /// Nothing of TRASSIR's cloud protocol is published: its names are all there is, and say so.
  @Test func theConfidenceOfARowIsShown() {
    let cloud = CameraDomains.shared.domain(of: "t1.m30.ru.cloud.trassir.com")
    #expect(cloud?.shownVendor == "trassir, medium confidence")
    #expect(CameraDomains.shared.domain(of: "www.dssl.ru")?.confidence == .low)
    #expect(CameraDomains.shared.domain(of: "api.hik-connect.com")?.shownVendor == "hikvision")
  }

  @Test func theLongestSuffixCounts() {
    #expect(CameraDomains.shared.domain(of: "x.control.verkada.com")?.isCameraSpecific == true)
    #expect(CameraDomains.shared.domain(of: "x.verkada.com")?.isCameraSpecific == false)
  }

  @Test(arguments: [
    "nothik-connect.com", "com", "", ".", "hik-connect.com.example.org", "hikmall.com",
    "amazonaws.com", String(repeating: "a.", count: 200),
  ])
  func othersDoNot(name: String) {
    #expect(CameraDomains.shared.domain(of: name) == nil)
  }

  /// The walk over the bytes must say what the text says, or nothing.
  @Test func bytesAndTextMeanTheSame() {
    let tails = [
      "hik-connect.com", "control.verkada.com", "verkada.com", "hikmall.com", "example.org",
      "amazonaws.com", "eu-west-1.amazonaws.com", "kinesisvideo.eu-west-1.amazonaws.com", "arpa",
      "in-addr.arpa", "printer.local", "local", "ntp.org", "com", "", "hik-connect..com",
      "hi\u{212A}-connect.com", "hik-connect.co\u{212A}", "reolink.com..", "site-0.example", "....",
    ]
    let heads = [
      "", ".", "a.", "A.B.", "not", "time.", "timex", "pool.ntp.", "xntpx.", "ntp", "a..",
      "nt.p.", "\u{E9}.", "x..", "\u{212A}.", String(repeating: "l.", count: 6),
      String(repeating: "l.", count: 7), String(repeating: "l.", count: 8),
    ]
    var walked = 0
    for head in heads {
      for tail in tails {
        for name in [head + tail, (head + tail).uppercased(), head + tail + "."] {
          guard let meaning = CameraDomains.shared.meaning(of: name.utf8.span) else { continue }
          walked += 1
          #expect(
            "\(meaning)" == "\(CameraDomains.shared.meaning(ofText: name))", "\(name)")
        }
      }
    }
    #expect(walked > 300)
  }
}

@Suite struct CameraPortsTests {
  @Test func listeningAndDiallingAreToldApart() {
    let ports = CameraPorts.shared
    #expect(ports.port(37_777, protocolNumber: 6, isListening: true)?.vendor == "dahua")
    #expect(ports.port(37_777, protocolNumber: 6, isListening: false) == nil)
    #expect(ports.port(37_777, protocolNumber: 17, isListening: true) == nil)
    #expect(ports.port(554, protocolNumber: 6, isListening: true)?.vendor == "generic")
  }

  @Test(arguments: [80, 443, 123, 3_478, 20_000] as [UInt16])
  func ordinaryPortsMarkNothing(port: UInt16) {
    for isListening in [true, false] {
      #expect(CameraPorts.shared.port(port, protocolNumber: 6, isListening: isListening) == nil)
      #expect(CameraPorts.shared.port(port, protocolNumber: 17, isListening: isListening) == nil)
    }
  }
}
