import CleanRoomReport
import CleanRoomStore
import Foundation

/// Judges what relays have recorded in a run: decrypts it, searches it for cells that must not travel, and compares it
/// with the parties' ledgers.
public struct CaptureSession: Sendable {
  public let folder: CaptureFolder

  public init(folder: CaptureFolder) {
    self.folder = folder
  }

  /// What the party's daemon needs in its environment, so that its recordings can be decrypted.
  public func environment(party: String) -> [String: String] {
    ["CLEANROOM_TLS_KEY_LOG": folder.keyLog(party: party)]
  }

  /// - Parameters:
  ///   - tables: every table of every party's catalog.
  ///   - ledgers: path of each party's ledger.
  ///   - permittedTexts: what the parties said openly: queries, names, descriptions.
  ///   - keyLogs: path by party, where it is not the folder's; the coordinator's may be among them.
  /// - Throws: when a recording, a key log, a source or a ledger cannot be read or is not whole.
  public func finish(
    parties: [String], tables: [CanaryTable], ledgers: [String: String], permittedTexts: [String] = [],
    keyLogs: [String: String] = [:]
  ) async throws(CaptureError) -> DisclosureRecord {
    let began = ContinuousClock.now
    let keyLog = try keyLog(parties, keyLogs)
    var canaries = CanaryReader()
    for table in tables { try await canaries.read(table) }
    var permitted = PermittedMaterial(PatternTable(canaries.patterns), columns: canaries.columns)
    permitted.permit(permittedTexts + tables.flatMap { [$0.name] + $0.permitted + $0.identifiers })
    for table in tables { try await permitted.permit(valuesOf: table) }
    let verdicts = try await judge(parties, ledgers, keyLog, permitted.table, canaries.columns)
    let excluded = permitted.excluded
    return DisclosureRecord(
      method: Self.method(canaries.unreadable), links: verdicts.map(\.link),
      canaries: zip(canaries.columns, excluded).map { column, excluded in
        CanaryRecord(
          party: column.party, table: column.table, column: column.name, standing: column.standing,
          values: column.values, tooShort: column.tooShort, excluded: excluded)
      },
      encodings: Findings.encodings, findings: verdicts.flatMap(\.findings), unlisted: verdicts.flatMap(\.unlisted),
      listedBatches: verdicts.map(\.batches).reduce(0, +), listedBytes: verdicts.map(\.bytes).reduce(0, +),
      seconds: (ContinuousClock.now - began) / .seconds(1))
  }

  private static func method(_ unreadable: [String]) -> String {
    let text =
      "A relay between each party and the coordinator recorded every byte in both directions; the recordings were decrypted with the TLS secrets that the daemons logged for this run."
    guard !unreadable.isEmpty else { return text }
    return text + " Not searched for, because of types that no query can name: \(unreadable.joined(separator: ", "))."
  }

  private func keyLog(_ parties: [String], _ paths: [String: String]) throws(CaptureError) -> KeyLog {
    var keyLog = KeyLog()
    for party in parties { try keyLog.add(contentsOf: paths[party] ?? folder.keyLog(party: party)) }
    for (name, path) in paths where !parties.contains(name) { try keyLog.add(contentsOf: path) }
    return keyLog
  }

  private func judge(
    _ parties: [String], _ ledgers: [String: String], _ keyLog: KeyLog, _ table: PatternTable, _ columns: [CanaryColumn]
  ) async throws(CaptureError) -> [PartyVerdict] {
    do {
      return try await withThrowingTaskGroup(of: PartyVerdict.self) { group in
        for party in parties {
          group.addTask {
            var judge = PartyJudge(party: party, entries: try Self.entries(ledgers[party], of: party))
            return try judge.judge(folder, keyLog, Findings(table, columns: columns))
          }
        }
        let verdicts = try await group.reduce(into: [:]) { $0[$1.link.party] = $1 }
        return parties.compactMap { verdicts[$0] }
      }
    } catch {
      throw error as? CaptureError ?? CaptureError("A recording cannot be read. Record again.")
    }
  }

  /// A direction of one connection, decrypted: application data only.
  package func clearText(party: String, number: Int, sent: Bool, keyLog path: String? = nil) throws -> [UInt8] {
    let keyLog = try keyLog([party], path.map { [party: $0] } ?? [:])
    var bytes: [UInt8] = []
    try DecryptedConnection(number, of: party, in: folder, keyLog: keyLog).read(sent: sent) { bytes += $0.application }
    return bytes
  }

  private static func entries(_ path: String?, of party: String) throws(CaptureError) -> [LedgerEntry] {
    guard let path, let entries = try? ReleaseLedger(path: path, sign: nil).entries() else {
      throw CaptureError(
        "The ledger of \(party) cannot be read, so what was sent cannot be compared with it. Check its state folder.")
    }
    return entries
  }
}
