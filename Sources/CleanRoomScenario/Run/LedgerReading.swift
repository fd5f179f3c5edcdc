import CleanRoomModel
import CleanRoomReport
import CleanRoomStore
import CleanRoomTransport
import Foundation

/// The parties' release ledgers, read beside their daemons.
struct LedgerReading: Sendable {
  private let room: RunRoom

  init(_ room: RunRoom) { self.room = room }

  static func path(_ folder: String) -> String { folder + "/state/ledger.sqlite" }

  private func ledger(_ party: ScenarioParty) -> ReleaseLedger? {
    let path = Self.path(room.folder.party(party))
    guard FileManager.default.fileExists(atPath: path) else { return nil }
    return try? ReleaseLedger(path: path, sign: nil)
  }

  func releases(of query: String) -> [ReleaseRecord] {
    QueryID(query).map { releases($0) } ?? []
  }

  /// What left the parties, for one query or for all of them.
  func releases(_ query: QueryID? = nil) -> [ReleaseRecord] {
    room.scenario.parties.flatMap { party in
      let summaries = (try? ledger(party)?.summaries(query: query)) ?? []
      return summaries.map { summary in
        ReleaseRecord(
          party: party.id, table: summary.table,
          columns: summary.columns.map { ReleasedColumn(name: $0.name, kind: $0.kind.uppercased()) },
          rows: summary.rows, bytes: summary.bytes)
      }
    }
  }

  /// Every line and signature is checked.
  func verify() -> [(record: LedgerRecord, problem: String?)] {
    room.scenario.parties.map { party in
      guard let ledger = ledger(party) else {
        // Every daemon has begun one at its start.
        return (LedgerRecord(party: party.id, lines: 0, head: "", isIntact: false), "its ledger is gone")
      }
      do {
        let trust = try trust()
        guard let account = AccountID(party.account) else { throw RunProblem("bad account") }
        switch try ledger.verify({ trust.wasSigned($0, by: .member(account)) }) {
        case .intact(let lines, let head):
          return (LedgerRecord(party: party.id, lines: lines, head: head, isIntact: true), nil)
        case .broken(let line, let what):
          return (LedgerRecord(party: party.id, lines: line, head: "", isIntact: false), "line \(line): \(what)")
        }
      } catch {
        return (LedgerRecord(party: party.id, lines: 0, head: "", isIntact: false), "it cannot be read")
      }
    }
  }

  /// The authority's; an identity of any role that is valid now brings it.
  private func trust() throws -> TrustStore {
    try CertificateFiles(room).authority().trust
  }
}
