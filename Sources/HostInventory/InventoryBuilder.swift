// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
package import PacketDecoding
package import ProtocolRecognition

/// Collects what flows and announcements tell about the hosts of the inside.
///
/// Feed every flow once in order of ids, then names, leases, marks and behaviours, then call
/// ``finish()``.
package struct InventoryBuilder {
  /// Inside addresses kept; later ones are counted and left out.
  static let maximumHosts = 1 << 18
  /// Hardware addresses kept.
  static let maximumHardwareAddresses = 1 << 18
  /// IPv4 addresses one hardware address may have before it counts as a router's: a few leases
  /// over time are one device (derived here).
  static let maximumAddressesOfDevice = 4

  /// Names in other letters than ASCII, or with a region, whose meaning is remembered.
  private static let maximumMeanings = 1 << 14

  /// An address that was noted behind a hardware address.
  private struct Pairing: Equatable, Sendable, BitwiseCopyable {
    var address: IPAddress
    /// The hardware address, and whether the address is inside.
    var bits: UInt64
  }

  private static let recentPairings = 1 << 15
  /// Hardware addresses remembered as carrying packets of others; a capture has a few routers.
  private static let recentRouters = 64

  var hosts: [HostRecord] = []
  var hardware = HardwareTable()
  /// Clients of DHCP that no address was seen of, and where they are by hardware address.
  var clients: [HostRecord] = []
  private var clientIndices: [MACAddress: Int] = [:]
  private var indices = AddressIndex()
  private var recent: [Pairing] = []
  private var routers = [UInt64](repeating: 0, count: Self.recentRouters)
  private var meanings: [String: CameraDomains.Meaning] = [:]
  /// Inside addresses that were left out because of the bound.
  package private(set) var overflow: UInt64 = 0

  /// Makers of hardware addresses.
  let vendors: HardwareVendors

  /// Starts an inventory.
  package init(vendors: HardwareVendors = .shared) { self.vendors = vendors }

  /// Adds a flow.
  ///
  /// - Complexity: O(1) on average; allocates only for new hosts and marks.
  package mutating func add(
    _ flow: Flow, _ recognition: FlowRecognition?, isOriginatorInside: Bool,
    isResponderInside: Bool
  ) {
    noteHardware(
      flow.originatorAddress, flow.originator.macAddress, isInside: isOriginatorInside)
    noteHardware(flow.responderAddress, flow.responder.macAddress, isInside: isResponderInside)
    // One that was only heard being answered is a host whose side was not captured.
    if isOriginatorInside, flow.originator.packets > 0 || flow.responder.payloadBytes > 0,
      let host = host(flow.originatorAddress, flow, isResponder: false)
    {
      if hosts[host].macAddress == nil { hosts[host].macAddress = flow.originator.macAddress }
      hosts[host].observed.add(flow, .fromOriginator)
      noteDialling(host, flow, recognition, isResponderInside: isResponderInside)
    }
    // Addresses that were only knocked at are no hosts: payload to them makes one.
    if isResponderInside, flow.responder.packets > 0 || flow.originator.payloadBytes > 0,
      let host = host(flow.responderAddress, flow, isResponder: true)
    {
      if hosts[host].macAddress == nil { hosts[host].macAddress = flow.responder.macAddress }
      hosts[host].observed.add(flow, .fromResponder)
      noteAnswering(host, flow, recognition)
    }
  }

  /// Declares a camera.
  package mutating func declareCamera(_ address: IPAddress) {
    guard let host = indices[address] else { return }
    hosts[host].add(
      RoleMark(
        category: .declared, subject: .camera, weight: RoleWeights.declared, vendor: "",
        text: "declared as a camera by the user"))
  }

  /// Adds that video was sent.
  package mutating func add(_ behaviour: VideoBehaviour) {
    if let host = indices[behaviour.sender] {
      let (weight, text) =
        switch behaviour.certainty {
        case .certain: (RoleWeights.sendsVideo, "sends video")
        case .likely: (RoleWeights.indicative, "probably sends video")
        case .clips: (RoleWeights.indicative, "uploads what has the shape of clips")
        }
      if behaviour.certainty != .clips { hosts[host].sendsVideo = true }
      hosts[host].add(
        RoleMark(
          category: .sendsVideo, subject: .videoDevice, weight: weight, vendor: "", text: text))
    }
    if behaviour.certainty != .clips, let host = indices[behaviour.receiver] {
      HostRecord.add(behaviour.sender, to: &hosts[host].videoSources)
      if hosts[host].viewerMark == nil {
        hosts[host].viewerMark = "receives video from \(behaviour.sender)"
      }
    }
  }

  /// Adds a name for an address, and what the name says about who asked for it.
  package mutating func add(
    name: String, of address: IPAddress, askedBy asker: IPAddress, source: NameSource
  ) {
    if let host = indices[address] {
      hosts[host].add(DeviceName(name: name, source: Self.text(source)))
    }
    if source == .dns, let host = indices[asker] {
      noteCloud(host, name.utf8.span, verb: "asks for")
    }
  }

  /// Adds an announced name; a string is made only where it is kept.
  package mutating func add(_ announcement: NameAnnouncement, in texts: TextStore) {
    if let host = indices[announcement.address] {
      hosts[host].add(
        DeviceName(
          name: texts[announcement.name], source: Self.text(announcement.source)))
    }
    if announcement.source == .dns, let host = indices[announcement.place.listener] {
      noteCloud(host, texts.bytes(announcement.name), verb: "asks for")
    }
  }

  /// Adds a lease, or what a client says of itself while it asks for one.
  ///
  /// A client that asks for an address another device uses is not that device, and one whose lease
  /// was not captured has none yet: both are known by their hardware address until `finish`.
  package mutating func add(_ lease: LeaseAnnouncement) {
    if let host = indices[lease.address], mayBe(lease.hardwareAddress, hosts[host]) {
      if hosts[host].leasedMAC == nil { hosts[host].leasedMAC = lease.hardwareAddress }
      hosts[host].describe(lease)
      return
    }
    guard let hardwareAddress = lease.hardwareAddress, hardwareAddress.bits != 0,
      !hardwareAddress.isGroup, !lease.hostName.isEmpty || !lease.vendorClass.isEmpty
    else { return }
    if let client = clientIndices[hardwareAddress] {
      clients[client].describe(lease)
      return
    }
    guard clients.count < Self.maximumHosts else {
      overflow &+= 1
      return
    }
    clientIndices[hardwareAddress] = clients.count
    var client = HostRecord(
      address: .unspecified, order: .max, firstPacket: lease.place.packet)
    client.leasedMAC = hardwareAddress
    client.describe(lease)
    clients.append(client)
  }

  /// Whether a host may have the hardware address that a DHCP message names.
  private func mayBe(_ hardwareAddress: MACAddress?, _ host: HostRecord) -> Bool {
    guard let hardwareAddress, let seen = host.leasedMAC ?? host.macAddress else { return true }
    return seen == hardwareAddress || hardware[seen]?.isRouter == true
  }

  /// The maker whose devices alone answer a protocol.
  private static func vendor(of service: Service) -> String? {
    switch service {
    case .hikvision, .hikvisionDiscovery: "hikvision"
    case .dahua: "dahua"
    case .xiongmai: "xiongmai"
    case .reolink: "reolink"
    case .tvt: "tvt"
    default: nil
    }
  }

  /// Adds what a device said about itself.
  package mutating func add(_ mark: DeviceMark) {
    guard let host = indices[mark.address] else { return }
    let weight =
      switch mark.confidence {
      case .definite: RoleWeights.definite
      case .strong: RoleWeights.strong
      case .indicative: RoleWeights.indicative
      case .weak: RoleWeights.weak
      }
    let what = mark.text.isEmpty ? mark.source : "\(mark.source): \(mark.text)"
    switch mark.role {
    case "server": hosts[host].serverMark = hosts[host].serverMark ?? what
    case "viewer": hosts[host].viewerMark = hosts[host].viewerMark ?? what
    default:
      if mark.role.isEmpty, mark.confidence == .weak, !mark.vendor.isEmpty {
        hosts[host].add(
          RoleMark(
            category: .peerProtocol, subject: .videoDevice, weight: weight, vendor: mark.vendor,
            text: "\(what), as devices of \(mark.vendor) send it, a maker of other things too"))
      }
      // Else a text without role names a maker at most.
      if !mark.role.isEmpty || mark.confidence == .definite {
        hosts[host].add(
          RoleMark(
            category: mark.confidence == .definite ? .makersProtocol : .banner,
            subject: mark.role == "recorder" ? .recorder : .camera, weight: weight,
            vendor: mark.vendor, text: what))
      }
    }
    if !mark.vendor.isEmpty, weight > hosts[host].vendor?.weight ?? 0 {
      hosts[host].vendor = (mark.vendor, weight)
    }
    if hosts[host].model == nil, !mark.model.isEmpty { hosts[host].model = mark.model }
    if hosts[host].serial == nil, !mark.serial.isEmpty { hosts[host].serial = mark.serial }
    if hosts[host].firmware == nil, !mark.firmware.isEmpty {
      hosts[host].firmware = mark.firmware
    }
    if hosts[host].leasedMAC == nil { hosts[host].leasedMAC = mark.macAddress }
  }
}

