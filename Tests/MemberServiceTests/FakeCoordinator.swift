import CleanRoomModel
import CleanRoomTransport
import CleanRoomWire
import Logging
import Synchronization
import Testing

@testable import MemberService

/// A coordinator that answers what a test tells it to, over a real link.
final class FakeCoordinator: LinkServerHandler {
  struct Heard: Sendable {
    var calls: [ForwardedCall] = []
    var published: [SignedDocument] = []
    var withdrawn: [TableWithdrawal] = []
    /// Released frames by table.
    var released: [String: [[UInt8]]] = [:]
    var headers: [ReleaseHeader] = []
  }

  private let heard = Mutex(Heard())
  /// Answers to forwarded operations, by name.
  private let answers = Mutex<[String: ForwardedReply]>([:])
  /// What a receiver that collects a result is sent.
  private let results = Mutex<[String: [[UInt8]]]>([:])

  var soFar: Heard { heard.withLock { $0 } }

  func answer(_ operation: String, with reply: ForwardedReply) { answers.withLock { $0[operation] = reply } }

  func offer(_ frames: [[UInt8]], for query: QueryID) { results.withLock { $0[query.value] = frames } }

  func memberConnected(_ peer: PeerIdentity, account: AccountID) async {}
  func memberDisconnected(_ account: AccountID) async {}

  func respond(to kind: String, payload: [UInt8], from account: AccountID) async -> LinkReply {
    do {
      switch kind {
      case MessageKind.call:
        let call = try WireJSON.decode(ForwardedCall.self, from: payload)
        heard.withLock { $0.calls.append(call) }
        let reply = answers.withLock { $0[call.operation] } ?? ForwardedReply(output: "{}")
        return .success(try WireJSON.encode(reply))
      case MessageKind.publishTable:
        let table = try WireJSON.decode(SignedDocument.self, from: payload)
        heard.withLock { $0.published.append(table) }
      case MessageKind.withdrawTable:
        let withdrawal = try WireJSON.decode(TableWithdrawal.self, from: payload)
        heard.withLock { $0.withdrawn.append(withdrawal) }
      case MessageKind.charterHistory: break
      default: return .failure("unknown")
      }
      return .success(try WireJSON.encode(ForwardedReply(output: "{}")))
    } catch {
      return .failure("malformed")
    }
  }

  func serve(_ stream: LinkStream, kind: String, query: String, header: [UInt8], from account: AccountID)
    async
  {
    do {
      if kind == StreamKind.release {
        let header = try WireJSON.decode(ReleaseHeader.self, from: header)
        var frames: [[UInt8]] = []
        while let frame = try await stream.receive() { frames.append(frame) }
        let complete = frames
        heard.withLock {
          $0.headers.append(header)
          $0.released[header.table] = complete
        }
      } else {
        for frame in results.withLock({ $0[query] }) ?? [] { try await stream.send(frame) }
        try await stream.finish()
      }
    } catch {
      await stream.abort("the test ended")
    }
  }
}

/// A fake coordinator and a member daemon that talk to each other for as long as `body` runs.
func withConversation(
  _ body: (TestDaemon, FakeCoordinator, LinkServer) async throws -> Void
) async throws {
  let consortium = try TestConsortium()
  let fake = FakeCoordinator()
  let logger = Logger(label: "test") { _ in SwiftLogNoOpLogHandler() }
  let server = LinkServer(
    host: "127.0.0.1", port: 0, identity: try consortium.coordinator(), handler: fake, logger: logger,
    clock: MemberAssembly.clock)
  let port = try await server.start()
  let daemon = try TestDaemon(consortium, coordinator: "localhost:\(port)")
  try await withThrowingTaskGroup(of: Void.self) { group in
    group.addTask { await server.run() }
    let parts = daemon.parts
    group.addTask { await parts.link.run(parts.linkHandler) }
    group.addTask { await parts.releases.run() }
    let isUp = await daemon.parts.link.waitUntilUp(timeout: .seconds(60))
    try #require(isUp)
    try await body(daemon, fake, server)
    server.stop()
    group.cancelAll()
  }
}
