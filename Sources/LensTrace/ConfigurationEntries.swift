// SPDX-License-Identifier: Apache-2.0

internal import Attribution
internal import CaptureFilter
internal import Exfiltration
internal import FlowTracking
internal import Reporting

extension Analyzer.Configuration {
  /// The options that shape a result, as reports print them; neither threads nor hashing do.
  func entries(_ registry: HardwareRegistryFile? = nil) -> [ConfigurationEntry] {
    let policy = attribution
    return [
      ConfigurationEntry("home", .list(policy.homeCountries.map(\.description))),
      ConfigurationEntry("home_nets", .list(policy.homeNets.map(\.description))),
      ConfigurationEntry("home_asns", .list(policy.homeASNs.map { "AS\($0)" })),
      ConfigurationEntry("allow_nets", .list(policy.allowNets.map(\.description))),
      ConfigurationEntry("allow_asns", .list(policy.allowASNs.map { "AS\($0)" })),
      ConfigurationEntry("watch_nets", .list(policy.watchNets.map(\.description))),
      ConfigurationEntry("watch_asns", .list(policy.watchASNs.map { "AS\($0)" })),
      ConfigurationEntry("foreign_by", .text(policy.foreignBy.rawValue)),
      ConfigurationEntry("unknown_as", .text(policy.unknownAs.rawValue)),
      ConfigurationEntry("policy_sha256", policyDigest.map { .text($0) } ?? .missing),
      ConfigurationEntry("oui_sha256", registry.map { .text($0.sha256) } ?? .missing),
      ConfigurationEntry("idle_timeout_tcp_seconds", seconds(flowTracking.idleTimeouts.tcp)),
      ConfigurationEntry("idle_timeout_udp_seconds", seconds(flowTracking.idleTimeouts.udp)),
      ConfigurationEntry("idle_timeout_icmp_seconds", seconds(flowTracking.idleTimeouts.icmp)),
      ConfigurationEntry("flow_key_vlan", .flag(includesVLANInKey)),
      ConfigurationEntry("keep_duplicates", .flag(flowTracking.keepsDuplicates)),
      ConfigurationEntry("memory_bytes", .number(Int64(memory.byteCount))),
      ConfigurationEntry("filter", filter.map { .text($0) } ?? .missing),
      ConfigurationEntry("time_zone", timeZone.map { .text($0.name) } ?? .missing),
      ConfigurationEntry("from", time(timeRange?.from)),
      ConfigurationEntry("to", time(timeRange?.to)),
    ]
  }

  private func time(_ value: Int64?) -> ConfigurationEntry.Value {
    value.map { .text(Timestamp(nanoseconds: $0).rfc3339) } ?? .missing
  }

  private func seconds(_ value: Int64?) -> ConfigurationEntry.Value {
    value.map { .number($0) } ?? .missing
  }
}
