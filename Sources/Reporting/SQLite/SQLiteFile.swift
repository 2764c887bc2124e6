// SPDX-License-Identifier: Apache-2.0

#if SQLite
internal import Csqlite3

/// A database that is being written: in a file, or in memory and handed out whole.
///
/// The only place that speaks to libsqlite3. The first failure is kept, as in ``ReportSink``.
@safe final class SQLiteFile {
  private let connection: OpaquePointer
  private(set) var failure: String?

  /// Opens an empty database at `path`, or in memory without one.
  init?(path: String?) {
    var opened: OpaquePointer?
    let flags = SQLITE_OPEN_READWRITE | SQLITE_OPEN_CREATE
    let status = unsafe sqlite3_open_v2(path ?? ":memory:", &opened, flags, nil)
    guard status == SQLITE_OK, let opened = unsafe opened else {
      _ = unsafe sqlite3_close_v2(opened)
      return nil
    }
    unsafe connection = opened
  }

  deinit { _ = unsafe sqlite3_close_v2(connection) }

  /// Runs statements without values.
  func run(_ statements: String) {
    guard failure == nil else { return }
    if unsafe sqlite3_exec(connection, statements, nil, nil, nil) != SQLITE_OK { fail() }
  }

  /// Adds rows to a table; `rows` calls its argument once for each.
  func insert(into table: StaticString, columns: Int, _ rows: (([SQLiteValue]) -> Void) -> Void) {
    guard failure == nil else { return }
    let marks = Array(repeating: "?", count: columns).joined(separator: ",")
    var statement: OpaquePointer?
    let status = unsafe sqlite3_prepare_v2(
      connection, "INSERT INTO \(table) VALUES (\(marks))", -1, &statement, nil)
    guard status == SQLITE_OK, let prepared = unsafe statement else { return fail() }
    defer { _ = unsafe sqlite3_finalize(prepared) }
    rows { values in
      guard failure == nil else { return }
      for (index, value) in values.enumerated() {
        unsafe Self.bind(value, at: Int32(index) + 1, of: prepared)
      }
      if unsafe sqlite3_step(prepared) != SQLITE_DONE { fail() }
      _ = unsafe sqlite3_reset(prepared)
    }
  }

  private static func bind(_ value: SQLiteValue, at index: Int32, of statement: OpaquePointer) {
    switch value {
    case .null: _ = unsafe sqlite3_bind_null(statement, index)
    case .integer(let number): _ = unsafe sqlite3_bind_int64(statement, index, number)
    case .real(let number): _ = unsafe sqlite3_bind_double(statement, index, number)
    case .text(let text):
      let bytes = Array(text.utf8CString)
      // SQLITE_TRANSIENT: SQLite copies the text before the call returns.
      let copies = unsafe unsafeBitCast(-1, to: sqlite3_destructor_type.self)
      _ = unsafe sqlite3_bind_text(
        statement, index, bytes, Int32(clamping: bytes.count - 1), copies)
    }
  }

  /// The whole database as a file would hold it.
  func bytes() -> [UInt8] {
    guard failure == nil else { return [] }
    var count: sqlite3_int64 = 0
    guard let memory = unsafe sqlite3_serialize(connection, "main", &count, 0) else {
      fail()
      return []
    }
    defer { unsafe sqlite3_free(memory) }
    return unsafe Array(UnsafeBufferPointer(start: memory, count: Int(clamping: count)))
  }

  private func fail() {
    guard failure == nil else { return }
    failure = unsafe String(cString: sqlite3_errmsg(connection))
  }
}
#endif

/// A value of a cell.
enum SQLiteValue {
  case null
  case integer(Int64)
  case real(Double)
  case text(String)

  init(_ text: String?) { self = text.map { .text($0) } ?? .null }
  init(_ number: UInt64?) { self = number.map { .integer(Int64(clamping: $0)) } ?? .null }
  init(_ number: Int?) { self = number.map { .integer(Int64($0)) } ?? .null }
  init(_ number: Double?) { self = number.flatMap { $0.isFinite ? .real($0) : nil } ?? .null }

  /// Text from packets or tables, with controls written as `\u{…}`: databases are read in
  /// terminals.
  init(hostile text: String?) { self = text.map { .text(Self.harmless($0)) } ?? .null }

  init(_ field: ReportField) {
    switch field {
    case .text(let text): self.init(text)
    case .hostile(let text): self.init(hostile: text)
    case .count(let number): self.init(number)
    case .decimal(let number): self.init(number)
    case .time(let time): self.init(time.map { Timestamp(nanoseconds: $0).rfc3339 })
    }
  }

  static func harmless(_ text: String) -> String {
    guard text.unicodeScalars.contains(where: { $0.isHostile }) else { return text }
    var safe = ""
    for scalar in text.unicodeScalars {
      if scalar.isHostile {
        safe += "\\u{\(scalar.hexadecimal)}"
      } else {
        safe.unicodeScalars.append(scalar)
      }
    }
    return safe
  }
}
