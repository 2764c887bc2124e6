// SPDX-License-Identifier: Apache-2.0

internal import CaptureFile
internal import Exfiltration
internal import HostInventory
internal import VideoDetection

extension HTMLReport {
  func writeSummary() {
    let notes = analysis.caseNotes
    writer.element("header", ["id": "summary"]) {
      writer.element(
        "p", ["class": "kicker"],
        [
          "LensTrace report", notes.caseID.map { "case \($0)" },
          notes.examiner.map { "examiner \($0)" },
        ]
        .compactMap { $0 }.joined(separator: ", "))
      writer.element("h1", [:], Headline(analysis).text, limit: 1_200)
      if let note = notes.note { writer.element("p", [:], note, limit: .max) }
      if !analysis.isComplete {
        writer.element(
          "p", ["class": "alert"],
          "PARTIAL: the run was interrupted. What follows is not the whole capture.")
      }
      for input in analysis.unreadableInputs {
        writer.element("p", ["class": "alert"], "Not read: \(input.description)", limit: 600)
      }
      if findings.count < analysis.findings.count {
        writer.element(
          "p", ["class": "alert"],
          "\(findings.count) of \(analysis.findings.count) findings are shown: the rest was left "
            + "out on purpose (--select).")
      }
      writeTiles()
    }
    writer.markup("\n")
  }

  private func writeTiles() {
    writer.element("dl", ["class": "tiles"]) {
      let left = analysis.cameraVerdicts.filter { $0.outcome == .left }.count
      tile(
        "Cameras and recorders whose video left", "\(left) of \(analysis.cameraVerdicts.count)",
        blindNote)
      let abroad = findings.filter {
        $0.exposure.level >= .foreign && $0.video.verdict >= .likely
      }
      let outward = findings.filter {
        $0.exposure.level >= .outside && $0.video.verdict >= .likely
      }
      if analysis.isHomeDeclared {
        tile(
          "Video sent abroad", Quantity.bytes(abroad.reduce(0) { $0 &+ $1.bytes }),
          Self.list(abroad.compactMap(\.destination.country)))
      } else {
        tile(
          "Video sent outside", Quantity.bytes(outward.reduce(0) { $0 &+ $1.bytes }),
          "home is not declared")
      }
      let worst = findings.map(\.severity).max()
      tile(
        "Findings", "\(findings.count)",
        worst.map { severity in
          "\(findings.filter { $0.severity == severity }.count) of severity \(severity.rawValue)"
        } ?? "none")
      let capture = analysis.capture
      if let first = capture.firstTime, let last = capture.lastTime {
        let seconds = (Double(last) - Double(first)) / 1e9
        tile(
          "Time captured", Quantity.duration(seconds),
          "from \(analysis.clock.text(first))")
      }
      tile(
        "Traffic analysed", Quantity.bytes(capture.wireBytes),
        "\(DecimalText.grouped(capture.packets)) packets, "
          + "\(DecimalText.grouped(UInt64(analysis.flows.count))) flows")
      tile(
        "Capture files", "\(analysis.inputs.count)",
        analysis.inputs.allSatisfy { $0.sha256 != nil } ? "hashed with SHA-256" : "not all hashed")
    }
  }

  private var blindNote: String {
    let blind = analysis.cameraVerdicts.filter { $0.outcome == .cannotTell }.count
    return blind == 0 ? "" : "\(blind) cannot be judged"
  }

  private static func list(_ names: [String]) -> String {
    var seen: [String] = []
    for name in names where !seen.contains(name) { seen.append(name) }
    return seen.isEmpty ? "" : "to \(seen.prefix(6).joined(separator: ", "))"
  }

  private func tile(_ name: String, _ value: String, _ note: String) {
    writer.element("div", [:]) {
      writer.element("dt", [:], name)
      writer.element("dd", [:]) {
        writer.text(value)
        if !note.isEmpty { writer.element("small", [:], note) }
      }
    }
  }

  func writeCameras() {
    let verdicts = analysis.cameraVerdicts
    section(
      "cameras", "Cameras and recorders",
      "One answer for each device that is a camera or recorder. \"Cannot tell\" is no all-clear: the "
        + "capture could not have shown it."
    ) {
      guard !verdicts.isEmpty else {
        writer.element(
          "p", [:],
          "No device of the inside is known to be a camera or recorder. Declare one with --camera "
            + "ADDRESS if you know better.")
        return
      }
      table(
        [
          HTMLColumn("Verdict"), HTMLColumn("Device"), HTMLColumn("Why"), HTMLColumn("Observed"),
        ], caption: "\(verdicts.count) cameras and recorders"
      ) {
        for verdict in verdicts.prefix(Self.tableRows) {
          writer.element("tr", ["data-devices": verdict.device]) {
            writer.element("td", ["class": "key"]) {
              badge(verdict.outcome.rawValue, verdict.outcome.words)
            }
            cell(name(ofDevice: verdict.device))
            cell(verdict.text, limit: 700)
            cell(Self.scope(verdict.observed))
          }
        }
      }
      writeCut(Self.tableRows, of: verdicts.count, "cameras", "--format json")
    }
  }

  private static func scope(_ observed: CameraVerdict.Observed) -> String {
    var parts = [Quantity.duration(observed.secondsCovered)]
    parts.append(
      observed.directionSeen == .both
        ? "both directions" : "\(observed.directionSeen.rawValue) only")
    parts.append(
      observed.dropped.map { "\(DecimalText.grouped($0)) packets dropped at capture" }
        ?? "drops not stated")
    if observed.flowsNotAssessed > 0 {
      parts.append("\(observed.flowsNotAssessed) outbound flows not assessed")
    }
    return parts.joined(separator: ", ")
  }

  /// `D1 192.168.64.21 (hikvision camera)`.
  func name(ofDevice id: String?) -> String {
    guard let id else { return "" }
    guard let device = devices[id] else { return id }
    let role = device.roles.first.flatMap { $0.role == .unknown ? nil : $0.role.rawValue }
    let words = [device.vendor, role].compactMap { $0 }.joined(separator: " ")
    return id + (device.addresses.first.map { " \($0)" } ?? "")
      + (words.isEmpty ? "" : " (\(words))")
  }
}

extension CameraVerdict.Outcome {
  /// The answer in words.
  var words: String {
    switch self {
    case .left: "video left"
    case .consistent: "consistent with video leaving"
    case .noSign: "no sign"
    case .cannotTell: "cannot tell"
    }
  }
}

extension Exposure {
  /// How far it went, in words.
  var words: String {
    switch self {
    case .inside: "stayed inside"
    case .outside: "left the network"
    case .foreign: "went abroad"
    case .foreignSuspicious: "went abroad, hidden"
    case .foreignSustained: "went abroad, sustained"
    }
  }
}
