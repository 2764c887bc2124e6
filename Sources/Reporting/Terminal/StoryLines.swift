// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import PacketDecoding

/// One story in words, with what was measured.
struct StoryLines {
  private let story: Story
  private let report: TextReport

  init(_ story: Story, _ report: TextReport) {
    self.story = story
    self.report = report
  }

  func lines() -> [String] {
    let style = report.style
    let level = story.severity.rawValue.uppercased()
    let count = story.findings.count
    var lines = [
      "  " + style.severity(story.severity, style.bold(level))
        + "  \(story.id)  \(story.kind.words), \(count) finding\(count == 1 ? "" : "s")"
    ]
    lines += style.wrap(TerminalText.escaped(story.textBesideFacts, columns: 1_600), indent: 4)
    for fact in story.facts {
      var text = "+ "
      if let time = fact.time { text += report.analysis.clock.text(time) + ": " }
      text += TerminalText.escaped(fact.text, columns: 500)
      lines += style.wrap(text + report.frames(fact.packets), indent: 4, hanging: 6)
    }
    let shown = story.findings.prefix(8).joined(separator: ", ")
    let more = count > 8 ? " and \(count - 8) more" : ""
    lines += style.wrap("findings: \(shown)\(more)", indent: 4, hanging: 6)
    return lines
  }
}

extension Story.Kind {
  /// What joins the findings, in words.
  var words: String {
    switch self {
    case .chain: "destinations used in turn"
    case .coincidence: "devices began together"
    case .commonOperator: "several devices to one operator"
    }
  }
}

extension Story {
  /// One line: what joins how many findings of how many devices.
  var outline: String {
    func count(_ number: Int, _ noun: String) -> String {
      "\(number) \(noun)\(number == 1 ? "" : "s")"
    }
    return "\(kind.words), \(count(devices.count, "device")), "
      + "\(count(findings.count, "finding")), \(Quantity.bytes(bytes)), severity "
      + severity.rawValue
  }

  /// The text without the facts, where they stand beside it.
  var textBesideFacts: String {
    facts.reduce(text) { $0.replacing("; \($1.text)", with: "") }
  }
}
