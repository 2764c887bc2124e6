// SPDX-License-Identifier: Apache-2.0

public import CaptureFile
internal import PacketDecoding

/// `lenstrace info` for people, and the inputs of a report.
public struct CaptureFactsText {
  private let facts: CaptureFacts
  private let index: Int
  private let style: TerminalStyle

  /// Places of damage and comments shown; the JSON has the rest.
  static let maximumNotes = 8

  init(_ facts: CaptureFacts, _ index: Int, _ style: TerminalStyle) {
    self.facts = facts
    self.index = index
    self.style = style
  }

  /// Writes the facts of several files.
  public static func write(_ files: [CaptureFacts], style: TerminalStyle, to sink: ReportSink) {
    for (index, facts) in files.enumerated() {
      if index > 0 { sink.write("\n") }
      for line in CaptureFactsText(facts, index, style).lines() {
        sink.write(line)
        sink.write("\n")
      }
    }
    for line in coverage(CaptureCoverage(files), files, style) {
      sink.write(line)
      sink.write("\n")
    }
  }

  /// Times that no file covers, or several do.
  private static func coverage(
    _ coverage: CaptureCoverage, _ files: [CaptureFacts], _ style: TerminalStyle
  ) -> [String] {
    guard !coverage.gaps.isEmpty || !coverage.overlaps.isEmpty else { return [] }
    var lines = ["", style.bold("between the files")]
    func show(_ name: String, _ stretches: [CaptureCoverage.Stretch], _ joint: String) {
      for stretch in stretches.prefix(maximumNotes) {
        let seconds = (Double(stretch.to) - Double(stretch.from)) / 1e9
        let text =
          "\(Quantity.duration(seconds)) from \(Timestamp(nanoseconds: stretch.from).rfc3339) to "
          + "\(Timestamp(nanoseconds: stretch.to).rfc3339), \(joint) "
          + TerminalText.escaped(files[stretch.firstFile].path) + " and "
          + TerminalText.escaped(files[stretch.secondFile].path)
        lines += style.row(name, text, nameColumns: 20)
      }
      if stretches.count > maximumNotes {
        lines += style.row("", "and \(stretches.count - maximumNotes) more", nameColumns: 20)
      }
    }
    show("no packets", coverage.gaps, "between")
    show("overlap", coverage.overlaps, "in both")
    return lines
  }

  /// Name, size, time and hash; and damage, which nobody may miss.
  func shortLines() -> [String] {
    var lines = style.wrap("\(index)  \(summary)", indent: 2, hanging: 5)
    if let digest = facts.sha256 { lines.append(style.dim("     sha256 \(digest)")) }
    return lines + damage(indent: 5)
  }

  private var summary: String {
    var text = "\(TerminalText.escaped(facts.path)): \(facts.format.rawValue)"
    if facts.compression != .none { text += " in \(facts.compression.rawValue)" }
    text += ", \(Quantity.bytes(facts.bytes)), \(DecimalText.grouped(facts.packets)) packets"
    if let first = facts.firstTime {
      text += ", from \(Timestamp(nanoseconds: first).secondsText) UTC"
    }
    return text
  }

  /// Everything of one file.
  private func lines() -> [String] {
    var lines = [style.bold(TerminalText.escaped(facts.path))]
    func row(_ name: String, _ value: String?) {
      guard let value else { return }
      lines += style.row(name, value, nameColumns: 20)
    }
    row(
      "format", facts.format.rawValue + (facts.sections > 1 ? ", \(facts.sections) sections" : ""))
    row("compression", facts.compression == .none ? nil : facts.compression.rawValue)
    row("size", "\(DecimalText.grouped(facts.bytes)) bytes")
    if facts.compression != .none {
      row("uncompressed", "\(DecimalText.grouped(facts.uncompressedBytes)) bytes")
    }
    row("sha256", facts.sha256 ?? "not computed")
    row("packets", DecimalText.grouped(facts.packets))
    row("bytes on the wire", DecimalText.grouped(facts.wireBytes))
    row("bytes captured", DecimalText.grouped(facts.capturedBytes))
    row("first packet", facts.firstTime.map { Timestamp(nanoseconds: $0).rfc3339 } ?? "none")
    row("last packet", facts.lastTime.map { Timestamp(nanoseconds: $0).rfc3339 })
    if let first = facts.firstTime, let last = facts.lastTime {
      row("duration", Quantity.duration((Double(last) - Double(first)) / 1e9))
    }
    row(
      "out of order",
      facts.outOfOrder == 0 ? nil : "\(DecimalText.grouped(facts.outOfOrder)) records")
    row(
      "without a time",
      facts.untimedPackets == 0
        ? nil
        : "\(DecimalText.grouped(facts.untimedPackets)) packets; they have the time of the one before "
          + "them, or 1970")
    row(
      "cut by snap length",
      facts.truncatedPackets == 0
        ? nil : "\(DecimalText.grouped(facts.truncatedPackets)) packets are stored in part only")
    for interface in facts.interfaces.prefix(Self.maximumNotes) {
      row("interface \(interface.id)", text(of: interface))
    }
    if facts.interfaces.count > Self.maximumNotes {
      row("", "and \(facts.interfaces.count - Self.maximumNotes) more interfaces")
    }
    for writer in facts.writers.prefix(Self.maximumNotes) {
      row("written by", TerminalText.escaped(writer, columns: 200))
    }
    for comment in facts.comments.prefix(Self.maximumNotes) {
      row("comment", TerminalText.escaped(comment, columns: 200))
    }
    if facts.commentCount > UInt64(Self.maximumNotes) {
      row("", "and \(facts.commentCount - UInt64(Self.maximumNotes)) more comments")
    }
    row("resolved names", facts.names.isEmpty ? nil : "\(facts.names.count)")
    row(
      "decryption secrets",
      facts.decryptionSecrets == 0 ? nil : "\(facts.decryptionSecrets) blocks, never shown")
    row("unknown blocks", facts.unknownBlocks == 0 ? nil : "\(facts.unknownBlocks)")
    return lines + damage(indent: 2)
  }

  private func text(of interface: CaptureInterface) -> String {
    var parts: [String] = []
    if let name = interface.name { parts.append(TerminalText.escaped(name)) }
    let isDecoded = LinkLayers.isDecoded(interface.linkType.rawValue)
    parts.append("link type \(interface.linkType.rawValue)\(isDecoded ? "" : " (not decoded)")")
    parts.append(
      interface.snapLength == 0 ? "no snap length" : "snap length \(interface.snapLength)")
    parts.append("\(DecimalText.grouped(interface.timestampResolution)) ticks/s")
    parts.append("\(DecimalText.grouped(interface.packets)) packets")
    parts.append(interface.dropped.map { "\($0) dropped" } ?? "drops not stated")
    if let filter = interface.filter { parts.append("filter \(TerminalText.escaped(filter))") }
    return parts.joined(separator: ", ")
  }

  private func damage(indent: Int) -> [String] {
    var lines: [String] = []
    for damage in facts.damage.prefix(Self.maximumNotes) {
      let reason = damage.reason.rawValue.split(separator: "_").joined(separator: " ")
      lines += style.wrap(
        "damage at offset \(damage.offset): \(reason), \(damage.bytesSkipped) bytes skipped",
        indent: indent, hanging: indent + 2)
    }
    if facts.damageCount > UInt64(Self.maximumNotes) {
      let more = facts.damageCount - UInt64(Self.maximumNotes)
      lines.append(String(repeating: " ", count: indent) + "and \(more) more damaged places")
    }
    return lines
  }
}
