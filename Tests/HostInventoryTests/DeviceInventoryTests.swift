// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import StageSamples
import Testing

@testable import HostInventory
@testable import ProtocolRecognition

@Suite struct DeviceInventoryTests {
  private static let cameraMAC: UInt64 = 0x0403_1200_0001
  private static let plainMAC: UInt64 = 0x0011_2233_4455

  private func inventory(
    _ flows: [SampleFlow], recognition: [Int: FlowRecognition] = [:],
    _ describe: (inout InventoryBuilder) throws -> Void = { _ in }
  ) throws -> DeviceInventory {
    var builder = InventoryBuilder()
    for sample in flows {
      var brief = RecognitionBrief.none
      brief.service = recognition[sample.id]?.service
      brief.intent = recognition[sample.id]?.intent
      let name = recognition[sample.id]?.serverName ?? ""
      builder.add(
        try sample.flow, brief, asking: name, isOriginatorInside: Self.isInside(sample.from),
        isResponderInside: Self.isInside(sample.to))
    }
    try describe(&builder)
    return builder.finish()
  }

  private static func isInside(_ address: String) -> Bool {
    address.hasPrefix("192.168.") || address.hasPrefix("fd")
  }

  private func mark(
    _ confidence: MarkConfidence, role: String = "camera", vendor: String = "hikvision",
    source: String = "sadp", text: String = "DS-2CD2042WD"
  ) throws -> DeviceMark {
    DeviceMark(
      place: AnnouncementPlace(
        number: 1, packet: PacketReference(file: 0, frame: 1, time: time(0)),
        speaker: try ip("192.168.1.10"), listener: try ip("192.168.1.1")),
      address: try ip("192.168.1.10"), source: source, vendor: vendor, model: "DS-2CD2042WD",
      serial: "1234", firmware: "V5.4", macAddress: nil, role: role, text: text,
      confidence: confidence)
  }

  private func roles(_ inventory: DeviceInventory, _ address: String) throws -> [DeviceRole.Role] {
    try #require(inventory.device(of: ip(address))).roles.map(\.role)
  }

