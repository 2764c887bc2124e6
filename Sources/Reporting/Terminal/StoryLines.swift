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
    let title =
      switch story.kind {
      case .chain: "destinations used in turn"
      case .coincidence: "devices began together"
      case .commonOperator: "several devices to one operator"
      }
    let count = story.findings.count
    var lines = [
      "  " + style.severity(story.severity, style.bold(level))
        + "  \(story.id)  \(title), \(count) finding\(count == 1 ? "" : "s")"
    ]
    lines += style.wrap(TerminalText.escaped(story.text, columns: 1_600), indent: 4)
    for fact in story.facts {
      var text = "+ "
      if let time = fact.time { text += "\(Timestamp(nanoseconds: time).secondsText) UTC " }
      text += TerminalText.escaped(fact.text, columns: 500)
      lines += style.wrap(text + report.frames(fact.packets), indent: 4, hanging: 6)
    }
    let shown = story.findings.prefix(8).joined(separator: ", ")
    let more = count > 8 ? " and \(count - 8) more" : ""
    lines += style.wrap("findings: \(shown)\(more)", indent: 4, hanging: 6)
    lines.append("")
    return lines
  }
}
