// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import PacketDecoding
internal import VideoDetection

/// Findings that say the same of several devices or times: what people read once.
struct FindingGroup {
  /// The first, which is shown in full.
  let first: Finding
  /// The others, in their order.
  private(set) var others: [Finding] = []

  /// All of them.
  var all: [Finding] { [first] + others }

  /// Groups findings; groups stand where their first stands, so that the worst stays first.
  ///
  /// - Complexity: O(*n*).
  static func groups(_ findings: [Finding]) -> [FindingGroup] {
    var places: [Kind: Int] = [:]
    var groups: [FindingGroup] = []
    for finding in findings {
      let kind = Kind(finding)
      if let place = places[kind] {
        groups[place].others.append(finding)
      } else {
        places[kind] = groups.count
        groups.append(FindingGroup(first: finding))
      }
    }
    return groups
  }

  /// What findings of a group share: how bad, where to, and by which kinds of evidence.
  private struct Kind: Hashable {
    var severity: Severity
    var verdict: VideoVerdict
    var exposure: Exposure
    var address: IPAddress
    var port: UInt16?
    var signals: [String]

    init(_ finding: Finding) {
      severity = finding.severity
      verdict = finding.video.verdict
      exposure = finding.exposure.level
      address = finding.destination.address
      port = finding.destination.port
      signals = (finding.video.reasons + finding.video.counterReasons).map(\.signal)
    }
  }
}
