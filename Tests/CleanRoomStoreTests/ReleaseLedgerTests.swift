import CleanRoomModel
import Foundation
import GRDB
import Testing

@testable import CleanRoomStore

/// Signatures here are the payload behind the name of a key: what a signature is worth is the transport's affair.
@Suite struct ReleaseLedgerTests {
  private static func sign(_ key: String) -> ReleaseLedger.Sign {
    { purpose, payload in
      SignedDocument(
        purpose: purpose, payload: payload, signature: Array("\(key) \(purpose.rawValue) ".utf8) + payload,
        certificate: Array("certificate of \(key)".utf8))
    }
  }

  private static func verify(_ folder: ScratchFolder) throws -> LedgerVerification {
    try ReleaseLedger(path: folder.file("l.sqlite"), sign: nil).verify { document in
      ["own", "renewed"].contains { (try? sign($0)(document.purpose, document.payload)) == document }
    }
  }

  static func entry(_ batch: Int, query: Int = 1) throws -> LedgerEntry {
    LedgerEntry(
      at: Timestamp(milliseconds: Int64(batch)), collaboration: try #require(CollaborationID(uuid(9))),
      query: try #require(QueryID(uuid(query))), table: "purchases", receiver: "coordinator",
      columns: [LedgerColumn(name: "hashed_email", kind: "token")], rows: 10, bytes: 100, batch: batch,
      payloadSHA256: "00")
  }

  private func ledger(lines: Int = 5) throws -> ScratchFolder {
    let folder = try ScratchFolder()
    let ledger = try ReleaseLedger(path: folder.file("l.sqlite"), sign: Self.sign("own"))
    for batch in 0..<lines { try ledger.append(try Self.entry(batch, query: batch < 3 ? 1 : 2)) }
    return folder
  }

  private func change(_ folder: ScratchFolder, _ sql: String) throws {
    try DatabaseQueue(path: folder.file("l.sqlite")).write { try $0.execute(sql: sql) }
  }

