import CleanRoomModel
import Crypto
import Foundation
import GRDB

/// The record of everything that left, as a chain: each line holds the hash of the one before it and is signed with the
/// organization's key; a signed head holds their number, so that lines missing at the end are noticed too. (An older
/// copy of the whole file, put in its place, is not.)
public final class ReleaseLedger: Sendable {
  public typealias Sign = @Sendable (_ purpose: SignedDocument.Purpose, _ payload: [UInt8]) throws -> SignedDocument

  private let queue: DatabaseQueue
  private let sign: Sign?

  /// - Parameter sign: nil to read and verify only, also while a daemon writes.
  public init(path: String, sign: Sign?) throws(StoreError) {
    self.sign = sign
    do {
      queue = try StoreFile.open(path, readOnly: sign == nil)
      guard try !queue.read(Self.migrator.hasBeenSuperseded) else { throw StoreError.tooNew }
      if let sign {
        try Self.migrator.migrate(queue)
        try Self.begin(queue, sign)
      }
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
          CREATE TABLE signer (id INTEGER PRIMARY KEY, certificate BLOB NOT NULL UNIQUE);
          CREATE TABLE line (
            sequence INTEGER PRIMARY KEY, query TEXT NOT NULL, body TEXT NOT NULL, previous BLOB NOT NULL,
            hash BLOB NOT NULL, signature BLOB NOT NULL, signer INTEGER NOT NULL);
          CREATE INDEX lineByQuery ON line (query);
          CREATE TABLE head (
            id INTEGER PRIMARY KEY CHECK (id = 1), count INTEGER NOT NULL, hash BLOB NOT NULL,
            signature BLOB NOT NULL, signer INTEGER NOT NULL);
          """)
    }
    return migrator
  }

  /// A new ledger has a signed head too, so that an emptied one is not taken for it.
  private static func begin(_ queue: DatabaseQueue, _ sign: Sign) throws {
    try queue.inTransaction { database in
      if try Row.fetchOne(database, sql: "SELECT 1 FROM head UNION ALL SELECT 1 FROM line") == nil {
        try setHead(count: 0, hash: Data(count: 32), sign, database)
      }
      return .commit
    }
  }

  private static func setHead(count: Int, hash: Data, _ sign: Sign, _ database: Database) throws {
    let signed = try sign(.ledgerHead, LedgerCheck.headBytes(count: count, hash: hash))
    try database.execute(
      sql: "INSERT OR REPLACE INTO head (id, count, hash, signature, signer) VALUES (1, ?, ?, ?, ?)",
      arguments: [count, hash, Data(signed.signature), try signer(of: signed, database)])
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
      let hash = LedgerCheck.hash(sequence: count + 1, previous: previous, body: body)
      let line = try sign(.ledgerLine, Array(hash))
      try database.execute(
        sql: "INSERT INTO line (sequence, query, body, previous, hash, signature, signer) VALUES (?, ?, ?, ?, ?, ?, ?)",
        arguments: [
          count + 1, entry.query.value, body, previous, hash, Data(line.signature), try Self.signer(of: line, database),
        ])
      try Self.setHead(count: count + 1, hash: hash, sign, database)
      return .commit
    }
  }

  /// Certificates are renewed, lines stay: each refers to the certificate it was signed under.
  private static func signer(of document: SignedDocument, _ database: Database) throws -> Int64 {
    let certificate = Data(document.certificate)
    try database.execute(sql: "INSERT OR IGNORE INTO signer (certificate) VALUES (?)", arguments: [certificate])
    return try Int64.fetchOne(database, sql: "SELECT id FROM signer WHERE certificate = ?", arguments: [certificate])
      ?? 0
  }

  /// Every batch that left, in order.
  public func entries() throws -> [LedgerEntry] {
    let bodies = try queue.unsafeRead { try String.fetchAll($0, sql: "SELECT body FROM line ORDER BY sequence") }
    return try bodies.map { try JSONDecoder().decode(LedgerEntry.self, from: Data($0.utf8)) }
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

  /// - Parameter isSigned: whether a document was signed by this organization, now or under an earlier certificate.
  public func verify(_ isSigned: @escaping (SignedDocument) -> Bool) throws -> LedgerVerification {
    try queue.unsafeRead { database in
      // One snapshot, so that a daemon writing meanwhile is not mistaken for tampering.
      try database.execute(sql: "BEGIN DEFERRED")
      defer { try? database.execute(sql: "ROLLBACK") }
      var check = LedgerCheck(isSigned: isSigned)
      let rows = try Row.fetchCursor(
        database,
        sql: """
          SELECT sequence, query, body, previous, hash, signature, certificate
          FROM line LEFT JOIN signer ON signer.id = line.signer ORDER BY sequence
          """)
      while let row = try rows.next() {
        if let what = check.problem(inNext: row) { return .broken(line: check.count, what: what) }
      }
      let head = try Row.fetchOne(
        database,
        sql: "SELECT count, hash, signature, certificate FROM head LEFT JOIN signer ON signer.id = head.signer")
      return check.verdict(head)
    }
  }
}
