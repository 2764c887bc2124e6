// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// The devices of the inside.
package struct DeviceInventory: Sendable {
  /// In order of first packets, `D1` first; then those of which no address was seen.
  package var devices: [Device]
  /// Hardware addresses that carried packets of other hosts.
  package var routers: [MACAddress]
  /// What the capture shows of each device's traffic, in the order of ``devices``.
  package var observations: [HostObservation]
  /// Inside addresses that were left out because of the bound.
  package var overflow: BoundCount
  /// Cameras and recorders among ``devices``.
  package var cameras: [Int]
  /// Numbers of the addresses of all flows.
  package let addresses: AddressIndex
  /// The device of each of them, -1 for none.
  let devicesOfAddresses: [Int32]

  /// The index in ``devices`` of the device that has an address.
  package func index(of address: IPAddress) -> Int? {
    addresses[address].flatMap { index(ofNumber: $0) }
  }

  /// The index in ``devices`` of the device that has the address with a number.
  package func index(ofNumber number: Int) -> Int? {
    devicesOfAddresses[number] < 0 ? nil : Int(devicesOfAddresses[number])
  }

  /// The device that has an address.
  package func device(of address: IPAddress) -> Device? { index(of: address).map { devices[$0] } }
}

extension InventoryBuilder {
  /// Joins addresses to devices and decides roles.
  ///
  /// `declaredHardware` are hardware addresses that the user declares to be cameras, `declared`
  /// the devices of the policy file.
  ///
  /// - Complexity: O(*n* log *n*) in the inside addresses.
  package consuming func finish(
    declaredHardware: [MACAddress] = [], declared: [DeclaredDevice] = []
  ) -> DeviceInventory {
    var groups = HostGroups(hosts.count + clients.count)
    /// The group of each place in the table of hardware addresses, or of an address that only a
    /// lease names.
    var byHardware = [Int](repeating: -1, count: hardware.count)
    var byLease: [MACAddress: Int] = [:]
    for host in hosts.indices {
      // A directed broadcast: the prefix length is not known, but no host was heard there.
      if hosts[host].observed.sentPackets == 0, let bits = hosts[host].address.v4,
        bits & 0xFF == 0xFF
      {
        continue
      }
      guard let key = ownHardware(of: host) else {
        _ = groups.open(with: host)
        continue
      }
      let place = hardware.index(of: key)
      let known = place.map { byHardware[$0] } ?? byLease[key] ?? -1
      if known >= 0 {
        groups.add(host, to: known)
        continue
      }
      let group = groups.open(with: host)
      if let place { byHardware[place] = group } else { byLease[key] = group }
    }
    for client in clients {
      let key = leasedMAC(of: client)
      let place = key.flatMap { hardware.index(of: $0) }
      let known = place.map { byHardware[$0] } ?? key.flatMap { byLease[$0] } ?? -1
      if known >= 0 {
        groups.add(hosts.count, to: known)
      } else {
        _ = groups.open(with: hosts.count)
      }
      hosts.append(client)
    }
    var result = DeviceInventory(
      devices: [], routers: hardware.entries.filter(\.isRouter).map(\.address).sorted(),
      observations: [], overflow: overflow, cameras: [], addresses: addresses,
      devicesOfAddresses: devicesOfAddresses(groups.groupsOfHosts))
    result.devices.reserveCapacity(groups.count)
    result.observations.reserveCapacity(groups.count)
    let maySuffice = declaredHardware.isEmpty && declared.isEmpty
    var makers = MakerCache(vendors)
    for group in 0..<groups.count {
      var observation = HostObservation()
      groups.forEach(of: group) { observation.add(hosts[$0].observed) }
      result.observations.append(observation)
      let id = "D\(group + 1)"
      if maySuffice, appendPlain(id, groups, group, &makers, to: &result.devices) { continue }
      var members: [HostRecord] = []
      groups.forEach(of: group) { members.append(hosts[$0]) }
      let device = device(id, members, declaredHardware, declared)
      if device.isCameraOrRecorder { result.cameras.append(result.devices.count) }
      result.devices.append(device)
    }
    return result
  }

  /// Hosts grouped to devices, without an array for each of them.
  private struct HostGroups {
    private var firsts: [Int32] = []
    private var lasts: [Int32] = []
    /// The next host of the same group, -1 for none.
    private var next: [Int32]
    /// The group of each host, -1 for none.
    private(set) var groupsOfHosts: [Int32]

