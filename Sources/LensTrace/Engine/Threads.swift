// SPDX-License-Identifier: Apache-2.0

internal import Synchronization

#if canImport(Darwin)
internal import Darwin
#else
internal import Glibc
#endif

/// A lock with a condition, on which the engine's own threads wait for work.
///
/// The standard library has no condition variable, and the threads must not be those of Swift's
/// cooperative pool: they block on files. The two pointers never change, and what they point at is
/// made for several threads, hence `Sendable`.
@safe final class Monitor: @unchecked Sendable {
  private let mutex: UnsafeMutablePointer<pthread_mutex_t>
  private let condition: UnsafeMutablePointer<pthread_cond_t>

  init() {
    unsafe mutex = .allocate(capacity: 1)
    unsafe condition = .allocate(capacity: 1)
    unsafe pthread_mutex_init(mutex, nil)
    unsafe pthread_cond_init(condition, nil)
  }

  deinit {
    unsafe pthread_cond_destroy(condition)
    unsafe pthread_mutex_destroy(mutex)
    unsafe condition.deallocate()
    unsafe mutex.deallocate()
  }

  func lock() { unsafe pthread_mutex_lock(mutex) }

  func unlock() { unsafe pthread_mutex_unlock(mutex) }

  /// Gives the lock up until another thread calls `wakeAll()`.
  func wait() { unsafe pthread_cond_wait(condition, mutex) }

  /// Wakes all threads that wait.
  func wakeAll() { unsafe pthread_cond_broadcast(condition) }
}

/// How many threads the machine runs at once.
enum ProcessorCount {
  /// Processors on line, at least 1.
  static var current: Int { max(1, sysconf(Int32(_SC_NPROCESSORS_ONLN))) }
}

extension Analyzer.Configuration {
  /// Threads that do the work.
  var threadCount: Int { jobs > 0 ? jobs : ProcessorCount.current }
}

/// Threads of the engine's own that all run the same work.
struct WorkerThreads: ~Copyable {
  private final class Work: Sendable {
    let body: @Sendable () -> Void
    init(_ body: @escaping @Sendable () -> Void) { self.body = body }
  }

  private var threads: [pthread_t] = []

  /// Starts `count` threads.
  ///
  /// A thread that cannot be had makes the run slower, never wrong.
  init(_ count: Int, _ body: @escaping @Sendable () -> Void) {
    for _ in 0..<max(count, 0) {
      let work = unsafe Unmanaged.passRetained(Work(body))
      #if canImport(Darwin)
      var thread: pthread_t?
      #else
      var thread = pthread_t()
      #endif
      let status = unsafe pthread_create(
        &thread, nil,
        { argument in
          #if canImport(Darwin)
          let work = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
          #else
          guard let argument = unsafe argument else { return nil }
          let work = unsafe Unmanaged<Work>.fromOpaque(argument).takeRetainedValue()
          #endif
          work.body()
          return nil
        }, unsafe work.toOpaque())
      guard status == 0 else {
        unsafe work.release()
        continue
      }
      #if canImport(Darwin)
      if let thread { threads.append(thread) }
      #else
      threads.append(thread)
      #endif
    }
  }

  deinit {
    for thread in threads { pthread_join(thread, nil) }
  }

  /// Waits until all have finished, as the end of the value's life does.
  consuming func join() {}
}

/// Independent pieces of work of the same kind, shared out among threads as they become free.
final class SharedWork<Value: Sendable>: Sendable {
  private let values: Mutex<[Value?]>
  private let next = Atomic(0)
  private let count: Int
  private let body: @Sendable (Int) -> Value

  private init(_ count: Int, _ body: @escaping @Sendable (Int) -> Value) {
    values = Mutex(Array(repeating: nil, count: count))
    self.count = count
    self.body = body
  }

  private func work() {
    while true {
      let index = next.wrappingAdd(1, ordering: .relaxed).oldValue
      guard index < count else { return }
      let value = body(index)
      values.withLock { $0[index] = value }
    }
  }

  /// The values of `body` for `0..<count`, in order, made by so many threads, the caller's among
  /// them.
  static func values(
    _ count: Int, threadCount: Int, _ body: @escaping @Sendable (Int) -> Value
  ) -> [Value] {
    let work = SharedWork(count, body)
    let helpers = WorkerThreads(min(threadCount, count) - 1) { work.work() }
    work.work()
    helpers.join()
    return work.values.withLock { $0.compactMap { $0 } }
  }
}
