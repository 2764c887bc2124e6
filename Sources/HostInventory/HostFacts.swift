// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding
internal import ProtocolRecognition

/// What is known of a host beside its addresses and counts; most hosts have none of it.
struct HostFacts: Sendable {
  /// Marks kept a host.
  static let maximumMarks = 32
  /// Names kept a host.
  static let maximumNames = 16
  /// Peers counted for a behaviour.
  static let maximumPeers = 8

  /// Hardware address that a lease named.
  var leasedMAC: MACAddress?
  var marks: [RoleMark] = []
  var names: [DeviceName] = []
  /// Senders this host took video from, and senders it pulled RTSP from.
  var videoSources: [IPAddress] = []
  var pulledFrom: [IPAddress] = []
  var sendsVideo = false
  /// Services it answered, by name, in order of first flows.
  var services: [String] = []
  var isPhone: String?
  var serverMark: String?
  var viewerMark: String?
  var vendor: (name: String, weight: Int)?
  var model: String?
  var serial: String?
  var firmware: String?

  mutating func add(_ mark: RoleMark) {
    for index in marks.indices
    where marks[index].category == mark.category && marks[index].text == mark.text {
      marks[index].weight = max(marks[index].weight, mark.weight)
      return
    }
    guard marks.count < Self.maximumMarks else { return }
    marks.append(mark)
  }

  mutating func add(_ name: DeviceName) {
    guard !name.name.isEmpty, names.count < Self.maximumNames, !names.contains(name) else {
      return
    }
    names.append(name)
  }

  /// Adds what a client of DHCP says of itself.
  mutating func describe(_ lease: LeaseAnnouncement) {
    add(DeviceName(name: lease.hostName, source: "dhcp"))
    let vendorClass = lease.vendorClass.lowercased()
    let name = lease.hostName.lowercased()
    if vendorClass.hasPrefix("android-dhcp") || name.hasPrefix("android-")
      || name.contains("iphone") || name.contains("ipad")
    {
      isPhone = "DHCP names it " + (lease.hostName.isEmpty ? vendorClass : name)
    }
    // camera-protocols.md C2.
    if vendorClass.hasPrefix("axis,network") {
      add(
        RoleMark(
          category: .banner, subject: .camera, weight: RoleWeights.strong, vendor: "axis",
          text: "DHCP vendor class \(lease.vendorClass)"))
    }
    for (prefix, vendor) in Self.cameraNames where name.hasPrefix(prefix) {
      add(
        RoleMark(
          category: .banner, subject: .camera, weight: RoleWeights.indicative, vendor: vendor,
          text: "DHCP host name \(lease.hostName)"))
    }
  }

  /// Host names that cameras give themselves (camera-protocols.md C2).
  private static let cameraNames = [
    ("axis-00408c", "axis"), ("axis-accc8e", "axis"), ("axis-b8a44f", "axis"),
    ("blink", "blink"), ("isa-camera-", "xiaomi"), ("reolink", "reolink"), ("ring-", "ring"),
  ]

  static func add(_ peer: IPAddress, to peers: inout [IPAddress]) {
    if peers.count < maximumPeers, !peers.contains(peer) { peers.append(peer) }
  }
}
