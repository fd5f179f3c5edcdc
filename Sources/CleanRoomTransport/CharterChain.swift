import CleanRoomModel
import CleanRoomWire
import Crypto

/// Why a charter's history is not believed, in words for the other organizations.
public struct CharterProblem: Error, Sendable, Equatable {
  public let reason: String

  public init(_ reason: String) { self.reason = reason }
}

/// Follows a charter through its amendments: each signed by the creator, bound to the one before it, and approved by
/// every member of its time or by the charter itself. Whoever passes them on need not be believed.
public struct CharterChain: Sendable {
  let trust: TrustStore

  public init(trust: TrustStore) { self.trust = trust }

  /// The charter that a history whose signatures have been checked amounts to.
  public static func current(_ history: CharterHistory) throws -> CollaborationCharter {
    let charter = try WireJSON.decode(CollaborationCharter.self, from: history.charter.payload)
    return try history.amendments.reduce(charter) { charter, link in
      let amendment = try WireJSON.decode(CharterAmendment.self, from: link.amendment.payload)
      guard let next = charter.amended(by: amendment.changes) else { throw Self.notAllowed(amendment) }
      return next
    }
  }

  /// SHA-256 of a document's payload, hexadecimal.
  public static func hash(_ document: SignedDocument) -> String {
    Hex.encode(Array(SHA256.hash(data: document.payload)))
  }

  /// What the next amendment has to name.
  public static func head(of history: CharterHistory) -> String {
    hash(history.amendments.last?.amendment ?? history.charter)
  }

  /// - Parameters:
  ///   - known: signatures checked before; it has to be the beginning of `announced`.
  ///   - announced: every amendment, as somebody passed them on.
  /// - Throws: `CharterProblem`.
  public func extended(_ known: CharterHistory, with announced: [SignedAmendment]) throws -> CharterHistory {
    let shared = zip(known.amendments, announced)
    guard shared.allSatisfy({ $0.amendment.payload == $1.amendment.payload }) else {
      throw CharterProblem("The amendments of the collaboration's charter are not those that were made known before.")
    }
    guard announced.count >= known.amendments.count else {
      throw CharterProblem("An amendment of the collaboration's charter is missing.")
    }
    var history = known
    var charter = try Self.current(known)
    for link in announced.dropFirst(known.amendments.count) {
      charter = try amended(charter, by: link, after: history)
      history.amendments.append(link)
    }
    return history
  }

  private func amended(
    _ charter: CollaborationCharter, by link: SignedAmendment, after history: CharterHistory
  ) throws -> CollaborationCharter {
    guard let amendment = try? WireJSON.decode(CharterAmendment.self, from: link.amendment.payload),
      isSigned(link.amendment, .charterAmendment, by: charter.creator, at: amendment.at),
      amendment.collaboration == charter.id
    else {
      throw CharterProblem("An amendment of the collaboration's charter is not signed by the creator.")
    }
    guard amendment.number == history.amendments.count + 1, amendment.previous == Self.head(of: history) else {
      throw CharterProblem("The amendments of the collaboration's charter are not in order.")
    }
    guard let next = charter.amended(by: amendment.changes) else { throw Self.notAllowed(amendment) }
    let missing = charter.approvers(of: amendment.changes).subtracting(approvers(of: link, amendment, after: history))
    guard missing.isEmpty else {
      let names = missing.sorted().map(\.value).joined(separator: ", ")
      throw CharterProblem("Amendment \(amendment.number) of the charter lacks the approval of \(names).")
    }
    return next
  }

  private static func notAllowed(_ amendment: CharterAmendment) -> CharterProblem {
    CharterProblem("Amendment \(amendment.number) of the collaboration's charter changes what cannot be changed.")
  }

  /// Who has signed the very changes of the amendment, or has left. An approval counts once.
  private func approvers(
    of link: SignedAmendment, _ amendment: CharterAmendment, after history: CharterHistory
  ) -> Set<AccountID> {
    let proposal = link.proposal.flatMap { try? WireJSON.decode(CharterProposal.self, from: $0.payload) }
    let isMeant = proposal?.collaboration == amendment.collaboration && proposal?.changes == amendment.changes
    let isUsed = history.amendments.contains { $0.proposal?.payload == link.proposal?.payload }
    let hash = isMeant && !isUsed ? link.proposal.map(Self.hash) : nil
    return Set(link.approvals.compactMap { approver($0, of: hash, in: amendment.collaboration) })
  }

  /// The member whose signed agreement to a proposal, or whose signed departure, a document is.
  public func approver(
    _ document: SignedDocument, of proposal: String?, in collaboration: CollaborationID
  ) -> AccountID? {
    switch document.purpose {
    case .charterApproval:
      guard let approval = try? WireJSON.decode(CharterApproval.self, from: document.payload),
        approval.collaboration == collaboration, approval.proposal == proposal
      else { return nil }
      return signer(of: document, .charterApproval, at: approval.at)
    case .charterDeparture:
      guard let departure = try? WireJSON.decode(CharterDeparture.self, from: document.payload),
        departure.collaboration == collaboration,
        isSigned(document, .charterDeparture, by: departure.account, at: departure.at)
      else { return nil }
      return departure.account
    default: return nil
    }
  }

  public func isSigned(
    _ document: SignedDocument, _ purpose: SignedDocument.Purpose, by account: AccountID, at time: Timestamp
  ) -> Bool { signer(of: document, purpose, at: time) == account }

  private func signer(
    of document: SignedDocument, _ purpose: SignedDocument.Purpose, at time: Timestamp
  ) -> AccountID? {
    guard case .member(let account)? = try? trust.verify(document, purpose: purpose, at: time).role else { return nil }
    return account
  }
}
