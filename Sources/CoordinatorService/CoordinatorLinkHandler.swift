import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Logging
import Synchronization

/// Answers what members ask of the coordinator, under the identity of their certificates.
struct CoordinatorLinkHandler: LinkServerHandler {
  let api: CoordinatorAPI
  let secrets: SecretPassage
  let book: QueryBook
  let rendezvous: Rendezvous
  let logSender: LogSender
  let logger: Logger

  func memberConnected(_ peer: PeerIdentity, account: AccountID) async { logSender.wake(account) }

  func memberDisconnected(_ account: AccountID) async { rendezvous.memberGone(account) }

  func respond(to kind: String, payload: [UInt8], from account: AccountID) async -> LinkReply {
    do {
      return .success(try await answer(kind, payload, account))
    } catch let problem as SecretPassage.Problem {
      return .failure(problem.reason)
    } catch is DecodingError {
      return .failure("the coordinator could not read the request")
    } catch {
      logger.error(
        "request failed",
        metadata: ["kind": "\(kind)", "account": "\(account)", "type": "\(type(of: error))"])
      return .failure("the coordinator could not answer")
    }
  }

  private func answer(_ kind: String, _ payload: [UInt8], _ account: AccountID) async throws -> [UInt8] {
    switch kind {
    case MessageKind.call:
      return try WireJSON.encode(await api.perform(try decode(payload), from: account))
    case MessageKind.publishTable:
      return try WireJSON.encode(await api.publish(try decode(payload), from: account))
    case MessageKind.withdrawTable:
      return try WireJSON.encode(await api.withdraw(try decode(payload), from: account))
    case MessageKind.obtainSecret:
      let request: SecretRequest = try decode(payload)
      return try WireJSON.encode(try await secrets.obtain(request.collaboration, for: account))
    case MessageKind.charterHistory:
      return try WireJSON.encode(await api.charterHistory(try decode(payload), for: account))
    case MessageKind.queryOutcome:
      let notice: QueryNotice = try decode(payload)
      return try WireJSON.encode(QueryOutcome(status: try outcome(of: notice.query, for: account)))
    case MessageKind.releaseFailed:
      let failure: ReleaseFailure = try decode(payload)
      rendezvous.gathering(for: failure.query)?.fail(failure.table, of: account, reason: failure.reason)
      return []
    default:
      throw SecretPassage.Problem(reason: "This coordinator does not know the request.")
    }
  }

  private func decode<Message: Decodable>(_ payload: [UInt8]) throws -> Message {
    try WireJSON.decode(Message.self, from: payload)
  }

  /// Nil for queries that are none of the account's business. A committed query counts as the success it will
  /// be.
  private func outcome(of query: QueryID, for account: AccountID) throws -> ProtectedQueryStatus? {
    guard let record = try book.record(query),
      record.parties.contains(account) || record.request.runner == account
    else {
      return nil
    }
    return record.isCommitted ? .success : record.status
  }

  func serve(_ stream: LinkStream, kind: String, query: String, header: [UInt8], from account: AccountID)
    async
  {
    if kind == StreamKind.schema { return await api.sendSchema(of: query, to: account, over: stream) }
    if kind == StreamKind.clock { return await tellTime(over: stream) }
    switch (kind, QueryID(query)) {
    case (StreamKind.release, let id?):
      if let gathering = rendezvous.gathering(for: id),
        let header = try? WireJSON.decode(ReleaseHeader.self, from: header)
      {
        return await gathering.accept(stream, header: header, from: account)
      }
    case (StreamKind.collect, let id?):
      if let delivery = rendezvous.takeDelivery(for: id, to: account) {
        return await delivery.send(over: stream)
      }
    default: break
    }
    await stream.abort("no query waits for this data connection")
  }
}

extension CoordinatorLinkHandler {
  /// A member that went away meanwhile needs no answer.
  private func tellTime(over stream: LinkStream) async {
    guard let reading = try? WireJSON.encode(ClockReading(time: api.clock())) else { return }
    try? await stream.send(reading)
    try? await stream.finish()
  }
}

/// The link needs its handler and the handler's parts need the link: the handler is put in here before the
/// link starts.
final class LateHandler: LinkServerHandler {
  private let target = Mutex<CoordinatorLinkHandler?>(nil)

  func install(_ handler: CoordinatorLinkHandler) { target.withLock { $0 = handler } }

  private var handler: CoordinatorLinkHandler? { target.withLock { $0 } }

  func memberConnected(_ peer: PeerIdentity, account: AccountID) async {
    await handler?.memberConnected(peer, account: account)
  }

  func memberDisconnected(_ account: AccountID) async { await handler?.memberDisconnected(account) }

  func respond(to kind: String, payload: [UInt8], from account: AccountID) async -> LinkReply {
    await handler?.respond(to: kind, payload: payload, from: account)
      ?? .failure("the coordinator is starting")
  }

  func serve(_ stream: LinkStream, kind: String, query: String, header: [UInt8], from account: AccountID)
    async
  {
    await handler?.serve(stream, kind: kind, query: query, header: header, from: account)
  }
}
