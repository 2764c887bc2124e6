// SPDX-License-Identifier: Apache-2.0

import Foundation
import HostInventory
import LensTrace
import PacketDecoding
import Testing

private let folder = ProcessInfo.processInfo.environment["LENSTRACE_CAPTURES"]

/// Real captures of cameras, and of hosts that are none.
@Suite(.enabled(if: folder != nil, "set LENSTRACE_CAPTURES to the folder of the captures"))
struct CameraCapturesTests {
  private static func devices(_ path: String) throws -> [Device] {
    var configuration = Analyzer.Configuration()
    configuration.computesHashes = false
    return try Analyzer(configuration).analyze(CaptureSet([path])).devices
  }

  /// What the data sets say of each capture's camera, and how far its traffic shows it.
  struct Expected: Sendable, CustomTestStringConvertible {
    var file: String
    var address: String
    var vendor: String?
    var role: DeviceRole.Role
    /// A mark that must be shown.
    var mark: String
    var testDescription: String { file }
  }

  static let cameras: [Expected] = [
    Expected(
      file: "iot_sentinel__D-LinkCam_Setup-A-1-STA.pcap", address: "192.168.0.20",
      vendor: "d-link", role: .camera, mark: "NetworkCamera"),
    // Being set up, it streams nothing: its services, its address and its maker's protocol tell.
    Expected(
      file: "iot_sentinel__EdimaxCam1_Setup-A-1-STA.pcap", address: "10.10.10.51",
      vendor: "edimax", role: .camera, mark: "IC-3115W Network Camera"),
    Expected(
      file: "iotlabeled__blink-cam-01.pcap", address: "192.168.1.129", vendor: "blink",
      role: .camera, mark: "immedia-semi.com"),
    Expected(
      file: "mudproject__camera.pcap", address: "192.168.1.143", vendor: "yi", role: .camera,
      mark: "xiaoyi.com"),
    // A log upload of a maker of thermostats, too.
    Expected(
      file: "ndpi__nest_log_sink.pcap", address: "192.168.242.15", vendor: "nest",
      role: .unknown, mark: "too few signs to call it a camera"),
    Expected(
      file: "neolink__e1_firmwareupgrade.pcapng", address: "192.168.1.101", vendor: "reolink",
      role: .camera, mark: "reolink"),
    // A chip maker's address, and no word of the camera's own.
    Expected(
      file: "u61w__udirc_drone_cap.pcapng", address: "192.168.0.1",
      vendor: "Shenzhen iComm Semiconductor CO.,LTD", role: .unknown, mark: ""),
  ]

  @Test(arguments: cameras) func camerasAreNamed(expected: Expected) throws {
    let path = try #require(folder) + "/camera_device/" + expected.file
    let address = try #require(IPAddress(expected.address))
    let device = try #require(
      try Self.devices(path).first { $0.addresses.contains(address) })
    #expect(device.vendor == expected.vendor)
    let role = try #require(device.roles.first { $0.role == expected.role })
    #expect(expected.mark.isEmpty || role.marks.contains { $0.contains(expected.mark) })
  }

  @Test func everyCaptureIsListed() throws {
    let names = try FileManager.default.contentsOfDirectory(
      atPath: try #require(folder) + "/camera_device")
    #expect(names.sorted() == Self.cameras.map(\.file).sorted())
  }

  @Test func ordinaryHostsAreNoCameras() throws {
    let root = URL(filePath: try #require(folder))
    var count = 0
    let groups = try FileManager.default.contentsOfDirectory(atPath: root.path)
    for group in groups.sorted() where group.hasPrefix("neg_") {
      let path = root.appending(path: group)
      for name in try FileManager.default.contentsOfDirectory(atPath: path.path).sorted() {
        count += 1
        let cameras = try Self.devices(path.appending(path: name).path)
          .filter(\.isCameraOrRecorder)
        for camera in cameras {
          Issue.record("\(group)/\(name): \(camera.addresses[0]) \(camera.roles[0].marks)")
        }
      }
    }
    #expect(count > 15)
  }
}
