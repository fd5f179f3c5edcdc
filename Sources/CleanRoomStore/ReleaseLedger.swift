import CleanRoomModel
import Crypto
import Foundation
import GRDB

/// The record of everything that left, as a chain: each line holds the hash of the one before it and is signed with the
/// organization's key; a signed head holds their number, so that lines missing at the end are noticed too. (An older
/// copy of the whole file, put in its place, is not.)
public final class ReleaseLedger: Sendable {
  public typealias Sign = @Sendable (_ purpose: SignedDocument.Purpose, _ payload: [UInt8]) throws -> [UInt8]

  private let queue: DatabaseQueue
  private let sign: Sign?

  /// - Parameter sign: nil to read and verify only, also while a daemon writes.
  public init(path: String, sign: Sign?) throws(StoreError) {
    self.sign = sign
    do {
      queue = try StoreFile.open(path, readOnly: sign == nil)
      guard try !queue.read(Self.migrator.hasBeenSuperseded) else { throw StoreError.tooNew }
      if sign != nil { try Self.migrator.migrate(queue) }
    } catch let error as StoreError {
      throw error
    } catch {
      throw .cannotOpen
    }
  }

  private static var migrator: DatabaseMigrator {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("ledger") { database in
      try database.execute(
        sql: """
          CREATE TABLE line (
            sequence INTEGER PRIMARY KEY, query TEXT NOT NULL, body TEXT NOT NULL, previous BLOB NOT NULL,
            hash BLOB NOT NULL, signature BLOB NOT NULL);
          CREATE INDEX lineByQuery ON line (query);
          CREATE TABLE head (
            id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL, hash BLOB NOT NULL,
            signature BLOB NOT NULL);
          """)
    }
    return migrator
  }

  /// Durable on return. Throws if the line cannot be written; then nothing may leave.
  public func append(_ entry: LedgerEntry) throws {
    guard let sign else { throw StoreError.cannotOpen }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    let body = String(decoding: try encoder.encode(entry), as: UTF8.self)
    try queue.inTransaction { database in
      let head = try Row.fetchOne(database, sql: "SELECT count, hash FROM head")
      let count: Int = head?["count"] ?? 0
      let previous: Data = head?["hash"] ?? Data(count: 32)
      let hash = Self.hash(sequence: count + 1, previous: previous, body: body)
      try database.execute(
        sql: "INSERT INTO line (sequence, query, body, previous, hash, signature) VALUES (?, ?, ?, ?, ?, ?)",
        arguments: [
          count + 1, entry.query.value, body, previous, hash, Data(try sign(.ledgerLine, Array(hash))),
        ])
      try database.execute(
        sql: "INSERT OR REPLACE INTO head (id, count, hash, signature) VALUES (1, ?, ?, ?)",
        arguments: [
          count + 1, hash, Data(try sign(.ledgerHead, Self.headBytes(count: count + 1, hash: hash))),
        ])
      return .commit
    }
  }

  /// What left, per query and table, in order of the first batch.
  public func summaries(query: QueryID? = nil) throws -> [LedgerSummary] {
    let bodies = try queue.unsafeRead { database in
      try String.fetchAll(
        database, sql: "SELECT body FROM line WHERE ? IS NULL OR query = ? ORDER BY sequence",
        arguments: [query?.value, query?.value])
    }
    var summaries: [LedgerSummary] = []
    var places: [String: Int] = [:]
    for body in bodies {
      let entry = try JSONDecoder().decode(LedgerEntry.self, from: Data(body.utf8))
      let key = entry.query.value + "/" + entry.table + "/" + entry.receiver
      if let place = places[key] {
        summaries[place].rows += entry.rows
        summaries[place].bytes += entry.bytes
        summaries[place].batches += 1
        summaries[place].last = entry.at
      } else {
        places[key] = summaries.count
        summaries.append(
          LedgerSummary(
            query: entry.query, collaboration: entry.collaboration, table: entry.table, receiver: entry.receiver,
            columns: entry.columns, rows: entry.rows, bytes: entry.bytes, batches: 1, first: entry.at, last: entry.at))
      }
    }
    return summaries
  }

  /// - Parameter isSigned: whether a signature over a payload, made for a purpose, is the organization's own.
  public func verify(
    _ isSigned: (_ purpose: SignedDocument.Purpose, _ payload: [UInt8], _ signature: [UInt8]) -> Bool
  ) throws -> LedgerVerification {
    try queue.unsafeRead { database in
      // One snapshot, so that a daemon writing meanwhile is not mistaken for tampering.
      try database.execute(sql: "BEGIN DEFERRED")
      defer { try? database.execute(sql: "ROLLBACK") }
      let head = try Row.fetchOne(database, sql: "SELECT count, hash, signature FROM head")
      var expected = Data(count: 32)
      var count = 0
      let rows = try Row.fetchCursor(
        database, sql: "SELECT sequence, query, body, previous, hash, signature FROM line ORDER BY sequence")
      while let row = try rows.next() {
        count += 1
        if let what = Self.problem(row, sequence: count, previous: expected, isSigned) {
          return .broken(line: count, what: what)
        }
        expected = row.stored("hash") ?? Data()
      }
      return Self.verdict(head, count: count, last: expected, isSigned)
    }
  }

  private static func problem(
    _ row: Row, sequence: Int, previous: Data,
    _ isSigned: (SignedDocument.Purpose, [UInt8], [UInt8]) -> Bool
  ) -> String? {
    guard row.stored("sequence") == sequence else { return "a line was removed or added before it" }
    guard let body: String = row.stored("body"), let hash: Data = row.stored("hash"),
      let signature: Data = row.stored("signature")
    else { return "it is not a line of the ledger" }
    guard row.stored("previous") == previous else { return "it does not follow the line before it" }
    guard hash == Self.hash(sequence: sequence, previous: previous, body: body) else { return "its text was changed" }
    guard isSigned(.ledgerLine, Array(hash), Array(signature)) else { return "its signature is not valid" }
    let entry = try? JSONDecoder().decode(LedgerEntry.self, from: Data(body.utf8))
    guard let entry, entry.query.value == row.stored("query") else { return "its query was changed" }
    return nil
  }

  private static func verdict(
    _ head: Row?, count: Int, last: Data, _ isSigned: (SignedDocument.Purpose, [UInt8], [UInt8]) -> Bool
  ) -> LedgerVerification {
    let text = Hex.encode(last)
    guard let head else {
      return count == 0 ? .intact(lines: 0, head: text) : .broken(line: count, what: "the signed head is missing")
    }
    guard let stored: Int = head.stored("count"), let hash: Data = head.stored("hash"),
      let signature: Data = head.stored("signature")
    else { return .broken(line: count, what: "the signed head is damaged") }
    guard isSigned(.ledgerHead, headBytes(count: stored, hash: hash), Array(signature)) else {
      return .broken(line: count, what: "the signature of the head is not valid")
    }
    guard stored == count, hash == last else {
      return .broken(line: count + 1, what: "lines at the end were removed or added")
    }
    return .intact(lines: count, head: text)
  }

  private static func hash(sequence: Int, previous: Data, body: String) -> Data {
    var hash = SHA256()
    hash.update(data: previous)
    hash.update(data: Data("\(sequence) \(body)".utf8))
    return Data(hash.finalize())
  }

  private static func headBytes(count: Int, hash: Data) -> [UInt8] { Array("\(count) ".utf8) + Array(hash) }
}
