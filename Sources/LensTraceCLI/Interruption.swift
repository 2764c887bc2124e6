// SPDX-License-Identifier: Apache-2.0

internal import LensTrace
internal import Synchronization

#if canImport(Glibc)
internal import Glibc
#elseif canImport(Musl)
internal import Musl
#elseif canImport(Darwin)
internal import Darwin
#endif

/// Control-C: the first ends the run with a partial report, the second ends the process.
enum Interruption {
  /// The run that the signal stops; set once before the handler is.
  private static let current = Mutex<StopSignal?>(nil)
  private static let isAsked = Atomic(false)

  /// Lets SIGINT and SIGTERM stop the run.
  ///
  /// A thread of its own waits for the signals, so that nothing runs in a signal handler, where
  /// almost nothing is allowed.
  static func stopsRun(_ stop: StopSignal) {
    current.withLock { $0 = stop }
    guard !isAsked.exchange(true, ordering: .acquiringAndReleasing) else { return }
    var signals = sigset_t()
    _ = unsafe sigemptyset(&signals)
    _ = unsafe sigaddset(&signals, SIGINT)
    _ = unsafe sigaddset(&signals, SIGTERM)
    _ = unsafe pthread_sigmask(SIG_BLOCK, &signals, nil)
    var thread = pthread_t()
    _ = unsafe pthread_create(
      &thread, nil,
      { _ in
        Interruption.waitForSignals()
        return nil
      }, nil)
  }

  private static func waitForSignals() {
    var signals = sigset_t()
    _ = unsafe sigemptyset(&signals)
    _ = unsafe sigaddset(&signals, SIGINT)
    _ = unsafe sigaddset(&signals, SIGTERM)
    var number: Int32 = 0
    _ = unsafe sigwait(&signals, &number)
    current.withLock { $0?.stop() }
    _ = unsafe sigwait(&signals, &number)
    _exit(Status.interrupted)
  }
}
