import CleanRoomModel
import Crypto
import Foundation
import GRDB

public enum StoreError: Error, Sendable, Equatable {
  case cannotOpen
  /// The file was written by a newer version.
  case tooNew
  case exists
  /// A row is not as it was written: nothing is concluded from it.
  case damaged(kind: String, id: String)
}

/// Names a collection of documents and the type of its values.
public struct DocumentKind<Value: Codable & Sendable>: Sendable {
  public let name: String

  public init(name: String) { self.name = name }
}

public struct Document<Value: Sendable>: Sendable {
  public let id: String
  /// What it belongs to, for listing.
  public let parent: String?
  public let value: Value
  public let createdAt: Timestamp
  public let updatedAt: Timestamp
}

/// Documents by kind and id in one SQLite file. Every call is one transaction; writes are on disk when it returns.
public final class DocumentStore: Sendable {
  private let queue: DatabaseQueue

  /// - Parameter readOnly: to read beside a daemon that has the store open.
  public init(path: String, readOnly: Bool = false) throws(StoreError) {
    do {
      queue = try StoreFile.open(path, readOnly: readOnly)
      guard try !queue.read(Self.migrator.hasBeenSuperseded) else { throw StoreError.tooNew }
      if !readOnly { try Self.migrator.migrate(queue) }
    } catch let error as StoreError {
      throw error
    } catch {
      throw .cannotOpen
    }
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("documents") { database in
      try database.execute(
        sql: """
          CREATE TABLE document (
            kind TEXT NOT NULL, id TEXT NOT NULL, parent TEXT, json TEXT NOT NULL, checksum BLOB NOT NULL,
            createdAt INTEGER NOT NULL, updatedAt INTEGER NOT NULL, PRIMARY KEY (kind, id)) WITHOUT ROWID;
          CREATE INDEX documentByParent ON document (kind, parent, createdAt);
          """)
    }
    return migrator
  }

  public func read<Result>(_ body: (DocumentReader) throws -> Result) throws -> Result {
    try queue.unsafeRead { try body(DocumentReader(database: $0)) }
  }

  public func write<Result>(_ body: (DocumentWriter) throws -> Result) throws -> Result {
    var result: Result?
    try queue.inTransaction { database in
      result = try body(DocumentWriter(database: database))
      return .commit
    }
    guard let result else { throw StoreError.cannotOpen }
    return result
  }
}

/// Opens SQLite files the way every store of ours needs them.
enum StoreFile {
  static func open(_ path: String, readOnly: Bool = false) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.readonly = readOnly
    configuration.busyMode = .timeout(5)
    configuration.prepareDatabase { database in
      guard !readOnly else { return }
      try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL")
    }
    if !readOnly {
      let descriptor = Foundation.open(path, O_RDWR | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0o600)
      guard descriptor >= 0 else { throw StoreError.cannotOpen }
      close(descriptor)
    }
    return try DatabaseQueue(path: path, configuration: configuration)
  }
}

extension Row {
  /// The column's value, or nil where a damaged file holds one of another type: GRDB's subscript would stop the process.
  func stored<Value: DatabaseValueConvertible>(_ column: String) -> Value? {
    let value: DatabaseValue = self[column]
    return Value.fromDatabaseValue(value)
  }
}

/// Reads documents; every row's checksum is verified.
public class DocumentReader {
  let database: Database

  init(database: Database) { self.database = database }

  public func get<Value>(_ kind: DocumentKind<Value>, _ id: String) throws -> Document<Value>? {
    try Row.fetchOne(
      database, sql: "SELECT * FROM document WHERE kind = ? AND id = ?", arguments: [kind.name, id]
    ).map { try decode($0, as: kind) }
  }

  /// Oldest first; all of the kind when `parent` is nil.
  /// - Parameter limit: at most so many; all when nil.
  public func list<Value>(
    _ kind: DocumentKind<Value>, parent: String? = nil, limit: Int? = nil
  ) throws -> [Document<Value>] {
    let rows = try Row.fetchAll(
      database,
      sql: "SELECT * FROM document WHERE kind = ? AND (? IS NULL OR parent = ?) ORDER BY createdAt, id LIMIT ?",
      arguments: [kind.name, parent, parent, limit ?? -1])
    return try rows.map { try decode($0, as: kind) }
  }

  /// Bytes of the documents below a parent.
  public func size<Value>(_ kind: DocumentKind<Value>, parent: String) throws -> Int {
    try Int.fetchOne(
      database, sql: "SELECT SUM(LENGTH(CAST(json AS BLOB))) FROM document WHERE kind = ? AND parent = ?",
      arguments: [kind.name, parent]) ?? 0
  }

  private func decode<Value>(_ row: Row, as kind: DocumentKind<Value>) throws -> Document<Value> {
    let id: String = row.stored("id") ?? ""
    let parent: String? = row.stored("parent")
    guard let json: String = row.stored("json"), let checksum: Data = row.stored("checksum"),
      let createdAt: Int64 = row.stored("createdAt"), let updatedAt: Int64 = row.stored("updatedAt"),
      checksum == Self.checksum(kind.name, id, parent, json),
      let value = try? JSONDecoder().decode(Value.self, from: Data(json.utf8))
    else { throw StoreError.damaged(kind: kind.name, id: id) }
    return Document(
      id: id, parent: parent, value: value, createdAt: Timestamp(milliseconds: createdAt),
      updatedAt: Timestamp(milliseconds: updatedAt))
  }

  static func checksum(_ kind: String, _ id: String, _ parent: String?, _ json: String) -> Data {
    var hash = SHA256()
    for part in [kind, id, parent ?? "", json] {
      hash.update(data: Data("\(part.utf8.count):".utf8))
      hash.update(data: Data(part.utf8))
    }
    return Data(hash.finalize())
  }
}

public final class DocumentWriter: DocumentReader {
  /// - Throws: `StoreError.exists`.
  public func insert<Value>(
    _ kind: DocumentKind<Value>, id: String, parent: String?, value: Value, at time: Timestamp
  ) throws {
    guard try get(kind, id) == nil else { throw StoreError.exists }
    try put(kind, id: id, parent: parent, value: value, at: time)
  }

  /// Writes a new document or replaces the value of an existing one.
  public func put<Value>(
    _ kind: DocumentKind<Value>, id: String, parent: String?, value: Value, at time: Timestamp
  ) throws {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let json = String(decoding: try encoder.encode(value), as: UTF8.self)
    try database.execute(
      sql: """
        INSERT INTO document (kind, id, parent, json, checksum, createdAt, updatedAt) VALUES (?, ?, ?, ?, ?, ?, ?)
        ON CONFLICT (kind, id) DO UPDATE SET parent = excluded.parent, json = excluded.json,
          checksum = excluded.checksum, updatedAt = excluded.updatedAt
        """,
      arguments: [
        kind.name, id, parent, json, Self.checksum(kind.name, id, parent, json), time.milliseconds, time.milliseconds,
      ])
  }

  public func delete<Value>(_ kind: DocumentKind<Value>, _ id: String) throws {
    try database.execute(sql: "DELETE FROM document WHERE kind = ? AND id = ?", arguments: [kind.name, id])
  }
}
