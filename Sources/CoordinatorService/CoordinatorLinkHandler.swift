import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Logging
import Synchronization

/// Answers what members ask, and finds the query that a data connection belongs to.
struct CoordinatorLinkHandler: LinkServerHandler {
  struct Unknown: Error {}

  let api: CoordinatorAPI
  let tables: TablePublication
  let secrets: SecretPassage
  let rendezvous: Rendezvous
  let log: AnalysisLog
  let logger: Logger

  func memberConnected(_ peer: PeerIdentity, account: AccountID) async { log.send(to: account) }

  func memberDisconnected(_ account: AccountID) async { rendezvous.memberGone(account) }

  func respond(to kind: String, payload: [UInt8], from account: AccountID) async -> LinkReply {
    do {
      return .success(try await answer(kind, payload, account))
    } catch let problem as SecretPassage.Problem {
      return .failure(problem.reason)
    } catch {
      logger.warning("request not understood", metadata: ["kind": "\(kind.prefix(40))", "account": "\(account)"])
      return .failure("The coordinator does not understand the request.")
    }
  }

  private func answer(_ kind: String, _ payload: [UInt8], _ account: AccountID) async throws -> [UInt8] {
    switch kind {
    case MessageKind.call:
      let call = try WireJSON.decode(ForwardedCall.self, from: payload)
      return try WireJSON.encode(await api.perform(call, from: account))
    case MessageKind.publishTable:
      let document = try WireJSON.decode(SignedDocument.self, from: payload)
      return try WireJSON.encode(tables.publish(document, from: account))
    case MessageKind.withdrawTable:
      let withdrawal = try WireJSON.decode(TableWithdrawal.self, from: payload)
      return try WireJSON.encode(tables.withdraw(withdrawal, from: account))
    case MessageKind.obtainSecret:
      let request = try WireJSON.decode(SecretRequest.self, from: payload)
      return try WireJSON.encode(try await secrets.obtain(request, for: account))
    case MessageKind.queryOutcome:
      let notice = try WireJSON.decode(QueryNotice.self, from: payload)
      return try WireJSON.encode(QueryOutcome(status: try outcome(of: notice.query, for: account)))
    case MessageKind.releaseFailed:
      let failure = try WireJSON.decode(ReleaseFailure.self, from: payload)
      rendezvous.gathering(for: failure.query)?.fail(failure.table, of: account, reason: failure.reason)
      return []
    default: throw Unknown()
    }
  }

  /// Only parties of a query learn how it stands.
  private func outcome(of query: QueryID, for account: AccountID) throws -> ProtectedQueryStatus? {
    guard let record = try api.book.record(query),
      record.request.runner == account || record.request.receivers.contains(account)
    else { return nil }
    // From the commit on a query can only succeed, whatever its status says yet.
    return record.isCommitted ? .success : record.status
  }

  func serve(_ stream: LinkStream, kind: String, query: String, header: [UInt8], from account: AccountID) async {
    switch kind {
    case StreamKind.release:
      guard let gathering = QueryID(query).flatMap({ rendezvous.gathering(for: $0) }),
        let header = try? WireJSON.decode(ReleaseHeader.self, from: header)
      else { return await stream.abort("no query waits for this release") }
      await gathering.accept(stream, header: header, from: account)
    case StreamKind.collect:
      guard let delivery = QueryID(query).flatMap({ rendezvous.takeDelivery(for: $0, to: account) }) else {
        return await stream.abort("no result waits for this member")
      }
      await delivery.send(over: stream)
    default: await stream.abort("unknown kind of data connection")
    }
  }
}

/// Stands in for a handler whose parts need the server that it is made for.
final class DeferredHandler: LinkServerHandler {
  private let handler = Mutex<CoordinatorLinkHandler?>(nil)

  /// Before the server starts.
  func set(_ handler: CoordinatorLinkHandler) { self.handler.withLock { $0 = handler } }

  private var current: CoordinatorLinkHandler? { handler.withLock { $0 } }

  func memberConnected(_ peer: PeerIdentity, account: AccountID) async {
    await current?.memberConnected(peer, account: account)
  }

  func memberDisconnected(_ account: AccountID) async { await current?.memberDisconnected(account) }

  func respond(to kind: String, payload: [UInt8], from account: AccountID) async -> LinkReply {
    await current?.respond(to: kind, payload: payload, from: account) ?? .failure("the coordinator is starting")
  }

  func serve(_ stream: LinkStream, kind: String, query: String, header: [UInt8], from account: AccountID) async {
    await current?.serve(stream, kind: kind, query: query, header: header, from: account)
  }
}
