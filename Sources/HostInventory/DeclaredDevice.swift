// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// A device that the investigator knows, by any of its addresses.
package struct DeclaredDevice: Sendable {
  package var addresses: [IPAddress] = []
  package var hardware: [MACAddress] = []
  package var name: String?
  /// Where it stands.
  package var place: String?
  /// `camera` or `recorder` declare the role; others are only shown.
  package var role: String?

  /// Declares nothing yet.
  package init() {}

  /// Source of the declared name.
  static let source = "policy"

  /// Whether the device has one of the addresses.
  func isMeant(addresses: [IPAddress], hardware: [MACAddress]) -> Bool {
    self.addresses.contains(where: addresses.contains)
      || self.hardware.contains(where: hardware.contains)
  }

  /// Name and place as one name; `nil` where neither is declared.
  var shownName: DeviceName? {
    let parts = [name, place].compactMap { $0 }.filter { !$0.isEmpty }
    return parts.isEmpty
      ? nil : DeviceName(name: parts.joined(separator: ", "), source: Self.source)
  }

  /// The mark of the declared role.
  var mark: RoleMark? {
    let subject: RoleMark.Subject
    switch role {
    case "camera": subject = .camera
    case "recorder": subject = .recorder
    default: return nil
    }
    return RoleMark(
      category: .declared, subject: subject, weight: RoleWeights.declared, vendor: "",
      text: "declared as a \(role ?? "") by the policy file")
  }
}
