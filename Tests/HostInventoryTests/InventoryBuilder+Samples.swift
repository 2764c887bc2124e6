// SPDX-License-Identifier: Apache-2.0

import FlowTracking
import PacketDecoding
import ProtocolRecognition

@testable import HostInventory

extension InventoryBuilder {
  /// Adds a flow with the name that its originator asked for, empty for none.
  mutating func add(
    _ flow: Flow, _ brief: RecognitionBrief = .none, asking name: String = "",
    isOriginatorInside: Bool = true, isResponderInside: Bool = false
  ) {
    add(
      flow, brief, asking: CameraDomains.shared.meaning(ofText: name),
      originator: End(
        number: number(of: flow.originatorAddress), isInside: isOriginatorInside),
      responder: End(number: number(of: flow.responderAddress), isInside: isResponderInside))
  }

  /// Adds a name that a host asked for or announced.
  mutating func add(
    name: String, of address: IPAddress, askedBy asker: IPAddress, source: NameSource
  ) {
    add(
      name: name, saying: CameraDomains.shared.meaning(ofText: name), of: addresses[address],
      askedBy: asker, source: source)
  }
}
