// SPDX-License-Identifier: Apache-2.0

internal import ArgumentParser
internal import LensTrace

/// Exit statuses as documented (those of sysexits.h where there is one).
enum Status {
  /// Findings at or above `--fail-on`.
  static let findings: Int32 = 1
  /// Wrong options or arguments.
  static let usage: Int32 = 64
  /// No usable data.
  static let noData: Int32 = 65
  /// A file cannot be opened.
  static let cannotOpen: Int32 = 66
  /// A result cannot be written.
  static let cannotWrite: Int32 = 73
  /// Interrupted; what was written is partial.
  static let interrupted: Int32 = 130
}

/// Errors in words and exit statuses.
enum Failure {
  /// Prints an error and ends the process with its status.
  static func exit(_ error: any Error, from command: any ParsableCommand.Type) -> Never {
    guard let (message, status) = described(error) else {
      exitAsParser(error, from: command)
    }
    if error is FilterError {
      // The second and third line point at the place.
      Terminal.error(lines: message)
    } else {
      Terminal.error(message)
    }
    command.exit(withError: ExitCode(status))
  }

  /// Prints an error of the argument parser and ends the process with its status.
  ///
  /// The parser itself knows of a subcommand that is run no longer whose it is, and would name
  /// `analyze --help`, which is no command.
  private static func exitAsParser(
    _ error: any Error, from command: any ParsableCommand.Type
  ) -> Never {
    guard error is ValidationError, let name = LensTraceCommand.fullName(of: command) else {
      command.exit(withError: error)
    }
    let message = command.message(for: error)
    Terminal.error(lines: "\(message)\nSee '\(name) --help' for more information.")
    command.exit(withError: ExitCode(command.exitCode(for: error).rawValue))
  }

  /// The status that an error ends the process with.
  static func status(of error: any Error) -> Int32 {
    if let code = error as? ExitCode { return code.rawValue }
    return described(error)?.status ?? Status.usage
  }

  /// Message and status of an error of the library; `nil` for those of the argument parser.
  static func described(_ error: any Error) -> (message: String, status: Int32)? {
    switch error {
    case let error as CaptureError: (error.description, status(of: error))
    case let error as GeoIPError: (error.description, status(of: error))
    case let error as FilterError: (error.description, Status.usage)
    case let error as LabelError: (error.description, Status.noData)
    case let error as SavedAnalysisError: (error.description, Status.noData)
    case let error as ReportError: (error.description, Status.cannotWrite)
    case is CancellationError: ("interrupted; nothing was written", Status.interrupted)
    default: nil
    }
  }

  /// Status of an input that could not be read.
  static func status(of error: CaptureError) -> Int32 {
    switch error.kind {
    case .cannotOpen: Status.cannotOpen
    case .cannotRead, .notCapture, .compressionLeftOut, .changed: Status.noData
    case .cannotWrite: Status.cannotWrite
    case .usage: Status.usage
    }
  }

  private static func status(of error: GeoIPError) -> Int32 {
    switch error.kind {
    case .cannotOpen: Status.cannotOpen
    case .invalidOption: Status.usage
    default: Status.noData
    }
  }
}
