import CleanRoomModel
import CleanRoomPlanning
import CleanRoomPolicy
import CleanRoomTransport
import CleanRoomWire

/// Why this member will not release anything for a query; the text goes to the coordinator and the runner.
struct ReleaseRefusal: Error, Equatable {
  let reason: String
}

/// What this member agreed to.
struct Judgement: Sendable {
  let request: QueryRequest
  let charter: CollaborationCharter
  /// The runner's signed bytes; part of every token key.
  let requestPayload: [UInt8]
  /// The fragments of this member's own tables.
  let fragments: [Fragment]
}

/// Decides, from signed documents and this member's own rules alone, whether a query may read this member's tables.
/// The coordinator is believed in nothing.
struct QueryJudge: Sendable {
  let account: AccountID
  let trust: TrustStore
  let extended: Bool
  /// How old a signed query may be: longer than it may wait and run.
  static let longestDelayInMilliseconds: Int64 = 24 * 3_600_000
  static let clockToleranceInMilliseconds: Int64 = 5 * 60_000

  /// - Parameters:
  ///   - charter: this member's stored copy for the collaboration, its signatures checked; nil when it is not a member.
  ///   - ownTables: this member's tables as its own store has them now.
  func judge(
    _ announcement: QueryAnnouncement, charter stored: CharterHistory?, ownTables: [PublishedTable],
    now: Timestamp
  ) throws -> Judgement {
    let (request, charter) = try authority(
      announcement.request, announcement.history, stored: stored, now: now)
    let genuine = announcement.tables.compactMap { trust.publishedTable($0, charter: charter, now: now) }
    // Of its own tables this member believes its own store only.
    let others = genuine.filter { $0.owner != account }
    let names = (others + ownTables).map { $0.name.lowercased() }
    guard Set(names).count == names.count else {
      throw ReleaseRefusal(reason: "Two tables of the collaboration have the same name.")
    }
    let context = PolicyContext(
      request, template: try template(announcement, request, charter), tables: others + ownTables,
      joinsDifferentNames: charter.joinsDifferentNames, extended: extended)
    switch QueryPolicy.check(sql: request.sql, in: context).observingCleartext(of: charter) {
    case .refused(let reasons):
      let lies = genuine.count < announcement.tables.count ? [Self.unsignedTable] : []
      throw ReleaseRefusal(reason: (reasons.map(\.message) + lies).joined(separator: "\n"))
    case .approved(let approved):
      let plan = QueryPlanner.plan(approved, joinsDifferentNames: charter.joinsDifferentNames)
      let fragments = plan.fragments.filter { $0.owner == account }
      guard !fragments.isEmpty else {
        throw ReleaseRefusal(reason: "The query reads no table of this organization.")
      }
      return Judgement(
        request: request, charter: charter, requestPayload: announcement.request.payload,
        fragments: fragments)
    }
  }

  /// Checks who asks, whether the creator lets them, and for whom.
  func authority(
    _ signedRequest: SignedDocument, _ announced: CharterHistory, stored: CharterHistory?, now: Timestamp
  ) throws -> (QueryRequest, CollaborationCharter) {
    guard let stored else {
      throw ReleaseRefusal(reason: "This organization is not a member of the collaboration.")
    }
    guard stored.charter.payload == announced.charter.payload,
      stored.amendments.map(\.amendment.payload) == announced.amendments.map(\.amendment.payload)
    else {
      throw ReleaseRefusal(
        reason: "The collaboration's charter is not the one this organization joined under.")
    }
    let charter = try CharterChain.current(stored)
    guard charter.member(account) != nil else {
      throw ReleaseRefusal(reason: "This organization is not a member of the collaboration any more.")
    }
    let request = try verifiedRequest(signedRequest, now: now)
    guard request.collaboration == charter.id else {
      throw ReleaseRefusal(reason: "The query was signed for another collaboration.")
    }
    guard charter.allows(request.runner, .canQuery) else {
      throw ReleaseRefusal(reason: "Account \(request.runner) does not have the ability CAN_QUERY.")
    }
    guard !request.receivers.isEmpty, Set(request.receivers).count == request.receivers.count else {
      throw ReleaseRefusal(reason: "The query names no receiver, or one twice.")
    }
    for receiver in request.receivers where !charter.allows(receiver, .canReceiveResults) {
      throw ReleaseRefusal(reason: "Account \(receiver) does not have the ability CAN_RECEIVE_RESULTS.")
    }
    return (request, charter)
  }

  private func template(
    _ announcement: QueryAnnouncement, _ request: QueryRequest, _ charter: CollaborationCharter
  ) throws -> AnalysisTemplate? {
    do {
      return try trust.template(announcement.template, of: request, charter: charter)
    } catch {
      throw ReleaseRefusal(reason: error.reason)
    }
  }

  private func verifiedRequest(_ document: SignedDocument, now: Timestamp) throws -> QueryRequest {
    let signer = try? trust.verify(document, purpose: .query, at: now)
    guard let signer, let request = try? WireJSON.decode(QueryRequest.self, from: document.payload),
      signer.role == .member(request.runner)
    else {
      throw ReleaseRefusal(reason: "The query does not carry a valid signature of its runner.")
    }
    let age = now.milliseconds - request.requestedAt.milliseconds
    guard age <= Self.longestDelayInMilliseconds, age >= -Self.clockToleranceInMilliseconds else {
      throw ReleaseRefusal(
        reason: "The query was signed too long ago, or the clocks of the organizations differ.")
    }
    return request
  }

  private static let unsignedTable =
    "The coordinator sent a table that does not carry a valid signature of its owner; it was left out."
}

extension TrustStore {
  /// Nil for what no member of the collaboration has signed: a query that needs such a table finds none.
  func publishedTable(_ document: SignedDocument, charter: CollaborationCharter, now: Timestamp) -> PublishedTable? {
    guard let signer = try? verify(document, purpose: .table, at: now),
      let table = try? WireJSON.decode(PublishedTable.self, from: document.payload),
      signer.role == .member(table.owner), charter.member(table.owner) != nil,
      table.collaboration == charter.id
    else { return nil }
    return table
  }
}
