// SPDX-License-Identifier: Apache-2.0

package import PacketDecoding

/// That a host sent video to another, as the detection found it; an input of the inventory.
package struct VideoBehaviour: Sendable {
  /// Who sent it.
  package var sender: IPAddress
  /// Who received it.
  package var receiver: IPAddress
  /// How sure that is.
  package var certainty: Certainty
  /// First packet.
  package var packet: PacketReference

  /// How sure it is that what was sent is video.
  package enum Certainty: Sendable {
    /// Proved.
    case certain
    /// Consistent with live video.
    case likely
    /// Uploads of the shape of clips.
    case clips
  }

  /// Makes a behaviour.
  package init(
    sender: IPAddress, receiver: IPAddress, certainty: Certainty, packet: PacketReference
  ) {
    self.sender = sender
    self.receiver = receiver
    self.certainty = certainty
    self.packet = packet
  }
}
