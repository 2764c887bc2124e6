// SPDX-License-Identifier: Apache-2.0

/// How verdicts compare with labels.
public struct Evaluation: Sendable {
  /// One label and the verdict on its flows.
  public struct Case: Sendable {
    /// The label.
    public var label: CaptureLabel
    /// The strongest verdict on its flows; `nil` where the capture could not be analysed or has no
    /// such flow.
    public var verdict: VideoVerdict?

    /// Makes a case.
    public init(label: CaptureLabel, verdict: VideoVerdict?) {
      self.label = label
      self.verdict = verdict
    }
  }

  /// Counts of verdicts in a class.
  public struct Row: Sendable {
    /// Name of the class or family.
    public var name: String
    /// Cases with each verdict.
    public var counts: [VideoVerdict: Int] = [:]
    /// All cases.
    public var total = 0

    /// Cases with a verdict or a stronger one.
    public func count(atLeast verdict: VideoVerdict) -> Int {
      VideoVerdict.allCases.filter { $0 >= verdict }.reduce(0) { $0 + (counts[$1] ?? 0) }
    }

    /// Their share.
    public func share(atLeast verdict: VideoVerdict) -> Double {
      total > 0 ? Double(count(atLeast: verdict)) / Double(total) : 0
    }

    /// The 95 % interval of that share.
    public func interval(atLeast verdict: VideoVerdict) -> ClosedRange<Double> {
      ClopperPearson.interval(count(atLeast: verdict), of: total)
    }

    mutating func add(_ verdict: VideoVerdict) {
      counts[verdict, default: 0] += 1
      total += 1
    }
  }

  /// All cases, in order of the labels.
  public var cases: [Case]

  /// Makes an evaluation.
  public init(_ cases: [Case]) { self.cases = cases }

  /// Cases with a verdict.
  public var judged: [Case] { cases.filter { $0.verdict != nil } }

  /// Labels without a verdict.
  public var missing: [CaptureLabel] { cases.filter { $0.verdict == nil }.map(\.label) }

  /// One row a kind.
  public var kinds: [Row] {
    CaptureLabel.Kind.allCases.map { kind in row(kind.rawValue) { $0.kind == kind } }
      .filter { $0.total > 0 }
  }

  /// One row a family of a kind, in order of names.
  public func families(_ kind: CaptureLabel.Kind) -> [Row] {
    let names = Set(judged.filter { $0.label.kind == kind }.map(\.label.family)).sorted()
    return names.map { name in row(name) { $0.kind == kind && $0.family == name } }
  }

  /// Live video and clips that were not found.
  public var misses: [Case] {
    judged.filter {
      ($0.label.kind == .live || $0.label.kind == .clip) && ($0.verdict ?? .certain) < .possible
    }
  }

  /// Look-alikes that were taken for video, the surest first.
  public var falseAlarms: [Case] {
    let wrong = judged.filter {
      $0.label.kind == .lookAlike && ($0.verdict ?? .notAssessed) >= .possible
    }
    return wrong.enumerated().sorted {
      let (a, b) = ($0.element.verdict?.strength ?? 0, $1.element.verdict?.strength ?? 0)
      return a != b ? a > b : $0.offset < $1.offset
    }.map(\.element)
  }

  private func row(_ name: String, where fits: (CaptureLabel) -> Bool) -> Row {
    judged.reduce(into: Row(name: name)) { row, entry in
      if fits(entry.label), let verdict = entry.verdict { row.add(verdict) }
    }
  }
}
