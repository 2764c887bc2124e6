// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

/// Asks a running analysis to end early, from any thread or a signal handler.
///
/// The analysis then covers what was read so far and says so (`Analysis.isComplete` is `false`).
public final class StopSignal: Sendable {
  private let flag = Atomic(false)

  /// Makes a signal that was not given yet.
  public init() {}

  /// Ends the analysis as soon as the packets read so far are tracked.
  public func stop() { flag.store(true, ordering: .releasing) }

  /// Whether `stop()` was called.
  public var isStopped: Bool { flag.load(ordering: .acquiring) }
}
