// SPDX-License-Identifier: Apache-2.0

internal import PacketDecoding

/// A finding as the search for stories sees it.
struct StoryMember {
  var finding: Finding
  /// Index of the device in the inventory.
  var device: Int
  /// When the device began to send, each time after a pause; ascending.
  var starts: [Int64]
  /// The first packet of the sender.
  var packet: PacketReference

  /// The destination with what is known of it, for a sentence.
  var place: String {
    let destination = finding.destination
    var notes: [String] = []
    if let name = destination.names.first { notes.append(name) }
    if let asn = destination.asn {
      notes.append("AS\(asn)" + (destination.asName.map { " \($0)" } ?? ""))
    }
    if let country = destination.country { notes.append(country) }
    return destination.address.description
      + (notes.isEmpty ? "" : " (" + notes.joined(separator: ", ") + ")")
  }
}
