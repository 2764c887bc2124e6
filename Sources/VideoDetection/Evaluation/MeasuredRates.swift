// SPDX-License-Identifier: Apache-2.0

/// How often the verdicts of this build are right, as its laboratory measured it.
///
/// `Samples/Laboratory/rates.py` writes `Tables/measured-rates.tsv` from what `lenstrace evaluate`
/// says of the laboratory's final part, `Scripts/make-detection-tables` embeds it.
public struct MeasuredRates: Sendable {
  /// Verdicts on one kind of traffic under one condition.
  public struct Row: Sendable {
    /// What was done to the captures: `as recorded`, or how they were made worse.
    public var condition: String
    /// The kind of traffic.
    public var kind: CaptureLabel.Kind
    /// Families of traffic of that kind.
    public var families: Int
    /// Counts of verdicts.
    public var counts: Evaluation.Row
  }

  /// The rates of this build.
  public static let shared = MeasuredRates("\(measuredRatesTable)")

  /// The condition of captures that nothing was done to.
  static let plainCondition = "as recorded"

  /// SHA-256 of the thresholds that they were measured with.
  public private(set) var thresholdsDigest = ""
  /// The rows, in order of conditions.
  public private(set) var rows: [Row] = []

  /// Reads a table: lines with tabs below a header line, the digest in a comment.
  init(_ table: String) {
    for line in table.split(separator: "\n") {
      if line.hasPrefix("#") {
        let words = line.split(separator: " ")
        if words.dropLast().last == "thresholds" { thresholdsDigest = String(words.last ?? "") }
        continue
      }
      let cells = line.split(separator: "\t", omittingEmptySubsequences: false)
      guard cells.count == 3 + VideoVerdict.allCases.count,
        let kind = CaptureLabel.Kind(rawValue: String(cells[1])), let families = Int(cells[2])
      else { continue }
      var counts = Evaluation.Row(name: kind.rawValue)
      for (verdict, cell) in zip(VideoVerdict.allCases, cells.dropFirst(3)) {
        for _ in 0..<(Int(cell) ?? 0) { counts.add(verdict) }
      }
      rows.append(
        Row(condition: String(cells[0]), kind: kind, families: families, counts: counts))
    }
  }

  private func row(_ kind: CaptureLabel.Kind) -> Row? {
    rows.first { $0.kind == kind && $0.condition == Self.plainCondition }
  }

  /// Look-alikes judged.
  public var lookAlikes: Int { row(.lookAlike)?.counts.total ?? 0 }

  /// Upper end of the 95 % interval of the share of look-alikes called likely.
  public var falseLikelyBound: Double {
    row(.lookAlike)?.counts.interval(atLeast: .likely).upperBound ?? 1
  }

  /// The table in words: the captures as they were recorded.
  public var text: String {
    let plain = rows.filter { $0.condition == Self.plainCondition }
    let corpus = plain.map { row in
      "\(row.counts.total) \(Self.name(row.kind)) of \(row.families) "
        + (row.families == 1 ? "family" : "families")
    }
    let shares = plain.map { row in
      let verdicts: [VideoVerdict] = row.kind == .clip ? [.possible] : [.possible, .likely]
      return Self.name(row.kind) + " "
        + verdicts.map { Self.share(row.counts, atLeast: $0) }.joined(separator: ", ")
    }
    return "Error rates of the rhythm alone, measured for this build in a laboratory (real "
      + "programs, packet headers only, a part that no threshold was chosen with: "
      + corpus.joined(separator: ", ") + "; in brackets 95 % intervals): "
      + shares.joined(separator: "; ") + "."
  }

  /// The table in words: the same captures made worse, and what the laboratory lacks.
  public var reservations: String {
    let worse = rows.filter { $0.condition != Self.plainCondition && $0.kind == .live }
    let shares = worse.map { "\($0.condition) " + Self.share($0.counts, atLeast: .possible) }
    return (shares.isEmpty ? "" : "Live streams " + shares.joined(separator: "; ") + ". ")
      + "Scenes and pacing of the laboratory were synthetic, no camera's own software took part, "
      + "and most look-alikes drew their sizes at random: rates elsewhere differ."
  }

  private static func name(_ kind: CaptureLabel.Kind) -> String {
    switch kind {
    case .live: "live streams"
    case .clip: "uploaders of clips"
    case .lookAlike: "look-alikes"
    case .grey: "streams of unknown nature"
    }
  }

  private static func share(_ row: Evaluation.Row, atLeast verdict: VideoVerdict) -> String {
    let interval = row.interval(atLeast: verdict)
    func percent(_ share: Double) -> String { NumberText.decimal(share * 100, 1) }
    return (verdict == .possible ? "at least possible " : "likely ")
      + "\(row.count(atLeast: verdict)) of \(row.total), "
      + percent(row.share(atLeast: verdict)) + " % [" + percent(interval.lowerBound) + ", "
      + percent(interval.upperBound) + "]"
  }
}
