// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
package import PacketDecoding
package import ProtocolRecognition

/// Collects what flows and announcements tell about the hosts of the inside.
///
/// Feed the numbers of all addresses, the hosts among them in order of their first packets, what the
/// flows add up to for each, the hardware addresses that were noted and the flows that tell more,
/// both in order of flows; then names, leases, marks and behaviours; then call ``finish()``.
package struct InventoryBuilder {
  /// IPv4 addresses one hardware address may have before it counts as a router's: a few leases
  /// over time are one device (derived here).
  static let maximumAddressesOfDevice = 4

  /// Hardware addresses remembered as carrying packets of others; a capture has a few routers.
  private static let recentRouters = 64

  /// In order of their first packets.
  var hosts: [HostRecord] = []
  /// What is known of some hosts and clients, see `HostRecord.facts`.
  private var facts: [HostFacts] = []
  var hardware = HardwareTable()
  /// Clients of DHCP that no address was seen of, and where they are by hardware address.
  var clients: [HostRecord] = []
  private var clientIndices: [MACAddress: Int] = [:]
  /// Numbers of the addresses of all flows.
  package private(set) var addresses = AddressIndex()
  /// The place in `hosts` of each of them, -1 for none.
  private var hostsOfAddresses: [Int32] = []
  private var routers = [UInt64](repeating: 0, count: Self.recentRouters)
  /// Inside addresses that were left out because of the bound.
  package private(set) var overflow = BoundCount()
  /// Inside addresses kept, and hardware addresses; later ones are counted and left out.
  private let maximum: Int

  /// Makers of hardware addresses.
  let vendors: HardwareVendors
  // Here, because a global that is made on first use is asked each time whether it is there.
  private let ports = CameraPorts.shared
  private let domains = CameraDomains.shared

  /// Starts an inventory.
  package init(vendors: HardwareVendors = .shared, limits: MemoryLimits = .standard) {
    self.vendors = vendors
    maximum = limits.hosts
  }

  /// An end of a flow.
  package struct End: BitwiseCopyable {
    /// Of its address, see ``InventoryBuilder/take(_:)``.
    package var number: Int
    /// Whether the address is of the inside.
    package var isInside: Bool

    /// Makes an end.
    package init(number: Int, isInside: Bool) {
      self.number = number
      self.isInside = isInside
    }
  }

  /// Takes over the numbers of the addresses of all flows; those known before keep theirs.
  package mutating func take(_ addresses: AddressIndex) {
    self.addresses = addresses
    let missing = addresses.count - hostsOfAddresses.count
    hostsOfAddresses.append(contentsOf: repeatElement(-1, count: max(0, missing)))
  }

  /// Makes the address with a number a host, which begins with a packet; `false` without room.
  ///
  /// Hosts have indices from 0 in the order in which they are opened.
  package mutating func open(_ number: Int, firstPacket: PacketReference) -> Bool {
    guard hosts.count < maximum else { return false }
    hostsOfAddresses[number] = Int32(truncatingIfNeeded: hosts.count)
    hosts.append(HostRecord(address: addresses.addresses[number], firstPacket: firstPacket))
    return true
  }

  /// Whether an address can be a host's.
  package static func mayBeHost(_ address: IPAddress) -> Bool {
    !address.isMulticastOrBroadcast && address != .unspecified
  }

  /// Adds what was left out because there was no room for hosts.
  package mutating func leaveOut(_ count: BoundCount) { overflow.add(count) }

  /// Adds what some of the flows add up to for a host.
  package mutating func add(_ tally: HostTally, to host: Int) {
    hosts[host].observed.add(tally.observed)
    if tally.asksForOtherNames { hosts[host].asksForOtherNames = true }
  }

  /// Adds a hardware address that packets came from.
  package mutating func add(_ note: HardwareNote) {
    if note.isInside, let host = host(ofNumber: note.address), hosts[host].macAddress == nil {
      hosts[host].macAddress = note.macAddress
    }
    noteHardware(addresses.addresses[note.address], note.macAddress, isInside: note.isInside)
  }

  /// Adds what a flow tells beside sums (see ``TellingFlows``), with what was recognised of it and
  /// what the server's name says of who asks for it.
  package mutating func add(
    _ flow: Flow, _ recognition: RecognitionBrief, asking name: CameraDomains.Meaning,
    originator: End, responder: End
  ) {
    // One that was only heard being answered is a host whose side was not captured.
    if originator.isInside, flow.originator.packets > 0 || flow.responder.payloadBytes > 0,
      let host = host(ofNumber: originator.number)
    {
      if recognition.service == .rtsp, recognition.intent != .originatorSends,
        flow.responder.payloadBytes > 0
      {
        describe(host) { HostFacts.add(flow.responderAddress, to: &$0.pulledFrom) }
      }
      noteCloud(host, name, verb: "connects to")
      noteDialling(host, flow, recognition.service, isResponderInside: responder.isInside)
    }
    // Addresses that were only knocked at are no hosts: payload to them makes one.
    if responder.isInside, flow.responder.packets > 0 || flow.originator.payloadBytes > 0,
      let host = host(ofNumber: responder.number)
    {
      noteAnswering(host, flow, recognition.service)
    }
  }

  /// Declares a camera.
  package mutating func declareCamera(_ address: IPAddress) {
    guard let host = host(of: address) else { return }
    addMark(
      RoleMark(
        category: .declared, subject: .camera, weight: RoleWeights.declared, vendor: "",
        text: "declared as a camera by the user"), to: host)
  }

  /// Adds that video was sent.
  package mutating func add(_ behaviour: VideoBehaviour) {
    if let host = host(of: behaviour.sender) {
      let (weight, text) =
        switch behaviour.certainty {
        case .certain: (RoleWeights.sendsVideo, "sends video")
        case .likely: (RoleWeights.indicative, "probably sends video")
        case .clips: (RoleWeights.indicative, "uploads what has the shape of clips")
        }
      describe(host) { facts in
        if behaviour.certainty != .clips { facts.sendsVideo = true }
        facts.add(
          RoleMark(
            category: .sendsVideo, subject: .videoDevice, weight: weight, vendor: "", text: text))
      }
    }
    if behaviour.certainty != .clips, let host = host(of: behaviour.receiver) {
      describe(host) { facts in
        HostFacts.add(behaviour.sender, to: &facts.videoSources)
        if facts.viewerMark == nil {
          facts.viewerMark = "receives video from \(behaviour.sender)"
        }
      }
    }
  }

  /// Adds a name for the address with a number, where it has one, and what it says of who asks for
  /// it; the text is made only where it is kept.
  package mutating func add(
    name: @autoclosure () -> String, saying meaning: CameraDomains.Meaning, of address: Int?,
    askedBy asker: IPAddress, source: NameSource
  ) {
    if let address, hostsOfAddresses[address] >= 0 {
      describe(Int(hostsOfAddresses[address])) {
        $0.add(DeviceName(name: name(), source: Self.text(source)))
      }
    }
    if source == .dns, let host = host(of: asker) { noteCloud(host, meaning, verb: "asks for") }
  }

  /// Adds a lease, or what a client says of itself while it asks for one.
  ///
  /// A client that asks for an address another device uses is not that device, and one whose lease
  /// was not captured has none yet: both are known by their hardware address until `finish`.
  package mutating func add(_ lease: LeaseAnnouncement) {
    if let host = host(of: lease.address), mayBe(lease.hardwareAddress, hosts[host]) {
      describe(host) { facts in
        if facts.leasedMAC == nil { facts.leasedMAC = lease.hardwareAddress }
        facts.describe(lease)
      }
      return
    }
    guard let hardwareAddress = lease.hardwareAddress, hardwareAddress.bits != 0,
      !hardwareAddress.isGroup, !lease.hostName.isEmpty || !lease.vendorClass.isEmpty
    else { return }
    if let client = clientIndices[hardwareAddress] {
      facts[Int(clients[client].facts) - 1].describe(lease)
      return
    }
    guard clients.count < maximum else {
      overflow.note(at: lease.place.packet.time)
      return
    }
    clientIndices[hardwareAddress] = clients.count
    var client = HostRecord(address: .unspecified, firstPacket: lease.place.packet)
    facts.append(HostFacts())
    client.facts = UInt32(truncatingIfNeeded: facts.count)
    facts[facts.count - 1].leasedMAC = hardwareAddress
    facts[facts.count - 1].describe(lease)
    clients.append(client)
  }

  /// Whether a host may have the hardware address that a DHCP message names.
  private func mayBe(_ hardwareAddress: MACAddress?, _ host: HostRecord) -> Bool {
    guard let hardwareAddress, let seen = leasedMAC(of: host) ?? host.macAddress else {
      return true
    }
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
    guard let host = host(of: mark.address) else { return }
    let weight =
      switch mark.confidence {
      case .definite: RoleWeights.definite
      case .strong: RoleWeights.strong
      case .indicative: RoleWeights.indicative
      case .weak: RoleWeights.weak
      }
    describe(host) { Self.add(mark, weight: weight, to: &$0) }
  }

  private static func add(_ mark: DeviceMark, weight: Int, to facts: inout HostFacts) {
    let what = mark.text.isEmpty ? mark.source : "\(mark.source): \(mark.text)"
    switch mark.role {
    case "server": facts.serverMark = facts.serverMark ?? what
    case "viewer": facts.viewerMark = facts.viewerMark ?? what
    default:
      if mark.role.isEmpty, mark.confidence == .weak, !mark.vendor.isEmpty {
        facts.add(
          RoleMark(
            category: .peerProtocol, subject: .videoDevice, weight: weight, vendor: mark.vendor,
            text: "\(what), as devices of \(mark.vendor) send it, a maker of other things too"))
      }
      // Else a text without role names a maker at most.
      if !mark.role.isEmpty || mark.confidence == .definite {
        facts.add(
          RoleMark(
            category: mark.confidence == .definite ? .makersProtocol : .banner,
            subject: mark.role == "recorder" ? .recorder : .camera, weight: weight,
            vendor: mark.vendor, text: what))
      }
    }
    if !mark.vendor.isEmpty, weight > facts.vendor?.weight ?? 0 {
      facts.vendor = (mark.vendor, weight)
    }
    if facts.model == nil, !mark.model.isEmpty { facts.model = mark.model }
    if facts.serial == nil, !mark.serial.isEmpty { facts.serial = mark.serial }
    if facts.firmware == nil, !mark.firmware.isEmpty { facts.firmware = mark.firmware }
    if facts.leasedMAC == nil { facts.leasedMAC = mark.macAddress }
  }
}

