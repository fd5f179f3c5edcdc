import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire

/// Keeps this organization's copies of charters up to date: an amendment counts once its signatures have been checked
/// here, and is never forgotten afterwards.
struct CharterKeeper: Sendable {
  let memberships: Memberships
  let chain: CharterChain
  let coordinator: Coordinator
  let clock: @Sendable () -> Timestamp

  /// - Throws: `CharterProblem` unless the announced history continues the known one.
  func advance(_ membership: LocalMembership, with announced: CharterHistory) throws -> CharterHistory {
    try advance(
      try memberships.history(of: membership), of: membership.collaboration, with: announced.amendments)
  }

  /// - Throws: `CharterProblem`; `nil` stands for a coordinator that sent none.
  @discardableResult
  func advance(
    _ known: CharterHistory, of collaboration: CollaborationID, with amendments: [SignedAmendment]?
  ) throws -> CharterHistory {
    let history = try chain.extended(known, with: amendments ?? [])
    if history != known { try memberships.keep(history, of: collaboration, at: clock()) }
    return history
  }

  /// Asks the coordinator for amendments that are new here.
  @discardableResult
  func refresh(_ collaboration: CollaborationID) async throws -> CharterHistory? {
    guard let known = try memberships.history(in: collaboration) else { return nil }
    let reply = try await coordinator.ask(
      MessageKind.charterHistory, CharterInquiry(collaboration: collaboration))
    return try advance(known, of: collaboration, with: reply.amendments)
  }

  /// The charter as far as it can be known now: a coordinator that is away does not keep this member from its own
  /// tables.
  func current(of membership: LocalMembership) async throws -> CollaborationCharter {
    _ = try? await refresh(membership.collaboration)
    return try memberships.charter(of: membership)
  }
}