extension InventoryBuilder {
  private mutating func host(_ address: IPAddress, _ flow: Flow, isResponder: Bool) -> Int? {
    if let index = indices[address] { return index }
    guard !address.isMulticastOrBroadcast, address != .unspecified else { return nil }
    guard hosts.count < Self.maximumHosts else {
      overflow &+= 1
      return nil
    }
    indices.set(hosts.count, for: address)
    hosts.append(
      HostRecord(
        address: address, order: flow.id &* 2 &+ (isResponder ? 1 : 0),
        firstPacket: flow.firstPacket))
    return hosts.count - 1
  }

  private mutating func noteHardware(
    _ address: IPAddress, _ macAddress: MACAddress?, isInside: Bool
  ) {
    guard let macAddress, macAddress.bits != 0, !macAddress.isGroup else { return }
    let router = Int(truncatingIfNeeded: macAddress.bits % UInt64(Self.recentRouters))
    if !isInside, routers[router] == macAddress.bits { return }
    guard isNews(address, macAddress, isInside) else { return }
    let known = hardware.index(of: macAddress)
    guard known != nil || hardware.count < Self.maximumHardwareAddresses else { return }
    // Multicast and unspecified sources say nothing about who forwards.
    if !isInside,
      address.isMulticastOrBroadcast || address == .unspecified || address.v4 == 0
    {
      return
    }
    let index = known ?? hardware.append(macAddress)
    if isInside {
      hardware.entries[index].add(address)
    } else {
      hardware.entries[index].hasOutside = true
      routers[router] = macAddress.bits
    }
  }

