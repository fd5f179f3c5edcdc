import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import CoordinatorService
import Foundation

/// What the coordinator lies about when it asks an owner to release.
enum Lie: String, CaseIterable {
  /// Another text under the runner's signature.
  case changedQuery = "changed-query"
  /// Other receivers under the runner's signature.
  case changedReceivers = "changed-receivers"
  /// Another organization as the one that asks, under the runner's signature.
  case changedRunner = "changed-runner"
  /// Rules with thresholds of 1, under the owners' signatures.
  case changedRule = "changed-rule"
  /// A charter in which every member may query, under the creator's signature.
  case changedCharter = "changed-charter"
  /// The same question twice, so as to be given the rows twice.
  case replay

  func applied(to announcement: QueryAnnouncement) -> QueryAnnouncement {
    var changed = announcement
    switch self {
    case .changedQuery: changed.request = altered(announcement.request) { $0["sql"] = "\($0["sql"] ?? "") LIMIT 1000" }
    case .changedReceivers: changed.request = altered(announcement.request) { $0["receivers"] = ["999999999999"] }
    case .changedRunner: changed.request = altered(announcement.request) { $0["runner"] = "999999999999" }
    case .changedRule: changed.tables = announcement.tables.map { altered($0) { $0 = loosened($0) } }
    case .changedCharter: changed.charter = altered(announcement.charter) { $0 = empowered($0) }
    case .replay: break
    }
    return changed
  }

  /// The document with another payload under the old signature.
  private func altered(_ document: SignedDocument, _ change: (inout [String: Any]) -> Void) -> SignedDocument {
    guard var content = (try? JSONSerialization.jsonObject(with: Data(document.payload))) as? [String: Any] else {
      return document
    }
    change(&content)
    guard let payload = try? JSONSerialization.data(withJSONObject: content) else { return document }
    return SignedDocument(
      purpose: document.purpose, payload: Array(payload), signature: document.signature,
      certificate: document.certificate)
  }

  private func loosened(_ content: [String: Any]) -> [String: Any] {
    content.reduce(into: [:]) { changed, entry in
      changed[entry.key] = entry.key == "minimum" ? 1 : each(entry.value, loosened)
    }
  }

  private func empowered(_ content: [String: Any]) -> [String: Any] {
    content.reduce(into: [:]) { changed, entry in
      changed[entry.key] =
        entry.key == "abilities" ? ["CAN_QUERY", "CAN_RECEIVE_RESULTS"] : each(entry.value, empowered)
    }
  }

  private func each(_ value: Any, _ change: ([String: Any]) -> [String: Any]) -> Any {
    if let object = value as? [String: Any] { return change(object) }
    if let list = value as? [Any] { return list.map { each($0, change) } }
    return value
  }
}

/// The members, as a liar talks to them.
struct LyingLink: MemberLink {
  let honest: LinkServer
  let lie: Lie

  func isConnected(_ account: AccountID) -> Bool { honest.isConnected(account) }

  func certificate(of account: AccountID) -> [UInt8]? { honest.certificate(of: account) }

  func request(_ kind: String, _ payload: [UInt8], to account: AccountID, timeout: Duration)
    async throws(LinkError) -> [UInt8]
  {
    guard kind == MessageKind.release else {
      return try await honest.request(kind, payload, to: account, timeout: timeout)
    }
    if lie == .replay { _ = try await honest.request(kind, payload, to: account, timeout: timeout) }
    let told: [UInt8]
    do {
      told = try WireJSON.encode(lie.applied(to: WireJSON.decode(QueryAnnouncement.self, from: payload)))
    } catch {
      throw .failed("the lie could not be told")
    }
    return try await honest.request(kind, told, to: account, timeout: timeout)
  }
}
