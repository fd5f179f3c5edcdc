import CleanRoomModel
import Synchronization

/// The engine of one query at the coordinator: gathered columns in, thresholded rows out, then gone. It can reach no
/// file but its own encrypted spill.
public final class GatherDatabase: Sendable {
  private struct Table: Sendable {
    var connection: EngineConnection
    var appender: TableAppender
  }

  private let engine: EngineDatabase
  private let reading: EngineConnection
  private let tables = Mutex<[String: Table]>([:])

  /// - Throws: `libraryMissing` or `cannotOpen`.
  public static func open(limits: EngineLimits) throws(EngineError) -> GatherDatabase {
    let engine = try EngineDatabase(limits: limits, ordered: false)
    return GatherDatabase(engine: engine, reading: try engine.connect())
  }

  private init(engine: EngineDatabase, reading: EngineConnection) {
    self.engine = engine
    self.reading = reading
  }

  public func create(table: String, columns: [ColumnDescription]) throws(EngineError) {
    let list = columns.map { "\(EngineSQL.identifier($0.name)) \(EngineTypes.sql($0.content))" }
    try reading.execute("CREATE TABLE \(EngineSQL.identifier(table)) (\(list.joined(separator: ", ")))")
    let connection = try engine.connect()
    let appender = try TableAppender(try connection.appender(for: table), contents: columns.map(\.content))
    tables.withLock { $0[table] = Table(connection: connection, appender: appender) }
  }

  /// Tables fill independently of each other; batches of one table arrive in turn.
  public func append(_ batch: ColumnBatch, to name: String) async throws {
    guard let table = tables.withLock({ $0[name] }) else {
      throw EngineError(.internalFailure, "The query has no such table.")
    }
    try await table.connection.onQueue { _ in try table.appender.append(batch) }
  }

  /// Runs one statement over everything appended so far.
  public func query(_ sql: String) async throws -> BatchReader {
    for table in tables.withLock({ Array($0.values) }) {
      try await table.connection.onQueue { _ in try table.appender.flush() }
    }
    return try await reading.onQueue { connection in try BatchReader(try connection.run(sql), on: connection) }
  }

  /// Stops what is running; it ends with `interrupted`.
  public func interrupt() { reading.interrupt() }

  /// Forgets the gathered data.
  public func close() { tables.withLock { $0.removeAll() } }
}
