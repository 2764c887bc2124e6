// SPDX-License-Identifier: Apache-2.0

internal import Attribution
package import FlowTracking
package import HostInventory
internal import PacketDecoding
package import ProtocolRecognition
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

  /// Goes once over all flows, in order of ids, and judges.
  ///
  /// - Parameters:
  ///   - flows: All flows; `flows[startIndex + n]` has the id `n + 1`.
  ///   - visit: Called for each flow in the same pass with what recognition learnt of it.
  /// - Returns: Devices, verdicts, findings and limits.
  /// - Complexity: O(flows) with small constants; nothing is kept of flows without payload to the
  ///   outside, evidence or an inside host.
  package func run<Flows: RandomAccessCollection>(
    _ flows: Flows, visit: (Flow, FlowRecognition?) -> Void = { _, _ in }
  ) -> Result where Flows.Element == Flow, Flows.Index == Int {
    let start = flows.startIndex
    return run(count: flows.count, flow: { flows[start + $0] }, visit: visit)
  }

  /// The same for flows that are made as they are asked for.
  ///
  /// Not generic, because a collection's subscript costs more than the survey of a flow where it
  /// is not specialised.
  ///
  /// - Parameters:
  ///   - count: Number of flows.
  ///   - flow: The flow at a position from 0; its id is one more.
  ///   - visit: Called for each flow in the same pass with what recognition learnt of it.
  /// - Returns: Devices, verdicts, findings and limits.
  package func run(
    count: Int, flow: (Int) -> Flow, visit: (Flow, FlowRecognition?) -> Void
  ) -> Result {
    var survey = FlowSurvey(input)
    for position in 0..<count {
      let flow = flow(position)
      let recognition = survey.recognition.recognition(at: flow.place)
      survey.add(flow, recognition)
      visit(flow, recognition)
    }
    survey.finishDetection { flow($0 - 1) }
    return withoutActuallyEscaping(flow) { flow in
      Judgement(input, survey) { flow($0 - 1) }.result()
    }
  }
}