    init(_ hostCount: Int) {
      next = Array(repeating: -1, count: hostCount)
      groupsOfHosts = next
    }

    var count: Int { firsts.count }

    mutating func open(with host: Int) -> Int {
      firsts.append(Int32(truncatingIfNeeded: host))
      lasts.append(Int32(truncatingIfNeeded: host))
      groupsOfHosts[host] = Int32(truncatingIfNeeded: firsts.count - 1)
      return firsts.count - 1
    }

    mutating func add(_ host: Int, to group: Int) {
      next[Int(lasts[group])] = Int32(truncatingIfNeeded: host)
      lasts[group] = Int32(truncatingIfNeeded: host)
      groupsOfHosts[host] = Int32(truncatingIfNeeded: group)
    }

    @inline(__always)
    func forEach(of group: Int, _ body: (Int) -> Void) {
      var host = firsts[group]
      while host >= 0 {
        body(Int(host))
        host = next[Int(host)]
      }
    }
  }

  /// The roles of a device of which nothing is known.
  private static let unknownRoles = [DeviceRole(role: .unknown, confidence: .weak, marks: [])]

  /// Makers of recent hardware addresses by the longest prefix that is given out; those of one
  /// network are of few makers.
  private struct MakerCache {
    private static let slots = 256
    private let vendors: HardwareVendors
    private var prefixes = [UInt64](repeating: .max, count: Self.slots)
    private var makers = [HardwareVendors.Vendor?](repeating: nil, count: Self.slots)

    init(_ vendors: HardwareVendors) { self.vendors = vendors }

    mutating func vendor(of address: MACAddress) -> HardwareVendors.Vendor? {
      let prefix = address.bits >> 12
      let slot = Int(truncatingIfNeeded: prefix ^ prefix >> 12) & (Self.slots - 1)
      if prefixes[slot] != prefix {
        prefixes[slot] = prefix
        makers[slot] = vendors.vendor(of: address)
      }
      return makers[slot]
    }
  }

  /// Appends what ``device(_:_:_:_:)`` makes of hosts of which nothing is known, as are most, and
  /// that the user declares nothing of; `false` of others.
  private func appendPlain(
    _ id: String, _ groups: HostGroups, _ group: Int, _ makers: inout MakerCache,
    to devices: inout [Device]
  ) -> Bool {
    var isPlain = true
    var count = 0
    var first = -1
    var mac: MACAddress?
    var maker: String?
    groups.forEach(of: group) { host in
      if first < 0 { first = host }
      count += 1
      guard isPlain, hosts[host].facts == 0 else {
        isPlain = false
        return
      }
      guard let address = hosts[host].macAddress, address.bits != 0, address != mac else { return }
      // Several hardware addresses, or one of a router or of a maker of cameras: not plain.
      let vendor = makers.vendor(of: address)
      guard mac == nil, vendor?.category != .camera, vendor?.category != .mixed,
        let seen = hardware[address], !seen.isRouter
      else {
        isPlain = false
        return
      }
      mac = address
      if let vendor, vendor.category == .other { maker = vendor.name }
    }
    guard isPlain, first >= 0 else { return false }
    var addresses: [IPAddress] = []
    addresses.reserveCapacity(count)
    groups.forEach(of: group) { addresses.append(hosts[$0].address) }
    devices.append(
      Device(
        id: id, addresses: addresses, macs: mac.map { [$0] } ?? [], vendor: maker,
        roles: Self.unknownRoles, firstPacket: hosts[first].firstPacket))
    return true
  }

  /// The hardware address that is the host's own: by its lease, or by its packets where no router
  /// carried them.
  private func ownHardware(of host: Int) -> MACAddress? {
    if let leased = leasedMAC(of: hosts[host]), leased.bits != 0, !leased.isGroup { return leased }
    guard let address = hosts[host].macAddress, let seen = hardware[address] else { return nil }
    if !seen.isRouter { return address }
    // A router's own address is the only inside address behind its hardware address.
    return seen.insideCount == 1 ? address : nil
  }