extension InventoryBuilder {
  /// What is known of a host beside addresses and counts; `nil` where nothing is.
  func facts(of host: HostRecord) -> HostFacts? {
    host.facts == 0 ? nil : facts[Int(host.facts) - 1]
  }

  /// Hardware address that a lease of a host named.
  func leasedMAC(of host: HostRecord) -> MACAddress? {
    host.facts == 0 ? nil : facts[Int(host.facts) - 1].leasedMAC
  }

  /// The host that has an address.
  private func host(of address: IPAddress) -> Int? {
    addresses[address].flatMap { host(ofNumber: $0) }
  }

  /// The host that has the address with a number.
  private func host(ofNumber number: Int) -> Int? {
    hostsOfAddresses[number] < 0 ? nil : Int(hostsOfAddresses[number])
  }

  /// The device of each address by its number, -1 for none, from those of the hosts.
  func devicesOfAddresses(_ devicesOfHosts: [Int32]) -> [Int32] {
    hostsOfAddresses.map { $0 < 0 ? -1 : devicesOfHosts[Int($0)] }
  }

  private mutating func describe(_ host: Int, _ change: (inout HostFacts) -> Void) {
    if hosts[host].facts == 0 {
      facts.append(HostFacts())
      hosts[host].facts = UInt32(truncatingIfNeeded: facts.count)
    }
    change(&facts[Int(hosts[host].facts) - 1])
  }

