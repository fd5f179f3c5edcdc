import CleanRoomModel
import Synchronization

/// The engine of one query at the coordinator: gathered columns in, thresholded rows out, then gone. It can reach no
/// file but its own encrypted spill.
public final class GatherDatabase: Sendable {
  private struct Table: Sendable {
    var connection: EngineConnection
    var appender: TableAppender
  }

  private struct State: Sendable {
    var engine: EngineDatabase
    var reading: EngineConnection
    var tables: [String: Table] = [:]
  }

  /// Nil once closed.
  private let state: Mutex<State?>
  private static let closed = EngineError(.internalFailure, "The query's data has been forgotten.")

  /// - Throws: `libraryMissing` or `cannotOpen`.
  public static func open(limits: EngineLimits) throws(EngineError) -> GatherDatabase {
    let engine = try EngineDatabase(limits: limits, ordered: false)
    return GatherDatabase(State(engine: engine, reading: try engine.connect()))
  }

  private init(_ state: State) { self.state = Mutex(state) }

  var engine: EngineDatabase? { state.withLock { $0?.engine } }

  public func create(table: String, columns: [ColumnDescription]) throws(EngineError) {
    guard let engine else { throw Self.closed }
    let connection = try engine.connect()
    let list = columns.map { "\(EngineSQL.identifier($0.name)) \(EngineTypes.sql($0.content))" }
    try connection.execute("CREATE TABLE \(EngineSQL.identifier(table)) (\(list.joined(separator: ", ")))")
    let appender = try TableAppender(try connection.appender(for: table), contents: columns.map(\.content))
    state.withLock { $0?.tables[table] = Table(connection: connection, appender: appender) }
  }

  /// Tables fill independently of each other; batches of one table arrive in turn.
  public func append(_ batch: ColumnBatch, to name: String) async throws {
    guard let table = state.withLock({ $0?.tables[name] }) else {
      throw EngineError(.internalFailure, "The query has no such table.")
    }
    try await table.connection.onQueue { _ in try table.appender.append(batch) }
  }

  /// Runs one statement over everything appended so far.
  public func query(_ sql: String) async throws -> BatchReader {
    guard let current = state.withLock({ $0 }) else { throw Self.closed }
    for table in current.tables.values {
      try await table.connection.onQueue { _ in try table.appender.flush() }
    }
    return try await current.reading.onQueue { connection in try BatchReader(try connection.run(sql), on: connection) }
  }

  /// Stops what is running; it ends with `interrupted`.
  public func interrupt() { state.withLock { $0?.reading }?.interrupt() }

  /// Forgets the gathered data; its memory is free once no reader of it is left.
  public func close() {
    // Dropped outside the lock: letting go of the engine can take a while.
    _ = state.withLock { state in
      defer { state = nil }
      return state
    }
  }
}
