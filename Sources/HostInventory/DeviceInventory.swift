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
  package var overflow: UInt64
  private let indices: AddressIndex

  init(
    devices: [Device], routers: [MACAddress], observations: [HostObservation], overflow: UInt64
  ) {
    self.devices = devices
    self.routers = routers
    self.observations = observations
    self.overflow = overflow
    var indices = AddressIndex()
    for (index, device) in devices.enumerated() {
      for address in device.addresses { indices.set(index, for: address) }
    }
    self.indices = indices
  }

  /// The index in ``devices`` of the device that has an address.
  package func index(of address: IPAddress) -> Int? { indices[address] }

  /// The device that has an address.
  package func device(of address: IPAddress) -> Device? { indices[address].map { devices[$0] } }
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
    let order = hosts.indices.sorted { hosts[$0].order < hosts[$1].order }
    for host in order {
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
      let key = client.leasedMAC
      let place = key.flatMap { hardware.index(of: $0) }
      let known = place.map { byHardware[$0] } ?? key.flatMap { byLease[$0] } ?? -1
      if known >= 0 {
        groups.add(hosts.count, to: known)
      } else {
        _ = groups.open(with: hosts.count)
      }
      hosts.append(client)
    }
    var devices: [Device] = []
    var observations: [HostObservation] = []
    devices.reserveCapacity(groups.count)
    observations.reserveCapacity(groups.count)
    for group in 0..<groups.count {
      let id = "D" + String(group + 1)
      var observation = HostObservation()
      groups.forEach(of: group) { observation.add(hosts[$0].observed) }
      observations.append(observation)
      if let plain = plainDevice(id, groups, group, declaredHardware, declared) {
        devices.append(plain)
      } else {
        var members: [HostRecord] = []
        groups.forEach(of: group) { members.append(hosts[$0]) }
        devices.append(device(id, members, declaredHardware, declared))
      }
    }
    let routers = hardware.entries.filter(\.isRouter).map(\.address).sorted()
    return DeviceInventory(
      devices: devices, routers: routers, observations: observations, overflow: overflow)
  }

  /// Hosts grouped to devices, without an array for each of them.
  private struct HostGroups {
    private var firsts: [Int32] = []
    private var lasts: [Int32] = []
    /// The next host of the same group, -1 for none.
    private var next: [Int32]

    init(_ hostCount: Int) { next = Array(repeating: -1, count: hostCount) }

    var count: Int { firsts.count }

    mutating func open(with host: Int) -> Int {
      firsts.append(Int32(truncatingIfNeeded: host))
      lasts.append(Int32(truncatingIfNeeded: host))
      return firsts.count - 1
    }

    mutating func add(_ host: Int, to group: Int) {
      next[Int(lasts[group])] = Int32(truncatingIfNeeded: host)
      lasts[group] = Int32(truncatingIfNeeded: host)
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

  /// What ``device(_:_:_:_:)`` makes of hosts of which nothing is known, as are most; `nil` of
  /// others.
  private func plainDevice(
    _ id: String, _ groups: HostGroups, _ group: Int, _ declaredHardware: [MACAddress],
    _ declared: [DeclaredDevice]
  ) -> Device? {
    guard declaredHardware.isEmpty, declared.isEmpty else { return nil }
    var isPlain = true
    var count = 0
    var first: Int?
    var mac: MACAddress?
    var maker: String?
    groups.forEach(of: group) { host in
      if first == nil { first = host }
      count += 1
      guard isPlain, hosts[host].isPlain else {
        isPlain = false
        return
      }
      guard let address = hosts[host].macAddress, address.bits != 0, address != mac else { return }
      // Several hardware addresses, or one of a router or of a maker of cameras: not plain.
      let vendor = vendors.vendor(of: address)
      guard mac == nil, vendor?.category != .camera, vendor?.category != .mixed,
        let seen = hardware[address], !seen.isRouter
      else {
        isPlain = false
        return
      }
      mac = address
      if let vendor, vendor.category == .other { maker = vendor.name }
    }
    guard isPlain, let first else { return nil }
    var addresses: [IPAddress] = []
    addresses.reserveCapacity(count)
    groups.forEach(of: group) { addresses.append(hosts[$0].address) }
    return Device(
      id: id, addresses: addresses, macs: mac.map { [$0] } ?? [], vendor: maker,
      roles: Self.unknownRoles, firstPacket: hosts[first].firstPacket)
  }

  /// The hardware address that is the host's own: by its lease, or by its packets where no router
  /// carried them.
  private func ownHardware(of host: Int) -> MACAddress? {
    if let leased = hosts[host].leasedMAC, leased.bits != 0, !leased.isGroup { return leased }
    guard let address = hosts[host].macAddress, let seen = hardware[address] else { return nil }
    if !seen.isRouter { return address }
    // A router's own address is the only inside address behind its hardware address.
    return seen.inside.count == 1 ? address : nil
  }

  private func device(
    _ id: String, _ group: [HostRecord], _ declaredHardware: [MACAddress],
    _ declared: [DeclaredDevice]
  ) -> Device {
    var device = Device(
      id: id, addresses: group.map(\.address).filter { $0 != .unspecified },
      firstPacket: group[0].firstPacket)
    var marks: [RoleMark] = []
    let isDedicated = group.allSatisfy { $0.otherNames == 0 }
    for host in group {
      for var mark in host.marks
      where !marks.contains(where: { $0.category == mark.category && $0.text == mark.text }) {
        if mark.category == .cloud, mark.weight == RoleWeights.indicative, isDedicated {
          mark.weight = RoleWeights.dedicatedCloud
          mark.text += " and for no other names"
        }
        marks.append(mark)
      }
      for name in host.names where !device.names.contains(name) { device.names.append(name) }
      device.model = device.model ?? host.model
      device.serial = device.serial ?? host.serial
      device.firmware = device.firmware ?? host.firmware
      for address in [host.leasedMAC, host.macAddress] {
        guard let address, address.bits != 0, !device.macs.contains(address),
          address == host.leasedMAC || ownHardwareIsShown(address, group)
        else { continue }
        device.macs.append(address)
      }
    }
    device.macs.sort()
    device.names.sort { ($0.source, $0.name) < ($1.source, $1.name) }
    let isGateway = group.contains { host in
      guard let seen = host.macAddress.flatMap({ hardware[$0] }) else { return false }
      return seen.isRouter && seen.inside.count == 1
    }
    addHardwareMarks(device.macs, &marks)
    if device.macs.contains(where: declaredHardware.contains) {
      marks.append(
        RoleMark(
          category: .declared, subject: .camera, weight: RoleWeights.declared, vendor: "",
          text: "declared as a camera by the user"))
    }
    for known in declared
    where known.isMeant(addresses: device.addresses, hardware: device.macs) {
      if let name = known.shownName { device.names.insert(name, at: 0) }
      if let mark = known.mark { marks.append(mark) }
    }
    device.vendor = vendor(group, marks)
    let decision = RoleDecision(group, marks, isGateway: isGateway)
    device.roles = decision.roles
    device.contradictions = decision.contradictions
    return device
  }

  private func ownHardwareIsShown(_ address: MACAddress, _ group: [HostRecord]) -> Bool {
    guard let seen = hardware[address] else { return false }
    return !seen.isRouter || seen.inside.count == 1
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
  private func vendor(_ group: [HostRecord], _ marks: [RoleMark]) -> String? {
    var best: (name: String, weight: Int)?
    for host in group {
      if let vendor = host.vendor, vendor.weight > best?.weight ?? 0 { best = vendor }
    }
    if let best, best.weight >= RoleWeights.strong { return best.name }
    let shown =
      marks.first { $0.category == .hardware }
      ?? marks.first {
        $0.category == .makersProtocol || $0.weight == RoleWeights.dedicatedCloud
      }
    if shown?.vendor.isEmpty == false { return shown?.vendor }
    return best?.name ?? registrant(group)
  }

  /// The registrant of a hardware address that says nothing about the role.
  private func registrant(_ group: [HostRecord]) -> String? {
    for host in group {
      for address in [host.leasedMAC, host.macAddress] {
        guard let address, address == host.leasedMAC || ownHardwareIsShown(address, group),
          let vendor = vendors.vendor(of: address), vendor.category == .other
        else { continue }
        return vendor.name
      }
    }
    return nil
  }
}