  /// Whether an address was not noted behind a hardware address just before; noting again changes
  /// nothing, and flows come in bunches of the same few pairs.
  private mutating func isNews(
    _ address: IPAddress, _ macAddress: MACAddress, _ isInside: Bool
  ) -> Bool {
    let pair = Pairing(address: address, bits: macAddress.bits << 1 | (isInside ? 1 : 0))
    let mixed = (address.low ^ address.high ^ pair.bits) &* 0x9E37_79B9_7F4A_7C15
    let slot = Int(truncatingIfNeeded: mixed >> 49)
    if recent.isEmpty {
      recent = Array(
        repeating: Pairing(address: .unspecified, bits: 0), count: Self.recentPairings)
    }
    if recent[slot] == pair { return false }
    recent[slot] = pair
    return true
  }

  private mutating func noteDialling(
    _ host: Int, _ flow: Flow, _ recognition: FlowRecognition?, isResponderInside: Bool
  ) {
    if recognition?.service == .rtsp, recognition?.intent != .originatorSends,
      flow.responder.payloadBytes > 0
    {
      HostRecord.add(flow.responderAddress, to: &hosts[host].pulledFrom)
    }
    if let name = recognition?.serverName {
      noteCloud(host, name.utf8.span, verb: "connects to")
    }
    if let service = recognition?.service, service == .pppp || service == .tutk {
      hosts[host].add(
        RoleMark(
          category: .peerProtocol, subject: .videoDevice, weight: RoleWeights.indicative,
          vendor: "", text: "speaks \(service.rawValue), the peer protocol of many cameras"))
    }
    guard !isResponderInside, flow.responder.packets > 0,
      let port = CameraPorts.shared.port(
        flow.responderPort, protocolNumber: flow.protocolNumber, isListening: false)
    else { return }
    hosts[host].add(
      RoleMark(
        category: .port, subject: .videoDevice, weight: RoleWeights.weak,
        vendor: port.vendor == "generic" ? "" : port.vendor,
        text: "dials port \(flow.responderPort) (\(port.vendor): \(port.role))"))
  }

