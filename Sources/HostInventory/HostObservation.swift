// SPDX-License-Identifier: Apache-2.0

internal import FlowTracking

/// How much of a host's traffic the capture shows.
package struct HostObservation: Sendable, BitwiseCopyable {
  /// First packet from or to the host, nanoseconds since 1970.
  package var firstTime: Int64?
  /// Last packet from or to the host.
  package var lastTime: Int64?
  /// Packets it sent.
  package var sentPackets: UInt64 = 0
  /// Packets it received.
  package var receivedPackets: UInt64 = 0
  /// Packets of its flows that were cut.
  package var truncatedPackets: UInt64 = 0
  /// TCP payload it sent, as far as captured.
  package var sentBytes: UInt64 = 0
  /// TCP payload it sent that is missing from the capture.
  package var missingBytes: UInt64 = 0

  /// Nothing seen yet.
  package init() {}

  /// Adds a flow in which the host `sent` and `received`.
  mutating func add(_ flow: FlowGlance, sent: FlowGlance.Side, received: FlowGlance.Side) {
    sentPackets &+= sent.packets
    receivedPackets &+= received.packets
    truncatedPackets &+= flow.truncatedPackets
    sentBytes &+= sent.payloadBytes
    missingBytes &+= sent.missingBytes
    cover(flow.firstTime, flow.lastTime)
  }

  /// Adds what was seen of another address of the same device.
  package mutating func add(_ other: HostObservation) {
    sentPackets &+= other.sentPackets
    receivedPackets &+= other.receivedPackets
    truncatedPackets &+= other.truncatedPackets
    sentBytes &+= other.sentBytes
    missingBytes &+= other.missingBytes
    if let first = other.firstTime, let last = other.lastTime { cover(first, last) }
  }

  private mutating func cover(_ first: Int64, _ last: Int64) {
    firstTime = min(firstTime ?? first, first)
    lastTime = max(lastTime ?? last, last)
  }
}