  private func device(
    _ id: String, _ group: [HostRecord], _ declaredHardware: [MACAddress],
    _ declared: [DeclaredDevice]
  ) -> Device {
    var device = Device(
      id: id, addresses: group.map(\.address).filter { $0 != .unspecified },
      firstPacket: group[0].firstPacket)
    var marks: [RoleMark] = []
    let known = group.map { facts(of: $0) ?? HostFacts() }
    let isDedicated = !group.contains(where: \.asksForOtherNames)
    for (host, facts) in zip(group, known) {
      for var mark in facts.marks
      where !marks.contains(where: { $0.category == mark.category && $0.text == mark.text }) {
        if mark.category == .cloud, mark.weight == RoleWeights.indicative, isDedicated {
          mark.weight = RoleWeights.dedicatedCloud
          mark.text += " and for no other names"
        }
        marks.append(mark)
      }
      for name in facts.names where !device.names.contains(name) { device.names.append(name) }
      device.model = device.model ?? facts.model
      device.serial = device.serial ?? facts.serial
      device.firmware = device.firmware ?? facts.firmware
      for address in [facts.leasedMAC, host.macAddress] {
        guard let address, address.bits != 0, !device.macs.contains(address),
          address == facts.leasedMAC || ownHardwareIsShown(address, group)
        else { continue }
        device.macs.append(address)
      }
    }
    device.macs.sort()
    device.names.sort { ($0.source, $0.name) < ($1.source, $1.name) }
    let isGateway = group.contains { host in
      guard let seen = host.macAddress.flatMap({ hardware[$0] }) else { return false }
      return seen.isRouter && seen.insideCount == 1
    }
    addHardwareMarks(device.macs, &marks)
    if device.macs.contains(where: declaredHardware.contains) {
      marks.append(
        RoleMark(
          category: .declared, subject: .camera, weight: RoleWeights.declared, vendor: "",
          text: "declared as a camera by the user"))
    }
    for declaration in declared
    where declaration.isMeant(addresses: device.addresses, hardware: device.macs) {
      if let name = declaration.shownName { device.names.insert(name, at: 0) }
      if let mark = declaration.mark { marks.append(mark) }
    }
    device.vendor = vendor(known, marks) ?? registrant(group)
    let decision = RoleDecision(known, marks, isGateway: isGateway)
    device.roles = decision.roles
    device.contradictions = decision.contradictions
    return device
  }

  private func ownHardwareIsShown(_ address: MACAddress, _ group: [HostRecord]) -> Bool {
    guard let seen = hardware[address] else { return false }
    return !seen.isRouter || seen.insideCount == 1
  }

  private func addHardwareMarks(_ addresses: [MACAddress], _ marks: inout [RoleMark]) {
    for address in addresses {
      guard let vendor = vendors.vendor(of: address), vendor.category != .module,
        vendor.category != .other
      else { continue }
      let isCamera = vendor.category == .camera
      marks.append(
        RoleMark(
          category: .hardware, subject: .videoDevice,
          weight: isCamera ? RoleWeights.cameraHardware : RoleWeights.weak, vendor: vendor.name,
          text: "hardware address \(address) is registered to \(vendor.name)"
            + (isCamera ? "" : ", a maker of other things too")))
    }
  }

  /// What the device says of itself before what its hardware address says.
  private func vendor(_ group: [HostFacts], _ marks: [RoleMark]) -> String? {
    var best: (name: String, weight: Int)?
    for facts in group {
      if let vendor = facts.vendor, vendor.weight > best?.weight ?? 0 { best = vendor }
    }
    if let best, best.weight >= RoleWeights.strong { return best.name }
    let shown =
      marks.first { $0.category == .hardware }
      ?? marks.first {
        $0.category == .makersProtocol || $0.weight == RoleWeights.dedicatedCloud
      }
    if shown?.vendor.isEmpty == false { return shown?.vendor }
    return best?.name
  }

  /// The registrant of a hardware address that says nothing about the role.
  private func registrant(_ group: [HostRecord]) -> String? {
    for host in group {
      let leasedMAC = leasedMAC(of: host)
      for address in [leasedMAC, host.macAddress] {
        guard let address, address == leasedMAC || ownHardwareIsShown(address, group),
          let vendor = vendors.vendor(of: address), vendor.category == .other
        else { continue }
        return vendor.name
      }
    }
    return nil
  }
}