  private mutating func addMark(_ mark: RoleMark, to host: Int) {
    describe(host) { $0.add(mark) }
  }

  private mutating func noteHardware(
    _ address: IPAddress, _ macAddress: MACAddress, isInside: Bool
  ) {
    guard macAddress.bits != 0, !macAddress.isGroup else { return }
    let router = Int(truncatingIfNeeded: macAddress.bits % UInt64(Self.recentRouters))
    if !isInside, routers[router] == macAddress.bits { return }
    let known = hardware.index(of: macAddress)
    guard known != nil || hardware.count < maximum else { return }
    guard isInside || HardwareNote.mayForward(macAddress, for: address) else { return }
    let index = known ?? hardware.append(macAddress)
    if isInside {
      hardware.entries[index].add(address)
    } else {
      hardware.entries[index].hasOutside = true
      routers[router] = macAddress.bits
    }
  }

  private mutating func noteDialling(
    _ host: Int, _ flow: Flow, _ service: Service?, isResponderInside: Bool
  ) {
    if let service, service == .pppp || service == .tutk {
      addMark(
        RoleMark(
          category: .peerProtocol, subject: .videoDevice, weight: RoleWeights.indicative,
          vendor: "", text: "speaks \(service.rawValue), the peer protocol of many cameras"),
        to: host)
    }
    guard !isResponderInside, flow.responder.packets > 0,
      let port = ports.port(
        flow.responderPort, protocolNumber: flow.protocolNumber, isListening: false)
    else { return }
    addMark(
      RoleMark(
        category: .port, subject: .videoDevice, weight: RoleWeights.weak,
        vendor: port.vendor == "generic" ? "" : port.vendor,
        text: "dials port \(flow.responderPort) (\(port.vendor): \(port.role))"), to: host)
  }

