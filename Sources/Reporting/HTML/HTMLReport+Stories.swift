// SPDX-License-Identifier: Apache-2.0

internal import Exfiltration
internal import PacketDecoding

extension HTMLReport {
  /// Stories told in full at most.
  private static let maximumStories = 100
  /// Findings of a story that are named.
  private static let namedFindings = 60

  func writeStories() {
    guard !analysis.stories.isEmpty else { return }
    section(
      "stories", "Stories",
      "Findings that belong together. Each fact was measured; none of them is called a cause."
    ) {
      for story in analysis.stories.prefix(Self.maximumStories) { write(story) }
      writeCut(Self.maximumStories, of: analysis.stories.count, "stories", "--format json")
    }
  }

  private func write(_ story: Story) {
    let severity = story.severity.rawValue
    let words = story.kind.words
    writer.element(
      "article",
      [
        "class": "finding \(severity)", "id": story.id, "aria-labelledby": "\(story.id)-head",
        "data-devices": story.devices.joined(separator: " "),
      ]
    ) {
      writer.element("header", [:]) {
        badge(severity, severity)
        writer.element(
          "h3", ["id": "\(story.id)-head"], words.prefix(1).uppercased() + words.dropFirst())
        writer.element("span", ["class": "mono dim"], story.id)
      }
      writer.element("p", [:], story.textBesideFacts, limit: 1_600)
      writer.element("ul", ["class": "story"]) {
        for fact in story.facts {
          writer.element("li", [:]) {
            if let time = fact.time {
              writer.element("time", [:], analysis.clock.text(time))
              writer.markup(" ")
            }
            writer.text(fact.text, limit: 600)
            let packets = packets(fact.packets)
            if !packets.isEmpty {
              writer.markup(" ")
              writer.element("span", ["class": "dim"], "(\(packets))")
            }
          }
        }
      }
      writer.element("p", ["class": "dim"]) {
        writer.text("Findings: ")
        for (index, id) in story.findings.prefix(Self.namedFindings).enumerated() {
          if index > 0 { writer.text(", ") }
          // The script makes links of those that stand in the page in full.
          writer.element("span", ["class": "ref"], id)
        }
        if story.findings.count > Self.namedFindings {
          writer.text(" and \(story.findings.count - Self.namedFindings) more")
        }
      }
    }
    writer.markup("\n")
  }
}
