// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// One place that results are written to.
struct OutputTarget {
  /// Name of the format.
  var format: String
  /// Path of the file; `nil` is standard output.
  var path: String?

  /// Reads `[FORMAT:]PATH`; `-` is standard output.
  init(_ text: String, formats: [String]) throws {
    if let colon = text.firstIndex(of: ":"), formats.contains(String(text[..<colon])) {
      format = String(text[..<colon])
      let rest = String(text[text.index(after: colon)...])
      path = rest == "-" ? nil : rest
      return
    }
    guard let found = Self.format(ofPath: text, among: formats) else {
      throw ValidationError(
        "--output: the format of \"\(text)\" cannot be told from its name; write FORMAT:PATH "
          + "with one of \(formats.joined(separator: ", "))")
    }
    format = found
    path = text
  }

  init(format: String, path: String?) {
    self.format = format
    self.path = path
  }

  /// The format that the ending of a path stands for among those of a command.
  private static func format(ofPath path: String, among formats: [String]) -> String? {
    guard let dot = path.lastIndex(of: ".") else { return nil }
    let ending = path[path.index(after: dot)...].lowercased()
    let names = ["txt": "text", "jsonl": "ndjson", "htm": "html", "db": "sqlite"]
    let name = names[ending] ?? ending
    return formats.contains(name) ? name : nil
  }
}

/// Everything that is written after one pass.
struct OutputPlan {
  var targets: [OutputTarget]
  var options: OutputOptions
  private var inputs: [String] = []

  /// Understands the options; `formats` are those of the command, `standard` its usual one.
  init(
    _ options: OutputOptions, format: String?, standard: String, formats: [String]
  ) throws {
    if let format, !formats.contains(format) {
      throw ValidationError(
        "--format: \"\(format)\" is none of \(formats.joined(separator: ", "))")
    }
    self.options = options
    targets = try options.output.map { try OutputTarget($0, formats: formats) }
    if targets.isEmpty || format != nil {
      targets.insert(OutputTarget(format: format ?? standard, path: nil), at: 0)
    }
    guard targets.filter({ $0.path == nil }).count <= 1 else {
      throw ValidationError("standard output can hold one result only")
    }
    var seen: Set<String> = []
    for path in targets.compactMap(\.path) {
      guard seen.insert(ReportFile.place(of: path)).inserted else {
        throw ValidationError("--output: \"\(path)\" is named twice")
      }
    }
  }

  /// Checks every place before the work begins; none may be one of `inputs`.
  mutating func protect(_ inputs: [String]) throws {
    self.inputs = inputs
    if targets.contains(where: { $0.path == nil }) {
      try ReportFile.check(
        descriptor: Terminal.output, name: "standard output", inputs: inputs)
    }
    for path in targets.compactMap(\.path) {
      try RunLog.protect(from: path, option: "--output")
      try ReportFile.check(path, overwrites: options.force, inputs: inputs)
    }
  }

  /// Writes every target.
  func write(_ body: (String, TerminalStyle, ReportSink) throws -> Void) throws {
    for target in targets {
      guard let path = target.path else {
        let sink = ReportSink(descriptor: Terminal.output, name: "standard output")
        try body(target.format, options.style(), sink)
        try sink.finish()
        continue
      }
      let file = try ReportFile(path, overwrites: options.force, inputs: inputs)
      try body(target.format, options.style(isFile: true), file.sink)
      try file.commit()
    }
  }
}
