// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// What the examiner says of the case; stored and printed as it is.
struct CaseOptions: ParsableArguments {
  @Option(
    name: .customLong("case"), help: ArgumentHelp("Number or name of the case.", valueName: "id"))
  var caseID: String?

  @Option(help: ArgumentHelp("Who makes the analysis.", valueName: "name"))
  var examiner: String?

  @Option(help: ArgumentHelp("Anything the report should say.", valueName: "text"))
  var note: String?

  /// The notes of a new analysis.
  var caseNotes: CaseNotes { CaseNotes(caseID: caseID, examiner: examiner, note: note) }

  /// Replaces what is given anew.
  func apply(to notes: inout CaseNotes) {
    if let caseID { notes.caseID = caseID }
    if let examiner { notes.examiner = examiner }
    if let note { notes.note = note }
  }
}
