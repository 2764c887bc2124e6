// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// How flows are told apart.
struct FlowOptions: ParsableArguments {
  @Option(
    help: ArgumentHelp(
      "Idle seconds that end a flow: tcp=300,udp=60,icmp=60, or off.", valueName: "times"))
  var idleTimeout: String?

  @Option(help: ArgumentHelp("Add the VLAN to what tells flows apart: vlan.", valueName: "key"))
  var flowKey: String?

  @Flag(help: "Count copies of packets (mirror ports) as packets of their own.")
  var keepDuplicates = false

  /// Puts the options into a configuration.
  func apply(to configuration: inout Analyzer.Configuration) throws {
    configuration.flowTracking.keepsDuplicates = keepDuplicates
    if let flowKey {
      guard flowKey == "vlan" else {
        throw ValidationError("--flow-key: only \"vlan\" can be added to the key")
      }
      configuration.includesVLANInKey = true
    }
    if let idleTimeout {
      configuration.flowTracking.idleTimeouts = try Self.timeouts(idleTimeout)
    }
  }

  private static func timeouts(
    _ text: String
  ) throws -> FlowTrackingConfiguration.IdleTimeouts {
    if text == "off" { return .off }
    var timeouts = FlowTrackingConfiguration.IdleTimeouts()
    for part in text.split(separator: ",") {
      let pair = part.split(separator: "=", maxSplits: 1)
      guard pair.count == 2, let seconds = Int64(pair[1]), (1...31_536_000).contains(seconds)
      else { throw usage(part) }
      switch pair[0] {
      case "tcp": timeouts.tcp = seconds
      case "udp": timeouts.udp = seconds
      case "icmp": timeouts.icmp = seconds
      default: throw usage(part)
      }
    }
    return timeouts
  }

  private static func usage(_ part: Substring) -> ValidationError {
    ValidationError(
      "--idle-timeout: \"\(part)\" is not understood; write tcp=300,udp=60,icmp=60 or off")
  }
}
