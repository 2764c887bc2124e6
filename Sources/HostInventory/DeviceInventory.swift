// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// The devices of the inside.
package struct DeviceInventory: Sendable {
  /// In order of first packets; `D1` first.
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
    var groups: [[Int]] = []
    var byHardware: [MACAddress: Int] = [:]
    let order = hosts.indices.sorted { hosts[$0].order < hosts[$1].order }
    for host in order {
      // A directed broadcast: the prefix length is not known, but no host was heard there.
      if hosts[host].observed.sentPackets == 0, let bits = hosts[host].address.v4,
        bits & 0xFF == 0xFF
      {
        continue
      }
      guard let key = ownHardware(of: host) else {
        groups.append([host])
        continue
      }
      if let group = byHardware[key] {
        groups[group].append(host)
      } else {
        byHardware[key] = groups.count
        groups.append([host])
      }
    }
    let devices = groups.enumerated().map { number, group in
      device("D\(number + 1)", group.map { hosts[$0] }, declaredHardware, declared)
    }
    let routers = hardware.filter { $0.value.isRouter }.keys.sorted()
    let observations = groups.map { group in
      group.reduce(into: HostObservation()) { $0.add(hosts[$1].observed) }
    }
    return DeviceInventory(
      devices: devices, routers: routers, observations: observations, overflow: overflow)
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
      id: id, addresses: group.map(\.address), firstPacket: group[0].firstPacket)
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
      host.macAddress.map { hardware[$0]?.isRouter == true && hardware[$0]?.inside.count == 1 }
        ?? false
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