  @Test func intact() throws {
    let folder = try ledger()
    guard case .intact(let lines, let head) = try Self.verify(folder) else { throw CancellationError() }
    #expect(lines == 5 && head.count == 64)
    #expect(
      try Self.verify(try ledger(lines: 0)) == .intact(lines: 0, head: String(repeating: "0", count: 64)))
  }

  @Test func summaries() throws {
    let folder = try ledger()
    let ledger = try ReleaseLedger(path: folder.file("l.sqlite"), sign: nil)
    let all = try ledger.summaries()
    #expect(all.map(\.batches) == [3, 2] && all.map(\.rows) == [30, 20] && all.map(\.bytes) == [300, 200])
    #expect(all.first?.first == Timestamp(milliseconds: 0) && all.first?.last == Timestamp(milliseconds: 2))
    #expect(try ledger.summaries(query: QueryID(uuid(2))).count == 1)
  }

  @Test(arguments: [
    ("UPDATE line SET body = replace(body, '\"rows\":10', '\"rows\":11') WHERE sequence = 3", 3),
    ("UPDATE line SET body = x'00ff' WHERE sequence = 3", 3),
    ("UPDATE line SET query = '00000000-0000-0000-0000-000000000002' WHERE sequence = 1", 1),
    ("UPDATE line SET signature = x'00' WHERE sequence = 4", 4),
    ("UPDATE line SET signature = 'text' WHERE sequence = 4", 4),
    ("UPDATE line SET hash = zeroblob(32) WHERE sequence = 2", 2),
    ("UPDATE line SET previous = zeroblob(32) WHERE sequence = 2", 2),
    ("DELETE FROM line WHERE sequence = 1", 1),
    ("DELETE FROM line WHERE sequence = 3", 3),
    ("DELETE FROM line WHERE sequence = 3; UPDATE line SET sequence = sequence - 1 WHERE sequence > 3", 3),
    ("DELETE FROM line WHERE sequence = 5", 5),
    ("DELETE FROM line WHERE sequence >= 4", 4),
    ("DELETE FROM line", 1),
    ("DELETE FROM head", 5),
    ("DELETE FROM line; DELETE FROM head", 0),
    (
      "DELETE FROM line WHERE sequence = 5; UPDATE head SET count = 4, hash = (SELECT hash FROM line WHERE sequence = 4)",
      4
    ),
    ("UPDATE head SET count = 'five'", 5),
    (
      "UPDATE line SET sequence = 99 WHERE sequence = 2; UPDATE line SET sequence = 2 WHERE sequence = 3; UPDATE line SET sequence = 3 WHERE sequence = 99",
      2
    ),
    ("INSERT INTO line SELECT 6, query, body, previous, hash, signature, signer FROM line WHERE sequence = 5", 6),
    ("UPDATE line SET signer = 7 WHERE sequence = 3", 3),
    ("UPDATE signer SET certificate = x'00'", 1),
    ("DELETE FROM signer", 1),
  ])
  func tamperingIsDetected(sql: String, line: Int) throws {
    let folder = try ledger()
    try change(folder, sql)
    guard case .broken(let place, let what) = try Self.verify(folder) else {
      Issue.record("not noticed: \(sql)")
      return
    }
    #expect(place == line && !what.isEmpty)
  }

  /// Somebody without the organization's key rewrites a line and everything after it.
  @Test func linesOfAnotherKeyAreDetected() throws {
    let folder = try ledger()
    try change(
      folder,
      "DELETE FROM line WHERE sequence > 2; UPDATE head SET count = 2, hash = (SELECT hash FROM line WHERE sequence = 2)"
    )
    let forger = try ReleaseLedger(path: folder.file("l.sqlite"), sign: Self.sign("other"))
    for batch in 2..<5 { try forger.append(try Self.entry(batch)) }
    #expect(try Self.verify(folder) == .broken(line: 3, what: "its signature is not valid"))
  }

  @Test func aSignatureOfAnotherPurposeDoesNotCount() throws {
    let folder = try ScratchFolder()
    let ledger = try ReleaseLedger(path: folder.file("l.sqlite")) { _, payload in
      try Self.sign("own")(.query, payload)
    }
    try ledger.append(try Self.entry(0))
    #expect(try Self.verify(folder) == .broken(line: 1, what: "its signature is not valid"))
  }

  @Test func linesOfARenewedCertificateContinueTheChain() throws {
    let folder = try ledger()
    let renewed = try ReleaseLedger(path: folder.file("l.sqlite"), sign: Self.sign("renewed"))
    try renewed.append(try Self.entry(5))
    guard case .intact(let lines, _) = try Self.verify(folder) else { throw CancellationError() }
    #expect(lines == 6)
  }

  @Test func nothingIsWrittenWithoutASignature() throws {
    struct NoKey: Error {}
    let folder = try ScratchFolder()
    let ledger = try ReleaseLedger(path: folder.file("l.sqlite")) { purpose, payload in
      guard purpose == .ledgerHead else { throw NoKey() }
      return try Self.sign("own")(purpose, payload)
    }
    #expect(throws: NoKey.self) { try ledger.append(try Self.entry(0)) }
    #expect(try ledger.summaries().isEmpty)
    #expect(throws: StoreError.cannotOpen) {
      try ReleaseLedger(path: folder.file("l.sqlite"), sign: nil).append(try Self.entry(0))
    }
  }

  @Test func aLedgerThatIsNotThere() throws {
    let folder = try ScratchFolder()
    #expect(throws: StoreError.cannotOpen) { _ = try ReleaseLedger(path: folder.file("l.sqlite"), sign: nil) }
  }

  @Test func verifyingWhileAnotherHandleWrites() async throws {
    let folder = try ledger(lines: 1)
    let writer = try ReleaseLedger(path: folder.file("l.sqlite"), sign: Self.sign("own"))
    try await withThrowingTaskGroup(of: Void.self) { group in
      group.addTask { for batch in 1..<300 { try writer.append(try Self.entry(batch)) } }
      group.addTask {
        for _ in 0..<30 {
          guard case .intact = try Self.verify(folder) else {
            Issue.record("a line being written was taken for tampering")
            return
          }
        }
      }
      try await group.waitForAll()
    }
    guard case .intact(let lines, _) = try Self.verify(folder) else { throw CancellationError() }
    #expect(lines == 300)
  }

  @Test func twoHandlesContinueOneChain() throws {
    let folder = try ledger(lines: 2)
    let first = try ReleaseLedger(path: folder.file("l.sqlite"), sign: Self.sign("own"))
    let second = try ReleaseLedger(path: folder.file("l.sqlite"), sign: Self.sign("own"))
    for batch in 2..<6 { try (batch % 2 == 0 ? first : second).append(try Self.entry(batch)) }
    guard case .intact(let lines, _) = try Self.verify(folder) else { throw CancellationError() }
    #expect(lines == 6)
  }
}
