// SPDX-License-Identifier: Apache-2.0

import PacketDecoding
import ProtocolRecognition
import StageSamples
import Testing

@testable import HostInventory

@Suite struct DeclaredDeviceTests {
  private func inventory(_ declared: DeclaredDevice) throws -> DeviceInventory {
    var builder = InventoryBuilder()
    for id in 1...2 {
      builder.add(
        try SampleFlow(
          id: id, from: "192.168.1.\(id)", sentBytes: 10, fromMAC: 0x0011_2233_4400 + UInt64(id)
        ).flow)
    }
    return builder.finish(declared: [declared])
  }

  @Test func nameAndPlaceAreShownByAddress() throws {
    var declared = DeclaredDevice()
    declared.addresses = [try ip("192.168.1.2")]
    declared.name = "Gate 12 left"
    declared.place = "Terminal 1"
    let devices = try inventory(declared).devices
    #expect(devices[0].names.isEmpty)
    #expect(devices[1].names == [DeviceName(name: "Gate 12 left, Terminal 1", source: "policy")])
    #expect(devices[1].roles.map(\.role) == [.unknown])
  }

  @Test(arguments: [("camera", DeviceRole.Role.camera), ("recorder", .recorder)])
  func aDeclaredRoleIsTheRole(role: String, expected: DeviceRole.Role) throws {
    var declared = DeclaredDevice()
    declared.hardware = [MACAddress(bits: 0x0011_2233_4401)]
    declared.role = role
    let device = try inventory(declared).devices[0]
    #expect(device.roles.map(\.role) == [expected])
    #expect(device.roles[0].marks == ["declared as a \(role) by the policy file"])
  }
}