  @Test func devicesAreNumberedByFirstPacket() throws {
    let inventory = try inventory([
      SampleFlow(id: 1, from: "192.168.1.20", to: "192.168.1.10", sentBytes: 10),
      SampleFlow(id: 2, from: "192.168.1.5", sentBytes: 10),
    ])
    #expect(inventory.devices.map(\.id) == ["D1", "D2", "D3"])
    #expect(
      inventory.devices.map { $0.addresses[0].description }
        == ["192.168.1.20", "192.168.1.10", "192.168.1.5"])
  }

  @Test func outsideAddressesAndUnansweredKnocksAreNoDevices() throws {
    let inventory = try inventory([
      SampleFlow(id: 1, from: "192.168.1.20", to: "192.168.1.99", isAnswered: false),
      SampleFlow(
        id: 2, from: "192.168.1.20", to: "255.255.255.255", protocolNumber: 17,
        sentBytes: 10, isAnswered: false),
    ])
    #expect(inventory.devices.count == 1)
  }

  @Test func oneHardwareAddressIsOneDevice() throws {
    let inventory = try inventory([
      SampleFlow(id: 1, from: "192.168.1.10", fromMAC: Self.cameraMAC),
      SampleFlow(id: 2, from: "fd00::10", to: "2001:db8::1", fromMAC: Self.cameraMAC),
    ])
    let device = try #require(inventory.devices.first)
    #expect(inventory.devices.count == 1)
    #expect(device.addresses.count == 2)
    #expect(device.macs == [MACAddress(bits: Self.cameraMAC)])
    #expect(device.vendor == "hikvision")
  }

  @Test func aRoutersHardwareAddressIdentifiesNoOne() throws {
    let flows = (1...6).map {
      SampleFlow(id: $0, from: "192.168.1.\($0 + 10)", fromMAC: Self.cameraMAC)
    }
    let inventory = try inventory(flows)
    #expect(inventory.devices.count == 6)
    #expect(inventory.devices.allSatisfy { $0.macs.isEmpty && $0.vendor == nil })
    #expect(inventory.routers == [MACAddress(bits: Self.cameraMAC)])
  }

  @Test func whoCarriesOutsidePacketsIsTheGateway() throws {
    let inventory = try inventory([
      SampleFlow(id: 1, from: "192.168.1.10", fromMAC: Self.plainMAC, toMAC: Self.cameraMAC),
      SampleFlow(
        id: 2, from: "192.168.1.10", to: "192.168.1.1", toPort: 53, protocolNumber: 17,
        receivedBytes: 100, fromMAC: Self.plainMAC, toMAC: Self.cameraMAC),
    ])
    #expect(try roles(inventory, "192.168.1.1").contains(.gateway))
    #expect(try !roles(inventory, "192.168.1.10").contains(.gateway))
  }

  @Test(arguments: [MarkConfidence.weak, .indicative, .strong])
  func aSingleMarkMakesNoCamera(confidence: MarkConfidence) throws {
    let inventory = try inventory([SampleFlow(sentBytes: 10)]) {
      $0.add(try mark(confidence))
    }
    #expect(try roles(inventory, "192.168.1.10") == [.unknown])
    let role = try #require(inventory.devices.first?.roles.first)
    #expect(role.marks.first?.hasPrefix("too few signs to call it a camera") == true)
  }

  @Test func hardwareAddressAloneMakesNoCamera() throws {
    let inventory = try inventory([SampleFlow(sentBytes: 10, fromMAC: Self.cameraMAC)])
    #expect(try roles(inventory, "192.168.1.10") == [.unknown])
  }

  @Test func hardwareAddressAndVideoMakeACamera() throws {
    let inventory = try inventory([SampleFlow(sentBytes: 10, fromMAC: Self.cameraMAC)]) {
      $0.add(
        VideoBehaviour(
          sender: try ip("192.168.1.10"), receiver: try ip("198.51.100.7"), certainty: .certain,
          packet: PacketReference(file: 0, frame: 1, time: 0)))
    }
    let role = try #require(inventory.devices.first?.roles.first)
    #expect(role.role == .camera)
    #expect(role.confidence == .indicative)
    #expect(role.marks.count == 2)
  }

  @Test func marksOfOneKindDoNotAddUp() throws {
    let inventory = try inventory([SampleFlow(sentBytes: 10)]) {
      for number in 0..<10 { $0.add(try mark(.strong, source: "http", text: "\(number)")) }
    }
    #expect(try roles(inventory, "192.168.1.10") == [.unknown])
  }

  @Test func phonesThatTalkToCameraCloudsAreNoCameras() throws {
    let names = ["api.hik-connect.com", "api.ring.com", "p2p.reolink.com", "m1.iotcplatform.com"]
    let flows = names.indices.map { SampleFlow(id: $0 + 1, toPort: 8_000, sentBytes: 10) }
    var recognition: [Int: FlowRecognition] = [:]
    for (index, name) in names.enumerated() {
      recognition[index + 1] = recognized(.tls, serverName: name)
    }
    let inventory = try inventory(flows, recognition: recognition)
    #expect(try !roles(inventory, "192.168.1.10").contains(.camera))
  }

  @Test func theMakersOwnProtocolSufficesAndNamesTheExhibit() throws {
    let inventory = try inventory([SampleFlow(sentBytes: 10)]) { $0.add(try mark(.definite)) }
    let device = try #require(inventory.devices.first)
    #expect(device.roles.first?.role == .camera)
    #expect(device.roles.first?.confidence == .definite)
    #expect(device.vendor == "hikvision")
    #expect(device.model == "DS-2CD2042WD")
    #expect(device.serial == "1234")
    #expect(device.firmware == "V5.4")
  }

  @Test func whoCollectsVideoAndAnswersRTSPIsARecorder() throws {
    let inventory = try inventory(
      [
        SampleFlow(
          id: 1, from: "192.168.1.50", to: "192.168.1.10", toPort: 554, receivedBytes: 10_000),
        SampleFlow(
          id: 2, from: "192.168.1.10", to: "192.168.1.11", toPort: 554, receivedBytes: 10_000),
        SampleFlow(
          id: 3, from: "192.168.1.10", to: "192.168.1.12", toPort: 554, receivedBytes: 10_000),
      ], recognition: [1: recognized(.rtsp), 2: recognized(.rtsp), 3: recognized(.rtsp)])
    #expect(try roles(inventory, "192.168.1.10").first == .recorder)
    #expect(try roles(inventory, "192.168.1.11").first != .recorder)
  }

  @Test func contradictionsAreShown() throws {
    let inventory = try inventory([SampleFlow(sentBytes: 10, fromMAC: Self.cameraMAC)]) {
      $0.add(try mark(.definite, vendor: "dahua", source: "dhdiscover"))
      $0.add(try mark(.strong, role: "recorder", source: "http_server", text: "NVR"))
    }
    let device = try #require(inventory.devices.first)
    #expect(device.roles.first?.role == .camera)
    #expect(device.contradictions.count == 2)
    #expect(device.vendor == "dahua")
  }

  @Test func aHostWithOneCameraCloudAndClipsIsACamera() throws {
    func roles(_ others: [String]) throws -> [DeviceRole.Role] {
      let inventory = try inventory([SampleFlow(sentBytes: 10)]) {
        for name in ["vs-cam.u011.immedia-semi.com"] + others {
          $0.add(
            name: name, of: try ip("198.51.100.7"), askedBy: try ip("192.168.1.10"), source: .dns)
        }
        $0.add(
          VideoBehaviour(
            sender: try ip("192.168.1.10"), receiver: try ip("198.51.100.7"), certainty: .clips,
            packet: PacketReference(file: 0, frame: 1, time: 0)))
      }
      return try #require(inventory.devices.first).roles.map(\.role)
    }
    #expect(try roles([]) == [.camera])
    #expect(try roles(["0.pool.ntp.org"]) == [.camera])
    #expect(try roles(["e.crashlytics.com"]) == [.unknown])
  }

  @Test func whoAnswersInAMakersProtocolIsItsDevice() throws {
    let inventory = try inventory(
      [
        SampleFlow(
          from: "192.168.1.20", to: "192.168.1.10", toPort: 9_000, sentBytes: 10,
          receivedBytes: 100)
      ], recognition: [1: recognized(.reolink)])
    #expect(try self.roles(inventory, "192.168.1.10").first == .camera)
    #expect(try self.roles(inventory, "192.168.1.20") == [.unknown])
    #expect(inventory.devices.last?.vendor == "reolink")
  }

  @Test func directedBroadcastIsNoDevice() throws {
    let inventory = try inventory([
      SampleFlow(to: "192.168.1.255", protocolNumber: 17, sentBytes: 10, isAnswered: false)
    ])
    #expect(inventory.devices.count == 1)
  }

  @Test func theViewerIsWhoReceives() throws {
    let inventory = try inventory([
      SampleFlow(from: "192.168.1.10", to: "192.168.1.30", sentBytes: 10)
    ]) {
      $0.add(
        VideoBehaviour(
          sender: try ip("192.168.1.10"), receiver: try ip("192.168.1.30"), certainty: .certain,
          packet: PacketReference(file: 0, frame: 1, time: 0)))
    }
    #expect(try roles(inventory, "192.168.1.30") == [.viewer])
  }

  @Test func declaredCamerasAreCameras() throws {
    let inventory = try inventory([SampleFlow(sentBytes: 10)]) {
      $0.declareCamera(try ip("192.168.1.10"))
      $0.declareCamera(try ip("10.0.0.1"))
    }
    #expect(inventory.devices.first?.isCameraOrRecorder == true)
    #expect(inventory.devices.count == 1)
  }

  @Test func namesCarryTheirSource() throws {
    let inventory = try inventory([SampleFlow(sentBytes: 10)]) {
      $0.add(
        LeaseAnnouncement(
          place: AnnouncementPlace(
            number: 1, packet: PacketReference(file: 0, frame: 1, time: 0),
            speaker: try ip("192.168.1.1"), listener: try ip("192.168.1.10")),
          address: try ip("192.168.1.10"), hardwareAddress: MACAddress(bits: Self.plainMAC),
          hostName: "Galaxy", vendorClass: "android-dhcp-14", parameters: []))
      $0.add(
        name: "cam.local", of: try ip("192.168.1.10"), askedBy: try ip("192.168.1.2"),
        source: .multicastDNS)
    }
    let device = try #require(inventory.devices.first)
    #expect(device.names.map(\.source) == ["dhcp", "mdns"])
    #expect(device.roles.first?.role == .phone)
    #expect(device.macs == [MACAddress(bits: Self.plainMAC)])
  }

  @Test func observationsSumBothDirections() throws {
    let inventory = try inventory([
      SampleFlow(id: 1, sentBytes: 10_000, receivedBytes: 5_000, missingBytes: 300),
      SampleFlow(id: 2, sentBytes: 1_000, start: 100, truncatedPackets: 1),
    ])
    let observation = try #require(inventory.observations.first)
    #expect(observation.sentPackets == 11)
    #expect(observation.receivedPackets == 6)
    #expect(observation.missingBytes == 300)
    #expect(observation.truncatedPackets == 1)
    #expect(observation.firstTime == time(0))
    #expect(observation.lastTime == time(160))
  }

  private func lease(_ address: String, _ hardware: UInt64?, name: String) throws
    -> LeaseAnnouncement
  {
    LeaseAnnouncement(
      place: AnnouncementPlace(
        number: 1, packet: PacketReference(file: 0, frame: 9, time: time(0)),
        speaker: .unspecified, listener: try ip("255.255.255.255")),
      address: address.isEmpty ? .unspecified : try ip(address),
      hardwareAddress: hardware.map { MACAddress(bits: $0) }, hostName: name, vendorClass: "",
      parameters: [])
  }

  @Test func aClientWithoutALeaseIsADeviceByItsHardwareAddress() throws {
    let inventory = try inventory([SampleFlow(sentBytes: 10, fromMAC: Self.plainMAC)]) {
      $0.add(try lease("", Self.cameraMAC, name: "gate-cam"))
      $0.add(try lease("192.168.1.77", Self.cameraMAC, name: "gate-cam"))
    }
    #expect(inventory.devices.map(\.id) == ["D1", "D2"])
    let device = inventory.devices[1]
    #expect(device.addresses.isEmpty)
    #expect(device.macs == [MACAddress(bits: Self.cameraMAC)])
    #expect(device.names == [DeviceName(name: "gate-cam", source: "dhcp")])
    #expect(device.vendor == "hikvision")
    #expect(device.firstPacket.frame == 9)
    #expect(inventory.index(of: .unspecified) == nil)
  }

  @Test func aClientWhoseAddressIsKnownByItsPacketsIsThatDevice() throws {
    let inventory = try inventory([SampleFlow(sentBytes: 10, fromMAC: Self.plainMAC)]) {
      $0.add(try lease("", Self.plainMAC, name: "office"))
    }
    #expect(inventory.devices.count == 1)
    #expect(inventory.devices[0].names.map(\.name) == ["office"])
    #expect(inventory.devices[0].addresses == [try ip("192.168.1.10")])
  }

  /// A client may ask for the address that it had in another network.
  @Test func askingForAnAddressOfAnotherDeviceNamesNotThatOne() throws {
    let inventory = try inventory([SampleFlow(sentBytes: 10, fromMAC: Self.plainMAC)]) {
      $0.add(try lease("192.168.1.10", Self.cameraMAC, name: "gate-cam"))
    }
    #expect(inventory.devices.map(\.names.count) == [0, 1])
    #expect(inventory.devices[0].macs == [MACAddress(bits: Self.plainMAC)])
    #expect(inventory.devices[1].macs == [MACAddress(bits: Self.cameraMAC)])
  }

  @Test func theProtocolOfAMakerOfManyThingsIsALead() throws {
    let inventory = try inventory([SampleFlow(sentBytes: 10)]) {
      $0.add(try mark(.weak, role: "", vendor: "edimax", source: "edimax", text: "code 1300"))
      $0.add(try mark(.strong, vendor: "", source: "mdns_txt", text: "Network Camera"))
    }
    let device = try #require(inventory.devices.first)
    #expect(device.vendor == "edimax")
    #expect(device.roles.map(\.role) == [.unknown])
    #expect(device.roles[0].marks.first == "too few signs to call it a camera: 50 of 60 points")
  }

  /// TRASSIR is known by names and ports only (camera-protocols.md B6): leads, with the confidence.
  @Test func namesAndPortsOfTRASSIRAreLeadsOfStatedConfidence() throws {
    let inventory = try inventory([
      SampleFlow(
        id: 1, from: "192.168.1.20", to: "192.168.1.10", toPort: 555, sentBytes: 10,
        receivedBytes: 10)
    ]) {
      for name in ["t1.ru.cloud.trassir.com", "www.example.org"] {
        $0.add(
          name: name, of: try ip("198.51.100.7"), askedBy: try ip("192.168.1.10"), source: .dns)
      }
    }
    let device = try #require(inventory.device(of: ip("192.168.1.10")))
    #expect(!device.isCameraOrRecorder)
    let marks = device.roles.flatMap(\.marks)
    #expect(marks.contains("asks for cloud.trassir.com (trassir, medium confidence)"))
    #expect(marks.contains("answers on port 555 (trassir: RTSP of server)"))
  }
}
