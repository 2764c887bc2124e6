// SPDX-License-Identifier: Apache-2.0

package import FlowTracking
package import PacketDecoding

/// What some of the flows add up to for one host; tallies of other flows can be added in any order.
package struct HostTally: Sendable, BitwiseCopyable {
  var observed = HostObservation()
  /// The hardware address that it was first seen with here, and the earliest end of a flow with it.
  private var macAddress: MACAddress?
  private var macOrder = UInt64.max
  /// Whether it asked for names that are of no camera cloud.
  package var asksForOtherNames = false

  /// Nothing seen yet.
  package init() {}

  /// Adds a flow in which the host `sent` and `received`; `order` is that of its end among all flows'
  /// ends.
  ///
  /// - Returns: The hardware address that it came from, where that is not the one it was first seen
  ///   with here, so that it has to be noted apart.
  package mutating func add(
    _ flow: FlowGlance, sent: FlowGlance.Side, received: FlowGlance.Side, order: UInt64
  ) -> MACAddress? {
    observed.add(flow, sent: sent, received: received)
    guard let address = sent.macAddress else { return nil }
    if macAddress == nil { macAddress = address }
    guard macAddress == address else { return address }
    macOrder = min(macOrder, order)
    return nil
  }

  /// The note of the hardware address that the host, which has the address with a number, was first
  /// seen with here.
  package func hardware(ofNumber number: Int) -> HardwareNote? {
    macAddress.map {
      HardwareNote(order: macOrder, address: number, macAddress: $0, isInside: true)
    }
  }
}

/// A hardware address that packets of an address came from.
package struct HardwareNote: Sendable, BitwiseCopyable {
  /// Of the end among all flows' ends, in order of the flows' first packets.
  package var order: UInt64
  /// Number of the address.
  package var address: Int
  package var macAddress: MACAddress
  /// Whether the address is of the inside.
  package var isInside: Bool

  /// Makes a note.
  package init(order: UInt64, address: Int, macAddress: MACAddress, isInside: Bool) {
    self.order = order
    self.address = address
    self.macAddress = macAddress
    self.isInside = isInside
  }

  /// Whether a hardware address may be a router's, if `address` is outside: multicast and unspecified
  /// sources say nothing about who forwards.
  package static func mayForward(_ macAddress: MACAddress, for address: IPAddress) -> Bool {
    macAddress.bits != 0 && !macAddress.isGroup && !address.isMulticastOrBroadcast
      && address != .unspecified && address.v4 != 0
  }
}