  private mutating func noteAnswering(
    _ host: Int, _ flow: Flow, _ recognition: FlowRecognition?
  ) {
    guard flow.responder.payloadBytes > 0 else { return }
    if let service = recognition?.service {
      if !hosts[host].services.contains(service.rawValue), hosts[host].services.count < 8 {
        hosts[host].services.append(service.rawValue)
      }
      if let vendor = Self.vendor(of: service) {
        hosts[host].add(
          RoleMark(
            category: .makersProtocol, subject: .videoDevice, weight: RoleWeights.definite,
            vendor: vendor,
            text: "answers in the protocol \(service.rawValue) on port \(flow.responderPort)"))
      }
      if service == .rtsp {
        hosts[host].add(
          RoleMark(
            category: .answersRTSP, subject: .videoDevice, weight: RoleWeights.answersRTSP,
            vendor: "", text: "answers RTSP on port \(flow.responderPort)"))
      }
    }
    guard
      let port = CameraPorts.shared.port(
        flow.responderPort, protocolNumber: flow.protocolNumber, isListening: true)
    else { return }
    hosts[host].add(
      RoleMark(
        category: .port, subject: .videoDevice, weight: RoleWeights.weak,
        vendor: port.vendor == "generic" ? "" : port.vendor,
        text: "answers on port \(flow.responderPort) (\(port.vendor): \(port.role))"))
  }

  private mutating func noteCloud(_ host: Int, _ name: Span<UInt8>, verb: String) {
    switch meaning(of: name) {
    case .nothing: break
    case .ordinary: hosts[host].otherNames &+= 1
    case .cloud(let domain):
      hosts[host].add(
        RoleMark(
          category: .cloud, subject: .videoDevice,
          weight: domain.isCameraSpecific && domain.confidence != .low
            ? RoleWeights.indicative : RoleWeights.weak,
          vendor: domain.vendor, text: "\(verb) \(domain.suffix) (\(domain.shownVendor))"))
    }
  }

  private mutating func meaning(of name: Span<UInt8>) -> CameraDomains.Meaning {
    if let meaning = CameraDomains.shared.meaning(of: name) { return meaning }
    var bytes: [UInt8] = []
    bytes.reserveCapacity(name.count)
    for index in name.indices { bytes.append(name[index]) }
    let text = String(decoding: bytes, as: UTF8.self)
    if let known = meanings[text] { return known }
    let meaning = CameraDomains.shared.meaning(ofText: text)
    if meanings.count < Self.maximumMeanings { meanings[text] = meaning }
    return meaning
  }

  private static func text(_ source: NameSource) -> String {
    switch source {
    case .dns: "dns"
    case .multicastDNS: "mdns"
    case .llmnr: "llmnr"
    case .netBIOS: "netbios"
    case .dhcp: "dhcp"
    }
  }
}
