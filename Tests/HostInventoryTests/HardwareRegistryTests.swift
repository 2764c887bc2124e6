// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import ProtocolRecognition
import StageSamples
import Testing

@testable import HostInventory

@Suite struct HardwareRegistryTests {
  private func vendor(_ text: String, _ bits: UInt64) throws -> HardwareVendors.Vendor? {
    let bytes = Array(text.utf8)
    return HardwareVendors(newer: try HardwareRegistry(bytes.span)).vendor(
      of: MACAddress(bits: bits))
  }

  /// Registered after the embedded table was made (FCFC48 is no one's in 2022).
  private static let csv = """
    Registry,Assignment,Organization Name,Organization Address\r
    MA-L,D8FC48,"Hangzhou Hikvision Digital Technology Co.,Ltd.","No. 555, Hangzhou CN 310051 "\r
    MA-L,28CDC1,Raspberry Pi Trading Ltd,"Maurice Wilkes Building, Cambridge GB"\r
    MA-M,F0ACD74,"Say ""Cheese"" Cameras, Inc.",x\r
    MA-S,70B3D5FFF,Short Block GmbH,x\r
    MA-L,040312,Somebody Else,x\r

    """

  @Test func theListOfCommaSeparatedValues() throws {
    let camera = try #require(try vendor(Self.csv, 0xD8FC_4800_0001))
    #expect(camera == HardwareVendors.Vendor(name: "hikvision", category: .camera))
    #expect(HardwareVendors.shared.vendor(of: MACAddress(bits: 0xD8FC_4800_0001)) == nil)
    let other = try #require(try vendor(Self.csv, 0x28CD_C100_0001))
    #expect(
      other == HardwareVendors.Vendor(name: "Raspberry Pi Trading Ltd", category: .other))
    #expect(try vendor(Self.csv, 0xF0AC_D740_0001)?.name == "Say \"Cheese\" Cameras, Inc.")
    #expect(try vendor(Self.csv, 0x70B3_D5FF_F001)?.name == "Short Block GmbH")
  }

  @Test func theNewerListWinsAndTheRestStays() throws {
    #expect(try vendor(Self.csv, 0x0403_1200_0001)?.name == "Somebody Else")
    #expect(try vendor(Self.csv, 0x4419_B600_0001)?.name == "hikvision")
  }

  @Test func theClassicText() throws {
    let text = """
      OUI/MA-L                                                    Organization
      company_id                                                  Organization
                                                                  Address

      D8-FC-48   (hex)\t\tHANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.
      D8FC48     (base 16)\t\tHANGZHOU HIKVISION DIGITAL TECHNOLOGY CO., LTD.
      \t\t\t\tNo. 555 Qianmo Road

      F0-AC-D7   (hex)\t\tPart Of A Block
      400000-4FFFFF     (base 16)\t\tPart Of A Block

      70-B3-D5   (hex)\t\tSmall Part
      FFF000-FFFFFF     (base 16)\t\tSmall Part

      """
    #expect(try vendor(text, 0xD8FC_4800_0001)?.name == "hikvision")
    #expect(try vendor(text, 0xF0AC_D741_2345)?.name == "Part Of A Block")
    #expect(try vendor(text, 0x70B3_D5FF_F001)?.name == "Small Part")
  }

  @Test(arguments: [
    "", "Dear reader,\nthis is a letter.\n", "Registry,Assignment,Organization Name\n",
    "MA-L,XXYYZZ,Nobody,x\n", "\u{0}\u{1}\u{2}",
  ])
  func otherFilesAreRefused(text: String) {
    let bytes = Array(text.utf8)
    #expect(throws: HardwareRegistry.Refusal.self) { try HardwareRegistry(bytes.span) }
  }

  @Test func hostileRowsDoNoHarm() throws {
    let long = String(repeating: "x", count: 1 << 20)
    let text =
      Self.csv + "MA-L,A8CDEF,\(long),x\nMA-L\n,,\n\"\"\"\nMA-L,FFFFFFFFFFFFFFFF,y,z\n"
      + "MA-L,AAAAAA,\"open quote\nMA-L,BBBBBB,\u{1B}[31mred,x\n"
    let bytes = Array(text.utf8)
    let registry = try HardwareRegistry(bytes.span)
    #expect(registry.rows == 8)
    let cut = try #require(try vendor(text, 0xA8CD_EF00_0001))
    #expect(cut.name.utf8.count <= HardwareRegistry.nameLength)
  }

  /// Who makes no cameras is named, and that is all.
  @Test func aRegistrantIsShownAndProvesNothing() throws {
    let bytes = Array(Self.csv.utf8)
    var builder = InventoryBuilder(
      vendors: HardwareVendors(newer: try HardwareRegistry(bytes.span)))
    for (id, mac) in [(1, 0x28CD_C100_0001), (2, 0xD8FC_4800_0001)] as [(Int, UInt64)] {
      builder.add(
        try SampleFlow(id: id, from: "192.168.1.\(id)", sentBytes: 10, fromMAC: mac).flow)
    }
    let inventory = builder.finish()
    #expect(inventory.devices.map(\.vendor) == ["Raspberry Pi Trading Ltd", "hikvision"])
    #expect(inventory.devices[0].roles.map(\.role) == [.unknown])
    #expect(inventory.devices[0].roles[0].marks.isEmpty)
    #expect(!inventory.devices[1].roles[0].marks.isEmpty)
  }
}