  private mutating func noteAnswering(
    _ host: Int, _ flow: Flow, _ service: Service?
  ) {
    guard flow.responder.payloadBytes > 0 else { return }
    if let service {
      describe(host) { Self.noteService(service, port: flow.responderPort, of: &$0) }
    }
    guard
      let port = ports.port(
        flow.responderPort, protocolNumber: flow.protocolNumber, isListening: true)
    else { return }
    addMark(
      RoleMark(
        category: .port, subject: .videoDevice, weight: RoleWeights.weak,
        vendor: port.vendor == "generic" ? "" : port.vendor,
        text: "answers on port \(flow.responderPort) (\(port.vendor): \(port.role))"), to: host)
  }

  private static func noteService(_ service: Service, port: UInt16, of facts: inout HostFacts) {
    if facts.services.count < 8, !facts.services.contains(service.rawValue) {
      facts.services.append(service.rawValue)
    }
    if let vendor = vendor(of: service) {
      facts.add(
        RoleMark(
          category: .makersProtocol, subject: .videoDevice, weight: RoleWeights.definite,
          vendor: vendor,
          text: "answers in the protocol \(service.rawValue) on port \(port)"))
    }
    if service == .rtsp {
      facts.add(
        RoleMark(
          category: .answersRTSP, subject: .videoDevice, weight: RoleWeights.answersRTSP,
          vendor: "", text: "answers RTSP on port \(port)"))
    }
  }

  private mutating func noteCloud(_ host: Int, _ name: CameraDomains.Meaning, verb: String) {
    switch name {
    case .nothing: break
    case .ordinary: hosts[host].asksForOtherNames = true
    case .cloud(let place):
      let domain = domains.domain(at: place)
      addMark(
        RoleMark(
          category: .cloud, subject: .videoDevice,
          weight: domain.isCameraSpecific && domain.confidence != .low
            ? RoleWeights.indicative : RoleWeights.weak,
          vendor: domain.vendor, text: "\(verb) \(domain.suffix) (\(domain.shownVendor))"),
        to: host)
    }
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
