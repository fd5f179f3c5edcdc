import CleanRoomModel
import CleanRoomWire
import Crypto
import Foundation
import Logging
import NIOCore
import Synchronization
import X509

@testable import CleanRoomTransport

/// The coordinator's side of a test: remembers what happens and answers as it is told.
final class ServerHandler: LinkServerHandler {
  typealias Serve =
    @Sendable (LinkStream, _ kind: String, _ query: String, _ header: [UInt8], AccountID) async -> Void
  typealias Respond = @Sendable (_ kind: String, _ payload: [UInt8], AccountID) async -> LinkReply

  let events = Mutex<[String]>([])
  private let onRequest: Respond
  private let onStream: Serve

  init(
    respond: @escaping Respond = { kind, payload, _ in kind == "fail" ? .failure("no") : .success(payload) },
    serve: @escaping Serve = { _, _, _, _, _ in }
  ) {
    onRequest = respond
    onStream = serve
  }

  func memberConnected(_ peer: PeerIdentity, account: AccountID) async {
    events.withLock { $0.append("connected \(account) \(peer.account == account)") }
  }

  func memberDisconnected(_ account: AccountID) async {
    events.withLock { $0.append("disconnected \(account)") }
  }

  func respond(to kind: String, payload: [UInt8], from account: AccountID) async -> LinkReply {
    await onRequest(kind, payload, account)
  }

  func serve(_ stream: LinkStream, kind: String, query: String, header: [UInt8], from account: AccountID)
    async
  {
    await onStream(stream, kind, query, header, account)
    events.withLock { $0.append("served \(kind)") }
  }
}

final class ClientHandler: LinkClientHandler {
  let events = Mutex<[String]>([])

  func linkUp() async { events.withLock { $0.append("up") } }
  func linkDown(reason: String) async { events.withLock { $0.append("down: \(reason)") } }

  func respond(to kind: String, payload: [UInt8]) async -> LinkReply {
    kind == "fail" ? .failure("not here") : .success(payload + [0])
  }

  func has(_ words: String) -> Bool { events.withLock { $0.contains { $0.contains(words) } } }
}

/// A coordinator and its members on loopback, for the time of one test.
struct LinkFixture {
  let consortium: Consortium
  let server: LinkServer
  let handler: ServerHandler
  let port: Int

  func client(_ name: String = "acme", settings: LinkSettings = .quick) throws -> LinkClient {
    client(try consortium.identity(name, at: Date()), settings: settings)
  }

  func client(_ identity: DaemonIdentity, settings: LinkSettings = .quick) -> LinkClient {
    LinkClient(
      host: "127.0.0.1", port: port, identity: identity, logger: quietLogger(), settings: settings,
      clock: wallClock)
  }

  /// An identity that the consortium's authority issued, but not as it should have.
  func identity(
    _ role: PeerRole, authority: CertificateAuthority? = nil, from: Date = Date().addingTimeInterval(-300),
    until: Date = Date().addingTimeInterval(3600)
  ) throws -> DaemonIdentity {
    let issuer = try authority ?? consortium.authority()
    let key = P256.Signing.PrivateKey()
    let issued = try issuer.issue(role, name: "x", publicKey: key.publicKey, notBefore: from, notAfter: until)
    return DaemonIdentity(
      role: role, certificateDER: try issued.derBytes(),
      trust: TrustStore(authority: try consortium.authority().certificate, revocations: nil), key: key)
  }
}

func withLink(
  _ handler: ServerHandler = ServerHandler(), settings: LinkSettings = .quick,
  prepare: (Consortium) throws -> Void = { _ in }, as name: String = "coordinator",
  _ body: @Sendable (LinkFixture) async throws -> Void
) async throws {
  let consortium = try Consortium(at: Date())
  try prepare(consortium)
  let server = LinkServer(
    host: "127.0.0.1", port: 0, identity: try consortium.identity(name, at: Date()), handler: handler,
    logger: quietLogger(), settings: settings, clock: wallClock)
  let port = try await server.start()
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { await server.run() }
    defer { group.cancelAll() }
    try await body(LinkFixture(consortium: consortium, server: server, handler: handler, port: port))
  }
}

/// Runs a client's connection for the time of `body`.
func running(
  _ client: LinkClient, _ handler: ClientHandler = ClientHandler(),
  _ body: @Sendable (ClientHandler) async throws -> Void
) async throws {
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { await client.run(handler) }
    defer { group.cancelAll() }
    try await body(handler)
  }
}

/// The error of a link's call, or nil.
func linkError(_ body: () async throws(LinkError) -> Void) async -> LinkError? {
  do {
    try await body()
    return nil
  } catch {
    return error
  }
}
