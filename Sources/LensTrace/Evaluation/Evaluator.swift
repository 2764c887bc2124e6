// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import FlowTracking
internal import PacketDecoding
internal import Reporting
public import VideoDetection

/// Compares verdicts with labels, capture by capture.
public struct Evaluator {
  /// How captures are analysed.
  public var configuration: Analyzer.Configuration

  /// Makes an evaluator.
  public init(_ configuration: Analyzer.Configuration = Analyzer.Configuration()) {
    self.configuration = configuration
    self.configuration.computesHashes = false
  }

  /// Reads a file of labels, compressed or not.
  ///
  /// - Throws: ``LabelError`` naming file and line, `CaptureError` where the file cannot be read.
  public static func labels(path: String) throws -> [CaptureLabel] {
    let source = try DecompressingSource(CaptureInput(path, name: path))
    var bytes: [UInt8] = []
    while bytes.count <= labelByteLimit, let block = source.next(byteCount: 1 << 16) {
      let span = block.bytes
      for index in span.indices { bytes.append(span[index]) }
    }
    guard bytes.count <= labelByteLimit else {
      throw LabelError(file: path, line: 0, reason: "no file of labels: larger than 64 MiB")
    }
    do {
      return try CaptureLabel.labels(in: String(decoding: bytes, as: UTF8.self))
    } catch {
      throw LabelError(file: path, line: error.line, reason: error.reason)
    }
  }

  /// Largest file of labels that is read, in bytes.
  private static let labelByteLimit = 64 << 20

  /// Analyses each labelled capture once.
  ///
  /// - Parameters:
  ///   - labels: What is true.
  ///   - places: Folders that hold the captures, or captures themselves.
  ///   - progress: Called before each capture with its path.
  /// - Returns: One case a label, in their order.
  public func evaluate(
    _ labels: [CaptureLabel], places: [String], progress: (String) -> Void = { _ in }
  ) -> Evaluation {
    var order: [String] = []
    var byCapture: [String: [Int]] = [:]
    for (index, label) in labels.enumerated() {
      if byCapture[label.capture] == nil { order.append(label.capture) }
      byCapture[label.capture, default: []].append(index)
    }
    var verdicts = [VideoVerdict?](repeating: nil, count: labels.count)
    for capture in order {
      progress(capture)
      guard let analysis = analysis(of: capture, places) else { continue }
      let indices = byCapture[capture] ?? []
      let named = indices.map { labels[$0].scope }.filter {
        if case .pair = $0 { true } else { false }
      }
      for index in indices {
        verdicts[index] = verdict(on: labels[index].scope, except: named, analysis)
      }
    }
    return Evaluation(
      zip(labels, verdicts).map { Evaluation.Case(label: $0, verdict: $1) })
  }

  private func analysis(of capture: String, _ places: [String]) -> Analysis? {
    for place in places {
      let paths = place.hasSuffix(capture) ? [place] : [place + "/" + capture]
      if let analysis = try? Analyzer(configuration).analyze(CaptureSet(paths)) {
        return analysis
      }
    }
    return nil
  }

  private func verdict(
    on scope: CaptureLabel.Scope, except named: [CaptureLabel.Scope], _ analysis: Analysis
  ) -> VideoVerdict? {
    var strongest: VideoVerdict?
    for flow in analysis.flows {
      switch scope {
      case .pair: guard scope.includes(flow) else { continue }
      case .all(let number):
        guard number == nil || flow.protocolNumber == number,
          !named.contains(where: { $0.includes(flow) })
        else { continue }
      }
      let verdict = analysis.flowLabels[flow.id].verdict
      strongest = max(strongest ?? verdict, verdict)
    }
    // A capture without flows holds no video.
    if case .all = scope { return strongest ?? .noEvidence }
    return strongest
  }
}

extension CaptureLabel.Scope {
  fileprivate func includes(_ flow: Flow) -> Bool {
    guard case .pair(let first, let firstPort, let second, let secondPort, let number) = self,
      flow.protocolNumber == number
    else { return false }
    let originator = (flow.originatorAddress, flow.originatorPort)
    let responder = (flow.responderAddress, flow.responderPort)
    return originator == (first, firstPort) && responder == (second, secondPort)
      || originator == (second, secondPort) && responder == (first, firstPort)
  }
}
