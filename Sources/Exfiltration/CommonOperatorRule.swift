// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import PacketDecoding
internal import VideoDetection

/// Several devices that send to one operator, or to one network where the operator is not known.
enum CommonOperatorRule {
  /// Devices with one operator.
  struct Group {
    var name: String
    /// Indices in the list of members.
    var members: [Int]
    var devices: Set<Int>
  }

  /// Finds groups of enough devices, in order of their first members.
  static func groups(_ members: [StoryMember]) -> [Group] {
    var groups: [Group] = []
    var indices: [String: Int] = [:]
    for (index, member) in members.enumerated() {
      let destination = member.finding.destination
      guard destination.scope == .foreign || destination.scope == .unknown else { continue }
      let name =
        destination.asn.map { asn in
          "AS\(asn)" + (destination.asName.map { " \($0)" } ?? "")
        } ?? network(of: destination.address)
      if let known = indices[name] {
        groups[known].members.append(index)
        groups[known].devices.insert(member.device)
      } else {
        indices[name] = groups.count
        groups.append(Group(name: name, members: [index], devices: [member.device]))
      }
    }
    return groups.filter { Double($0.devices.count) >= StoryThresholds.devices.value }
  }

  /// The /24 or /48 that holds an address.
  private static func network(of address: IPAddress) -> String {
    if let bits = address.v4 { return "\(IPAddress(v4: bits & 0xFFFF_FF00))/24" }
    return "\(IPAddress(high: address.high & 0xFFFF_FFFF_FFFF_0000, low: 0))/48"
  }

  static func fact(_ group: Group, _ members: [StoryMember]) -> Story.Fact {
    let findings = group.members.map { members[$0].finding }
    let bytes = findings.reduce(0) { $0 &+ $1.bytes }
    let addresses = Set(findings.map(\.destination.address)).count
    let starts = group.members.reduce(0) { $0 + members[$1].starts.count }
    return Story.Fact(
      kind: "common_operator", time: findings.map(\.firstTime).min(),
      text: "\(NumberText.count(group.devices.count, "device")) sent \(NumberText.bytes(bytes)) in "
        + "\(NumberText.count(starts, "run")) to \(group.name), "
        + (addresses == 1 ? "one address" : "\(addresses) addresses"),
      value: Double(group.devices.count), threshold: StoryThresholds.devices.value,
      packets: group.members.map { members[$0].packet })
  }
}
