// SPDX-License-Identifier: Apache-2.0

import Foundation
import Testing

/// The built tool, run as a user runs it.
enum Tool {
  /// What one run gave.
  struct Run {
    var status: Int32
    var output: String
    var errors: String
    /// Standard output as it came.
    var bytes: Data
  }

  /// The project's folder.
  static let project = URL(filePath: #filePath).deletingLastPathComponent()
    .deletingLastPathComponent().deletingLastPathComponent()

  /// The tool lies beside the test bundle.
  static let executable: URL? = {
    var candidates: [URL] = []
    for argument in CommandLine.arguments {
      // `swift test` starts a runner that names the bundle, or is the bundle itself.
      var folder = URL(filePath: argument).deletingLastPathComponent()
      for _ in 0..<4 {
        candidates.append(folder.appending(path: "lenstrace"))
        folder.deleteLastPathComponent()
      }
    }
    candidates.append(project.appending(path: ".build/debug/lenstrace"))
    return candidates.first { FileManager.default.isExecutableFile(atPath: $0.path) }
  }()

  /// Runs `lenstrace` in the folder of the samples, with another zone and locale than the tests'.
  ///
  /// `openFiles` is the number of files that it may have open at once; `interruptedAfter` so many
  /// seconds it is told to stop, as by Control-C.
  static func run(
    _ arguments: [String], in folder: URL = project.appending(path: "Samples"),
    openFiles: Int? = nil, interruptedAfter: Double? = nil,
    environment: [String: String] = ["TZ": "Asia/Shanghai", "LANG": "de_DE.UTF-8"]
  ) throws -> Run {
    let executable = try #require(executable, "the tool was not built beside the tests")
    // Files instead of pipes: no reader is needed while the tool writes.
    let files = FileManager.default.temporaryDirectory
    let name = UUID().uuidString
    let output = files.appending(path: "\(name).out")
    let errors = files.appending(path: "\(name).err")
    for file in [output, errors] {
      _ = FileManager.default.createFile(atPath: file.path, contents: nil)
    }
    defer { for file in [output, errors] { try? FileManager.default.removeItem(at: file) } }
    let process = Process()
    if let openFiles {
      process.executableURL = URL(filePath: "/bin/sh")
      process.arguments =
        ["-c", "ulimit -n \(openFiles) && exec \"$0\" \"$@\"", executable.path] + arguments
    } else {
      process.executableURL = executable
      process.arguments = arguments
    }
    process.currentDirectoryURL = folder
    process.environment = environment.merging(["PATH": "/usr/bin:/bin"]) { own, _ in own }
    // How a tool that is built with a sanitizer ends (`Scripts/test-threads`).
    process.environment?["TSAN_OPTIONS"] = ProcessInfo.processInfo.environment["TSAN_OPTIONS"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = try FileHandle(forWritingTo: output)
    process.standardError = try FileHandle(forWritingTo: errors)
    try process.run()
    if let interruptedAfter {
      Thread.sleep(forTimeInterval: interruptedAfter)
      process.interrupt()
    }
    process.waitUntilExit()
    let status =
      process.terminationReason == .uncaughtSignal
      ? 128 + process.terminationStatus : process.terminationStatus
    let bytes = try Data(contentsOf: output)
    return Run(
      status: status, output: String(decoding: bytes, as: UTF8.self),
      errors: String(decoding: try Data(contentsOf: errors), as: UTF8.self), bytes: bytes)
  }

  /// A folder of its own, removed afterwards.
  static func withFolder(_ body: (URL) throws -> Void) throws {
    let folder = FileManager.default.temporaryDirectory.appending(
      path: "lenstrace-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    try body(folder)
  }
}
