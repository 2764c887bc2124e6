// SPDX-License-Identifier: Apache-2.0

internal import Attribution
package import FlowTracking
package import HostInventory
internal import PacketDecoding
package import VideoDetection

/// From flows, media and names to devices, verdicts, findings and what could not be seen.
///
/// ```swift
/// let result = Investigation(input).run(flows)
/// for finding in result.findings where finding.severity >= .high { print(finding.text) }
/// ```
package struct Investigation {
  /// What an investigation gives.
  package struct Result {
    /// Devices of the inside, `D1` first.
    package var devices: [Device]
    /// Media streams in order of flows.
    package var mediaStreams: [MediaStream]
    /// Findings, the worst first; of equals the one with more bytes, then the earlier.
    package var findings: [Finding]
    /// Findings that belong together, the worst first.
    package var stories: [Story]
    /// One for each camera and recorder, in order of devices.
    package var cameraVerdicts: [CameraVerdict]
    /// Addresses outside that were sent payload, the most bytes first.
    package var destinations: [DestinationSummary]
    /// What applies to this capture.
    package var limitations: [Limitation]
    /// Directions with evidence, or not assessable, in order of flows.
    package var assessments: [DirectionAssessment]
    /// The detector, for the verdict of any flow.
    package var detector: VideoDetector
    /// What recognition learnt, by flow.
    package var recognition: RecognitionIndex
  }

  private let input: InvestigationInput

  /// Prepares an investigation.
  package init(_ input: InvestigationInput) {
    self.input = input
  }

  /// Goes over all flows and judges.
  ///
  /// - Parameter flows: All flows; `flows[startIndex + n]` has the id `n + 1`.
  /// - Returns: Devices, verdicts, findings and limits.
  /// - Complexity: O(flows) with small constants; little is kept of flows without payload to the
  ///   outside, evidence or an inside host.
  package func run(_ flows: FlowCollection) -> Result {
    var survey = FlowSurvey(input, flows)
    survey.finishDetection()
    return Judgement(input, consume survey, flows).result()
  }
}
