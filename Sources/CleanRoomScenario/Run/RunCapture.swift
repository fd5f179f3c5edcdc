import CleanRoomCapture
import CleanRoomReport
import Foundation

/// What is recorded of a captured run, and how it is judged.
struct RunCapture: Sendable {
  let folder: CaptureFolder
  /// By party id.
  let keyLogs: [String: String]

  init(_ scenario: Scenario, _ folder: RunFolder, isIsolated: Bool) {
    let captured = CaptureFolder(path: folder.capture)
    self.folder = captured
    // An isolated daemon can write to its own folder only.
    keyLogs = Dictionary(
      uniqueKeysWithValues: scenario.parties.map {
        ($0.id, isIsolated ? folder.party($0) + "/tls-keys.log" : captured.keyLog(party: $0.id))
      })
  }

  /// Of a party's daemon.
  func environment(_ name: String) -> [String: String] {
    keyLogs[name].map { ["CLEANROOM_TLS_KEY_LOG": $0] } ?? [:]
  }

  /// After the daemons have ended.
  /// - Parameter texts: what the steps said openly.
  func judge(_ room: RunRoom, _ tables: [PartyTable], texts: [String]) async throws(CaptureError) -> DisclosureRecord {
    let ledgers = room.scenario.parties.map { ($0.id, LedgerReading.path(room.folder.party($0))) }
    let released = LedgerReading(room).releases()
    return try await CaptureSession(folder: folder).finish(
      parties: room.scenario.parties.map(\.id), tables: tables.map { $0.canaries(released) },
      ledgers: Dictionary(uniqueKeysWithValues: ledgers), permittedTexts: texts, keyLogs: keyLogs)
  }
}

extension PartyTable {
  /// What has to be searched for. A rule without join columns does not say which columns identify people: there, what
  /// left as a token and never as a value does.
  func canaries(_ released: [ReleaseRecord]) -> CanaryTable {
    let columns = released.filter { $0.party == party && $0.table == name }.flatMap(\.columns)
    let values = Set(columns.filter { $0.kind == "VALUE" }.map(\.name))
    let tokens = Set(columns.filter { $0.kind == "TOKEN" }.map(\.name)).subtracting(values)
    let allowed = self.columns.filter(\.isAllowed)
    let identifiers = Set(allowed.filter { $0.isIdentifier || tokens.contains($0.name) }.map(\.name))
    return CanaryTable(
      party: party, name: name, source: source, permitted: Set(allowed.map(\.name)).subtracting(identifiers),
      identifiers: identifiers)
  }
}
