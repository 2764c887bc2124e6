// SPDX-License-Identifier: Apache-2.0

internal import LensTrace

/// Notes on standard error about times that no input covers, or several do.
enum CoverageNotes {
  /// Most gaps, and most overlaps, that are told one by one.
  private static let maximumNotes = 5

  /// Tells of the inputs of an analysis.
  static func show(_ files: [CaptureFacts]) {
    let coverage = CaptureCoverage(files)
    show(coverage.gaps, files) { "no packets for \($0) between \($1) and \($2)" }
    show(coverage.overlaps, files) { "\($1) and \($2) overlap for \($0) and were merged by time" }
  }

  private static func show(
    _ stretches: [CaptureCoverage.Stretch], _ files: [CaptureFacts],
    _ text: (String, String, String) -> String
  ) {
    for stretch in stretches.prefix(maximumNotes) {
      let milliseconds =
        stretch.to.subtractingReportingOverflow(stretch.from).partialValue / 1_000_000
      Terminal.note(
        text(
          "\(Double(milliseconds) / 1_000) s", files[stretch.firstFile].path,
          files[stretch.secondFile].path))
    }
    if stretches.count > maximumNotes {
      Terminal.note("and \(stretches.count - maximumNotes) more such times")
    }
  }
}
